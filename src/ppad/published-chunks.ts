import { Rng } from "../random/index.ts";
import type { PhotonRecord } from "./population.ts";

/** Length of a chunk, seconds. */
const CHUNK_SEC = 28_800;
/** Lengths of observations that are kept, first to last event: above the first, up to the second, seconds. */
const LENGTH_SEC = [28_800, 200_000] as const;
/** Numbers of events in band of observations that are kept. */
const EVENTS = [10, 10_000] as const;
/** A chunk is kept with more events than this. */
const CHUNK_EVENTS = 10;
/** Energies that are kept, both ends included. */
const BAND_KEV = [0.5, 7] as const;

/** Chunks of a population, each a record of its own. */
export interface PublishedChunks {
  readonly records: PhotonRecord[];
  /** Place in the population of the source that each chunk is of: split by this, never by chunk. */
  readonly source: Int32Array;
}

function chunkRecord(name: string, events: readonly number[], record: PhotonRecord, shiftSec: number): PhotonRecord {
  const first = record.timeSec[events[0]];
  const startSec = first - shiftSec;
  const kept = events.filter((event) => record.timeSec[event] <= startSec + CHUNK_SEC);
  return {
    name,
    timeSec: Float64Array.from(kept, (event) => record.timeSec[event]),
    energyKeV: Float32Array.from(kept, (event) => record.energyKeV[event]),
    gti: { startSec: Float64Array.of(startSec), stopSec: Float64Array.of(startSec + CHUNK_SEC) },
  };
}

function chunksOf(record: PhotonRecord, name: string, rng: Rng): PhotonRecord[] {
  const { timeSec, energyKeV } = record;
  const inBand = [...timeSec.keys()].filter((i) => energyKeV[i] >= BAND_KEV[0] && energyKeV[i] <= BAND_KEV[1]);
  if (inBand.length < EVENTS[0] || inBand.length > EVENTS[1]) return [];
  const last = timeSec[inBand[inBand.length - 1]];
  const length = last - timeSec[inBand[0]];
  if (!(length > LENGTH_SEC[0] && length <= LENGTH_SEC[1])) return [];
  const chunks: PhotonRecord[] = [];
  for (let from = 0; from < inBand.length && last >= timeSec[inBand[from]] + CHUNK_SEC; ) {
    const end = timeSec[inBand[from]] + CHUNK_SEC;
    let to = from;
    while (to < inBand.length && timeSec[inBand[to]] < end) to++;
    if (to - from > CHUNK_EVENTS) {
      const shift = rng.uniform() * (timeSec[inBand[from + 1]] - timeSec[inBand[from]]);
      chunks.push(chunkRecord(`${name}, chunk ${chunks.length}`, inBand.slice(from, to), record, shift));
    }
    from = to;
  }
  return chunks;
}

/**
 * The preprocessing of the publication: photons of 0.5–7 keV; observations of 28.8–200 ks from first to last event
 * with 10–10,000 of them; chunks of 28.8 ks, each beginning at the next event, the last incomplete one dropped; chunks
 * of more than 10 events; each shifted by a random part of the gap between its first two events, with what then lies
 * beyond 28.8 ks dropped. Good time intervals play no part in it. Use with `ppadPublished`.
 *
 * @param population One record per observation.
 * @param options.seed Seed of the shifts. Default 0.
 * @see Song et al. 2025, arXiv:2502.01627.
 */
export function publishedChunks(population: readonly PhotonRecord[], options: { seed?: number } = {}): PublishedChunks {
  const rng = new Rng(options.seed ?? 0, 11);
  const records: PhotonRecord[] = [];
  const source: number[] = [];
  for (const [index, record] of population.entries()) {
    for (const chunk of chunksOf(record, record.name ?? `source ${index}`, rng)) {
      records.push(chunk);
      source.push(index);
    }
  }
  return { records, source: Int32Array.from(source) };
}
