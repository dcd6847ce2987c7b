import type { FrequencyGrid } from "../linalg/index.ts";

/** Which frequencies are searched. */
export interface FrequencyOptions {
  /** Lowest frequency, Hz. Default: one step. */
  readonly minHz?: number;
  /** Highest frequency, Hz. Each method says its default. */
  readonly maxHz?: number;
  /** Steps per 1/span, the width of a peak. Default 5. */
  readonly oversample?: number;
}

const MAX_FREQUENCIES = 2 ** 24;

/**
 * An even grid of frequencies.
 *
 * @throws {RangeError} If the limits are not ascending and positive, or give more than 2²⁴ frequencies.
 */
export function frequencyGrid(spanSec: number, options: FrequencyOptions & { maxHz: number }): FrequencyGrid {
  const { oversample = 5, maxHz } = options;
  const step = 1 / (spanSec * oversample);
  const first = options.minHz ?? step;
  if (!(first > 0 && maxHz >= first && step > 0 && Number.isFinite(step))) {
    throw new RangeError(
      `Cannot search for periods: minHz and maxHz must be positive and ascending, oversample and the time span above 0: current values are ${first} and ${maxHz} Hz, ${oversample} and ${spanSec} s`,
    );
  }
  const count = Math.floor((maxHz - first) / step + 1e-9) + 1;
  if (count > MAX_FREQUENCIES) {
    throw new RangeError(
      `Cannot search for periods: at most ${MAX_FREQUENCIES} frequencies are allowed: current limits give ${count}`,
    );
  }
  return { first, step, count };
}

/** The frequencies of a grid, Hz. */
export function frequenciesOf({ first, step, count }: FrequencyGrid): Float64Array {
  return Float64Array.from({ length: count }, (_, k) => first + k * step);
}

/** Index of the largest value. */
export function peakOf(values: Float64Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] as number) > (values[best] as number)) best = i;
  return best;
}
