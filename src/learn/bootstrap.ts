import { Rng } from "../random/index.ts";

/** A number and where it may lie. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Percentile bootstrap over groups: whole groups (sources) are drawn with replacement, since rows of one group are
 * not independent.
 *
 * @param groups What each row belongs to.
 * @param statistic From row indices to numbers; a row may come more than once.
 * @param options.level Probability within the limits. Default 0.95.
 * @param options.resamples Default 1000.
 * @param options.seed Default 0.
 * @returns One estimate for each number.
 * @see Efron & Tibshirani 1993, An Introduction to the Bootstrap, chapter 13
 */
export function bootstrapEstimates(
  groups: readonly (string | number)[],
  statistic: (rows: Uint32Array) => readonly number[],
  options: { readonly level?: number; readonly resamples?: number; readonly seed?: number } = {},
): Estimate[] {
  const { level = 0.95, resamples = 1000, seed = 0 } = options;
  const rowsOf = new Map<string | number, number[]>();
  groups.forEach((group, row) => {
    const rows = rowsOf.get(group);
    if (rows) rows.push(row);
    else rowsOf.set(group, [row]);
  });
  const members = [...rowsOf.values()];
  const rng = new Rng(seed, 17);
  const values = statistic(Uint32Array.from(groups, (_, row) => row));
  const draws = Array.from({ length: resamples }, () =>
    statistic(Uint32Array.from(members.flatMap(() => members[rng.integer(members.length)]!))),
  );
  const tail = (1 - level) / 2;
  return values.map((value, k) => {
    const sorted = Float64Array.from(draws, (draw) => draw[k]!).sort();
    const at = (share: number) => sorted[Math.min(resamples - 1, Math.floor(share * resamples))]!;
    return { value, low: at(tail), high: at(1 - tail) };
  });
}
