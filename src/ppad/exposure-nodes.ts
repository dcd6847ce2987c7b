import type { PreparedRecord } from "./population.ts";

/** Times within the good time, each with the exposure it stands for, decoder units. */
export interface ExposureNodes {
  readonly time: Float64Array;
  readonly weight: Float64Array;
  /** Exposure before each. */
  readonly before: Float64Array;
}

/** Times at which the exposure reaches ascending values. */
function timesAt(record: PreparedRecord, live: Float64Array): Float64Array {
  let interval = 0;
  let before = 0;
  const width = () => record.high[interval]! - record.low[interval]!;
  return live.map((value) => {
    for (; value > before + width() && interval < record.low.length - 1; interval++) before += width();
    return record.low[interval]! + Math.min(width(), value - before);
  });
}

/**
 * Nodes of an integral over a source's good time: half of them evenly over the exposure, half where the photons are,
 * so that a burst of seconds in a day is seen. Weights are the trapezoid's, and add up to the exposure.
 *
 * @param count Nodes in all, at most; a source of few photons needs fewer.
 */
export function exposureNodes(record: PreparedRecord, count: number): ExposureNodes {
  const { live, before } = record;
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
  return { time: timesAt(record, at), weight, before: at };
}
