import { timeAfterGood } from "../gti/index.ts";
import type { PreparedRecord } from "./population.ts";

/** Times within the good time, each with the exposure it stands for, decoder units. */
export interface ExposureNodes {
  readonly time: Float64Array;
  readonly weight: Float64Array;
  /** Exposure before each. */
  readonly before: Float64Array;
}

/**
 * Nodes of an integral over a source's good time: half of them evenly over the exposure, half where the photons are,
 * so that a burst of seconds in a day is seen. Weights are the trapezoid's, and add up to the exposure.
 *
 * @param count Nodes in all, at most; a source of few photons needs fewer.
 */
export function exposureNodes(record: PreparedRecord, count: number): ExposureNodes {
  const { live, before, low: startSec, high: stopSec } = record;
  const even = Math.ceil(count / 2);
  const taken = Math.min(before.length, count - even);
  const places = [
    ...Array.from({ length: even }, (_, i) => (live * (i + 0.5)) / even),
    ...Array.from({ length: taken }, (_, i) => before[Math.floor(((i + 0.5) * before.length) / taken)]!),
  ];
  const at = Float64Array.from(new Set(places)).sort();
  const weight = at.map((value, i) => {
    const low = i === 0 ? 0 : 0.5 * (at[i - 1]! + value);
    const high = i === at.length - 1 ? live : 0.5 * (value + at[i + 1]!);
    return high - low;
  });
  // The clock of good time counts in whatever unit its intervals are.
  return { time: timeAfterGood({ startSec, stopSec }, at), weight, before: at };
}
