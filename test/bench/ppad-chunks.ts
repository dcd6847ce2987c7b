import { type PhotonRecord, publishedChunks } from "../../src/ppad/index.ts";
import { simulateSky } from "../../src/sky/index.ts";
import { skyPhotons } from "./sky-rates.ts";

/** Seconds per unit of the published decoder's time. */
const UNIT_SEC = 28_800;

/** Chunks of a simulated sky, prepared as published. */
function skyChunks(seed: number, nSources: number, count: number): PhotonRecord[] {
  const sky = simulateSky({ seed, nSources });
  const population = sky.sources.map((_, index) => skyPhotons(sky, index));
  return publishedChunks(population, { seed }).records.slice(0, count);
}

/** 192 chunks to train on. */
export const trainingChunks = () => skyChunks(3, 400, 192);
/** 24 chunks of other sources, for the validation likelihood. */
export const validationChunks = () => skyChunks(5, 100, 24);
/** 64 chunks of still other sources, to embed. */
export const newChunks = () => skyChunks(77, 200, 64);

/** Photons as test/peers/ppad_peer.py reads them: times in the decoder's unit, published bands. */
export function peerSources(records: readonly PhotonRecord[]) {
  return records.map(({ timeSec, energyKeV, gti }) => ({
    times: Array.from(timeSec, (time) => (time - gti.startSec[0]!) / UNIT_SEC),
    bands: Array.from(energyKeV, (energy) => (energy < 1.2 ? 0 : energy < 2 ? 1 : 2)),
  }));
}
