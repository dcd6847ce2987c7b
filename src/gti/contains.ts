import type { Gti } from "./gti.ts";

/** Index of the interval that contains a time, or -1. Both ends belong to an interval. Bisection. */
export function intervalOf(gti: Gti, timeSec: number): number {
  let low = 0;
  let high = gti.startSec.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((gti.startSec[middle] as number) <= timeSec) low = middle + 1;
    else high = middle;
  }
  return low > 0 && timeSec <= (gti.stopSec[low - 1] as number) ? low - 1 : -1;
}

/** Whether a time is good. */
export function containsTime(gti: Gti, timeSec: number): boolean {
  return intervalOf(gti, timeSec) >= 0;
}

/**
 * Which of many times are good: 1 where they are.
 *
 * Ascending times take one pass over times and intervals; others cost a bisection where the order breaks.
 */
export function containsTimes(gti: Gti, timeSec: Float64Array): Uint8Array {
  const { startSec, stopSec } = gti;
  const out = new Uint8Array(timeSec.length);
  let interval = 0;
  let before = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < timeSec.length; i++) {
    const time = timeSec[i] as number;
    if (time < before) interval = firstStopAfter(gti, time);
    while (interval < stopSec.length && (stopSec[interval] as number) < time) interval++;
    out[i] = interval < startSec.length && (startSec[interval] as number) <= time ? 1 : 0;
    before = time;
  }
  return out;
}

/** First interval that stops at or after a time. */
function firstStopAfter(gti: Gti, timeSec: number): number {
  let low = 0;
  let high = gti.stopSec.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((gti.stopSec[middle] as number) < timeSec) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Good time in each bin, s.
 *
 * @param edgesSec Bin edges, ascending, one more than bins.
 */
export function exposurePerBin(gti: Gti, edgesSec: Float64Array): Float64Array {
  const out = new Float64Array(Math.max(edgesSec.length - 1, 0));
  for (let bin = 0, first = 0; bin < out.length; bin++) {
    const low = edgesSec[bin] as number;
    const high = edgesSec[bin + 1] as number;
    while (first < gti.stopSec.length && (gti.stopSec[first] as number) <= low) first++;
    for (let i = first; i < gti.startSec.length && (gti.startSec[i] as number) < high; i++) {
      const overlap = Math.min(high, gti.stopSec[i] as number) - Math.max(low, gti.startSec[i] as number);
      out[bin] = (out[bin] as number) + overlap;
    }
  }
  return out;
}
