import type { Gti } from "./gti.ts";

/**
 * Good time that has passed before given times, s: a clock that stands still in the gaps.
 *
 * @param timeSec Ascending, s of mission time; outside the good time the clock shows the nearest good moment.
 */
export function goodTimeBefore(gti: Gti, timeSec: ArrayLike<number>): Float64Array {
  const { startSec, stopSec } = gti;
  const out = new Float64Array(timeSec.length);
  let passed = 0;
  for (let i = 0, interval = 0; i < out.length; i++) {
    const time = timeSec[i] as number;
    while (interval < stopSec.length && (stopSec[interval] as number) < time) {
      passed += (stopSec[interval] as number) - (startSec[interval] as number);
      interval++;
    }
    out[i] = interval < startSec.length ? passed + Math.max(0, time - (startSec[interval] as number)) : passed;
  }
  return out;
}

/**
 * Mission times at which so much good time has passed: the inverse of `goodTimeBefore`.
 *
 * Where it is at a gap, the end of the interval before is given; with `late`, the start of the next.
 *
 * @param goodSec Ascending, s.
 */
export function timeAfterGood(gti: Gti, goodSec: ArrayLike<number>, options: { late?: boolean } = {}): Float64Array {
  const { startSec, stopSec } = gti;
  const out = new Float64Array(goodSec.length);
  const last = startSec.length - 1;
  let passed = 0;
  for (let i = 0, interval = 0; i < out.length; i++) {
    const wanted = goodSec[i] as number;
    for (; interval < last; interval++) {
      const length = (stopSec[interval] as number) - (startSec[interval] as number);
      if (options.late ? passed + length > wanted : passed + length >= wanted) break;
      passed += length;
    }
    const time = (startSec[interval] as number) + (wanted - passed);
    out[i] = Math.min(time, stopSec[interval] as number);
  }
  return out;
}
