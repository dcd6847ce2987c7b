/** Counts of one fit, grouped: shape (nGroups,) each. */
export interface FitCounts {
  readonly observed: Float64Array;
  /** Background counts in their own region, and the factor that scales them under the source. */
  readonly background: Float64Array | undefined;
  readonly scale: Float64Array | undefined;
}

/**
 * How a model is compared with data:
 * - "chi2gehrels": χ² with σ = 1 + √(N + ¾) (Gehrels 1986); a background is scaled, subtracted, its variance added;
 * - "chi2datavar": χ² with σ² = N; likewise; every group needs at least one count;
 * - "cstat": Cash's Poisson deviance; a background is Poisson too, its level in each group profiled out (XSPEC's W);
 * - "cash-source": the same deviance with the background left out of account.
 */
export type Statistic = "chi2gehrels" | "chi2datavar" | "cstat" | "cash-source";

/** Signed square roots of the groups' contributions: their squares sum to the statistic. */
export type Residuals = (model: Float64Array) => Float64Array;

/** Makes the residual function of a statistic. @throws {RangeError} If the counts do not allow it. */
export function residualsOf(statistic: Statistic, counts: FitCounts): Residuals {
  switch (statistic) {
    case "chi2gehrels":
      return chiSquare(counts, (n) => (1 + Math.sqrt(n + 0.75)) ** 2);
    case "chi2datavar":
      return chiSquare(counts, (n) => n);
    case "cstat":
      return counts.background ? profiled(counts) : poisson(counts.observed);
    case "cash-source":
      return poisson(counts.observed);
    default:
      throw new RangeError(
        `Cannot fit: statistic must be chi2gehrels, chi2datavar, cstat or cash-source: current value is "${statistic}"`,
      );
  }
}

/** Net counts per group and their standard deviation under a χ² statistic. */
export function netCounts(
  counts: FitCounts,
  variance: (n: number) => number,
): { net: Float64Array; error: Float64Array } {
  const { observed, background, scale } = counts;
  const net = observed.map((n, group) => n - (background && scale ? scale[group] * background[group] : 0));
  const error = observed.map((n, group) =>
    Math.sqrt(variance(n) + (background && scale ? scale[group] ** 2 * variance(background[group]) : 0)),
  );
  return { net, error };
}

function chiSquare(counts: FitCounts, variance: (n: number) => number): Residuals {
  const { net, error } = netCounts(counts, variance);
  const empty = error.findIndex((sigma) => !(sigma > 0));
  if (empty >= 0) {
    throw new RangeError(
      `Cannot use chi2datavar: every group must hold at least one count: current group ${empty + 1} is empty; group more or use cstat`,
    );
  }
  return (model) => net.map((value, group) => (value - model[group]) / error[group]);
}

/** Smallest model count the Poisson statistics accept, so that a model of 0 under a count stays finite. */
const LEAST = 1e-25;

/** Half the deviance of n counts under the mean m: m − n + n ln(n/m). */
function halfDeviance(n: number, m: number): number {
  const mean = Math.max(m, LEAST);
  return n > 0 ? mean - n + n * Math.log(n / mean) : mean;
}

function poisson(observed: Float64Array): Residuals {
  return (model) =>
    observed.map((n, group) => Math.sign(n - model[group]) * Math.sqrt(2 * Math.max(0, halfDeviance(n, model[group]))));
}

/** W: the background's mean b maximises the likelihood given m, a root of (s+1)s b² + ((s+1)m − sN − sB) b − Bm = 0. */
function profiled({ observed, background, scale }: FitCounts): Residuals {
  return (model) =>
    observed.map((n, group) => {
      const m = Math.max(model[group], 0);
      const s = (scale as Float64Array)[group];
      const count = (background as Float64Array)[group];
      const a = s * (s + 1);
      const half = ((s + 1) * m - s * (n + count)) / 2;
      const root = Math.sqrt(half * half + a * count * m);
      const b = half > 0 ? (count * m) / (half + root) : (root - half) / a;
      const total = m + s * b;
      return Math.sign(n - total) * Math.sqrt(2 * Math.max(0, halfDeviance(n, total) + halfDeviance(count, b)));
    });
}
