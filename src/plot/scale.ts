import { linearTicks, logTicks, type Ticks } from "./ticks.ts";

export type ScaleKind = "linear" | "log";

/** Maps data to positions and back. */
export interface Scale {
  readonly kind: ScaleKind;
  readonly domain: readonly [number, number];
  readonly range: readonly [number, number];
  /** Position of a value; values at or below zero have no place on a log scale and give NaN. */
  at(value: number): number;
  /** Value at a position. */
  invert(position: number): number;
  ticks(count?: number): Ticks;
}

/**
 * A linear or logarithmic scale.
 *
 * @param options.kind Default "linear".
 * @param options.domain Values at the two ends; a log domain must be positive.
 * @param options.range Positions of the two ends.
 */
export function createScale(options: {
  kind?: ScaleKind;
  domain: readonly [number, number];
  range: readonly [number, number];
}): Scale {
  const { kind = "linear", domain, range } = options;
  if (kind === "log" && !(domain[0] > 0 && domain[1] > 0)) {
    throw new RangeError(`Cannot make a log scale: domain must be positive: current value is ${domain.join(" to ")}`);
  }
  const forward = kind === "log" ? Math.log10 : (value: number) => value;
  const backward = kind === "log" ? (value: number) => 10 ** value : (value: number) => value;
  const [low, high] = [forward(domain[0]), forward(domain[1])];
  const slope = high === low ? 0 : (range[1] - range[0]) / (high - low);
  return {
    kind,
    domain,
    range,
    at: (value) => (kind === "log" && value <= 0 ? Number.NaN : range[0] + (forward(value) - low) * slope),
    invert: (position) => backward(slope === 0 ? low : low + (position - range[0]) / slope),
    ticks: (count = 6) => {
      const [first, last] = domain[0] <= domain[1] ? domain : [domain[1], domain[0]];
      return kind === "log" ? logTicks(first, last, { count }) : linearTicks(first, last, { count });
    },
  };
}

/**
 * The interval that holds all finite values of some arrays, widened a little so that nothing sits on the frame.
 *
 * @param options.kind On "log", values at or below zero are left out. Default "linear".
 * @param options.pad Part of the extent added at each end. Default 0.04.
 * @param options.include Values that must be inside. Default none.
 */
export function extentOf(
  arrays: readonly ArrayLike<number>[],
  options: { kind?: ScaleKind; pad?: number; include?: readonly number[] } = {},
): [number, number] {
  const { kind = "linear", pad = 0.04, include = [] } = options;
  const isLog = kind === "log";
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const array of [...arrays, include]) {
    for (let i = 0; i < array.length; i++) {
      const value = array[i] as number;
      if (!Number.isFinite(value) || (isLog && value <= 0)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (low > high) return isLog ? [0.1, 10] : [0, 1];
  if (isLog) {
    if (low === high) return [low / 2, high * 2];
    const grow = (high / low) ** pad;
    return [low / grow, high * grow];
  }
  if (low === high) return low === 0 ? [-1, 1] : [low - Math.abs(low) / 2, high + Math.abs(high) / 2];
  return [low - (high - low) * pad, high + (high - low) * pad];
}
