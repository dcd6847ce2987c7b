import type { Gti } from "../gti/index.ts";
import { chiSquareTail } from "./special.ts";

/**
 * Good time in each phase bin, s.
 *
 * @param options.originSec Mission time of phase 0.
 */
export function foldExposure(
  gti: Gti,
  frequencyHz: number,
  { bins, originSec }: { bins: number; originSec: number },
): Float64Array {
  const turns = new Float64Array(bins);
  for (let i = 0; i < gti.startSec.length; i++) {
    const from = ((gti.startSec[i] as number) - originSec) * frequencyHz;
    const to = ((gti.stopSec[i] as number) - originSec) * frequencyHz;
    const whole = Math.floor(to - from);
    if (whole > 0) for (let bin = 0; bin < bins; bin++) turns[bin] = (turns[bin] as number) + whole / bins;
    // What is left is less than a turn, and may pass phase 1
    const start = from - Math.floor(from);
    addTurns(turns, start, Math.min(1, start + to - from - whole));
    addTurns(turns, 0, start + to - from - whole - 1);
  }
  return turns.map((value) => value / frequencyHz);
}

/** Adds the phases between two, both 0–1, to the bins. */
function addTurns(turns: Float64Array, from: number, to: number): void {
  const bins = turns.length;
  for (let bin = Math.floor(from * bins); bin < bins && bin < to * bins; bin++) {
    const part = Math.min(to, (bin + 1) / bins) - Math.max(from, bin / bins);
    turns[bin] = (turns[bin] as number) + Math.max(0, part);
  }
}

/** Photons per phase bin. @param sinceSec Times since phase 0. */
export function foldCounts(sinceSec: Float64Array, frequencyHz: number, bins: number): Float64Array {
  const counts = new Float64Array(bins);
  for (let i = 0; i < sinceSec.length; i++) {
    const turns = (sinceSec[i] as number) * frequencyHz;
    const bin = Math.min(bins - 1, Math.floor((turns - Math.floor(turns)) * bins));
    counts[bin] = (counts[bin] as number) + 1;
  }
  return counts;
}

/** χ² of folded counts against a constant rate. Bins without exposure do not count. */
export function foldStatistic(sinceSec: Float64Array, frequencyHz: number, exposureSec: Float64Array): number {
  const counts = foldCounts(sinceSec, frequencyHz, exposureSec.length);
  const perSec = sinceSec.length / exposureSec.reduce((a, b) => a + b, 0);
  let sum = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    const expected = perSec * (exposureSec[bin] as number);
    if (expected > 0) sum += ((counts[bin] as number) - expected) ** 2 / expected;
  }
  return sum;
}

/** Chance of so large a χ² or larger, with bins − 1 degrees of freedom. */
export function chanceOfFold(value: number, bins: number): number {
  return bins > 1 ? chiSquareTail(value, bins - 1) : 1;
}
