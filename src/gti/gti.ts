/**
 * Good time intervals: ascending and disjoint, both ends included.
 *
 * Closed ends lose no photon that arrives exactly at a start or stop. Make one with `makeGti`, which sorts and merges.
 */
export interface Gti {
  /** Starts, s of mission time, ascending. */
  readonly startSec: Float64Array;
  /** Stops, s of mission time; `stopSec[i] < startSec[i + 1]`. */
  readonly stopSec: Float64Array;
}

/**
 * Makes good time intervals from starts and stops in any order; overlapping and touching ones are merged.
 *
 * Intervals whose stop is at or before their start (archives have them) contain no time and are left out.
 *
 * @throws {RangeError} If the lengths differ or a time is not finite.
 */
export function makeGti(startSec: ArrayLike<number>, stopSec: ArrayLike<number>): Gti {
  if (startSec.length !== stopSec.length) {
    throw new RangeError(
      `Cannot make good time intervals: starts and stops must be equally many: current numbers are ${startSec.length} and ${stopSec.length}`,
    );
  }
  const order = Array.from({ length: startSec.length }, (_, i) => i)
    .filter((i) => (stopSec[i] as number) > checkFinite(startSec[i] as number, stopSec[i] as number))
    .sort((a, b) => (startSec[a] as number) - (startSec[b] as number));
  const starts: number[] = [];
  const stops: number[] = [];
  for (const i of order) {
    const last = stops.length - 1;
    const start = startSec[i] as number;
    const stop = stopSec[i] as number;
    if (last >= 0 && start <= (stops[last] as number)) stops[last] = Math.max(stops[last] as number, stop);
    else {
      starts.push(start);
      stops.push(stop);
    }
  }
  return { startSec: Float64Array.from(starts), stopSec: Float64Array.from(stops) };
}

function checkFinite(start: number, stop: number): number {
  if (Number.isFinite(start) && Number.isFinite(stop)) return start;
  throw new RangeError(
    `Cannot make good time intervals: starts and stops must be finite: current interval is ${start} to ${stop}`,
  );
}

/** Total length, s. */
export function exposureSec(gti: Gti): number {
  let sum = 0;
  for (let i = 0; i < gti.startSec.length; i++) sum += (gti.stopSec[i] as number) - (gti.startSec[i] as number);
  return sum;
}

/** Time that is good in any of the given. */
export function unionGti(...gtis: readonly Gti[]): Gti {
  return makeGti(
    gtis.flatMap((gti) => Array.from(gti.startSec)),
    gtis.flatMap((gti) => Array.from(gti.stopSec)),
  );
}

/** Time that is good in both; intervals that only touch have no time in common. */
export function intersectGti(a: Gti, b: Gti): Gti {
  const starts: number[] = [];
  const stops: number[] = [];
  for (let i = 0, j = 0; i < a.startSec.length && j < b.startSec.length; ) {
    const start = Math.max(a.startSec[i] as number, b.startSec[j] as number);
    const stop = Math.min(a.stopSec[i] as number, b.stopSec[j] as number);
    if (start < stop) {
      starts.push(start);
      stops.push(stop);
    }
    if ((a.stopSec[i] as number) < (b.stopSec[j] as number)) i++;
    else j++;
  }
  return { startSec: Float64Array.from(starts), stopSec: Float64Array.from(stops) };
}

/** The part between two times. */
export function clipGti(gti: Gti, startSec: number, stopSec: number): Gti {
  return intersectGti(gti, makeGti([startSec], [stopSec]));
}

/** The gaps between two times: what is not good there. */
export function gapsOfGti(gti: Gti, startSec: number, stopSec: number): Gti {
  const inside = clipGti(gti, startSec, stopSec);
  return makeGti([startSec, ...inside.stopSec], [...inside.startSec, stopSec]);
}
