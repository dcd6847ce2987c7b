import type { Gti } from "../gti/index.ts";
import type { Rng } from "../random/index.ts";
import { FRAME_TIME_SEC } from "./instrument.ts";

/** One simulated observation: a pointing, an epoch and its good time. */
export interface SkyField {
  readonly obsId: number;
  readonly raNomDeg: number;
  readonly decNomDeg: number;
  readonly rollDeg: number;
  /** Mission time of the first good frame's start, seconds since MJD 50814 (TT); event times count from here. */
  readonly originSec: number;
  /** Start and stop of the observation, mission seconds; a little outside the good time, as in real files. */
  readonly tStartSec: number;
  readonly tStopSec: number;
  /** Good time, seconds after `originSec`, on frame boundaries. */
  readonly gti: Gti;
  /** Sum of the good time, seconds. */
  readonly onTimeSec: number;
  /** Epoch, e.g. 2015.3. */
  readonly year: number;
}

/** Mission time counts from this day. */
export const MJD_REF = 50814;
const SEC_PER_YEAR = 365.25 * 86400;

/** Draws observations: 10–100 ks long, log-uniform, anywhere on the sky and from 2001 to 2024. */
export function drawFields(numFields: number, rng: Rng): SkyField[] {
  const fields = Array.from({ length: numFields }, (_, index) => drawField(90001 + index, rng));
  return fields;
}

function drawField(obsId: number, rng: Rng): SkyField {
  const frames = Math.round(logUniform(rng, 10e3, 100e3) / FRAME_TIME_SEC);
  const gti = drawGti(frames, rng);
  const year = 2001 + 23 * rng.uniform();
  const originSec = Math.round((year - 1998) * SEC_PER_YEAR) + rng.uniform();
  const before = Math.round(16 + 300 * rng.uniform()) * FRAME_TIME_SEC;
  return {
    obsId,
    raNomDeg: 360 * rng.uniform(),
    decNomDeg: (Math.asin(2 * rng.uniform() - 1) * 180) / Math.PI,
    rollDeg: 360 * rng.uniform(),
    originSec,
    tStartSec: originSec - before,
    tStopSec: originSec + frames * FRAME_TIME_SEC + 600 * rng.uniform(),
    gti,
    onTimeSec: gti.startSec.reduce((sum, start, i) => sum + gti.stopSec[i]! - start, 0),
    year,
  };
}

/** Good time of so many frames: whole in 60 % of the observations, else with one to three gaps of 50–3000 s. */
function drawGti(frames: number, rng: Rng): Gti {
  const numGaps = rng.uniform() < 0.6 ? 0 : 1 + rng.integer(3);
  const lost = Array.from({ length: numGaps }, () => {
    const length = Math.round(logUniform(rng, 50, 3000) / FRAME_TIME_SEC);
    const start = Math.round(frames * (0.05 + 0.9 * rng.uniform()));
    return [start, Math.min(frames - 1, start + length)] as const;
  }).sort(([a], [b]) => a - b);
  const starts = [0];
  const stops: number[] = [];
  for (const [start, stop] of lost) {
    const last = starts.length - 1;
    if (start <= starts[last]!) starts[last] = Math.max(starts[last]!, stop);
    else {
      stops.push(start);
      starts.push(stop);
    }
  }
  stops.push(frames);
  const toSec = (edges: number[]) => Float64Array.from(edges, (edge) => edge * FRAME_TIME_SEC);
  return { startSec: toSec(starts), stopSec: toSec(stops) };
}

/** Uniform in the logarithm, between two positive numbers. */
export function logUniform(rng: Rng, low: number, high: number): number {
  return low * (high / low) ** rng.uniform();
}

/** Uniform between two numbers. */
export function uniform(rng: Rng, low: number, high: number): number {
  return low + (high - low) * rng.uniform();
}
