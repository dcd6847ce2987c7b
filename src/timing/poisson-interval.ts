import { gammaP, solveIncreasing } from "./special.ts";

/** How the limits are found; see `poissonInterval`. */
export type IntervalMethod = "exact" | "approximate";

/** Probability below +1σ of a normal distribution, Φ(1). */
const ONE_SIGMA = 0.841344746068543;
const exactLimits = new Map<number, readonly [number, number]>();

/**
 * Single-sided 1σ (84.13 %) confidence limits of a Poisson mean after n counts.
 *
 * `exact` solves Gehrels' equations 1 and 2 (the classical limits, as χ² quantiles give them) to double precision;
 * `approximate` is his equations 7 and 12, n + √(n + ¾) + 1 and n(1 − 1/9n − 1/3√n)³, good to 1.5 % of the error
 * bar from n = 2 on, within 10 % at 1.
 *
 * @param n Counts, whole and >= 0.
 * @returns [lower, upper] limit of the mean, counts. The lower one of no counts is 0.
 * @see Gehrels 1986, ApJ 303, 336
 */
export function poissonInterval(n: number, method: IntervalMethod = "exact"): readonly [lower: number, upper: number] {
  if (!(n >= 0 && Number.isInteger(n))) {
    throw new RangeError(`Cannot find Poisson limits: counts must be whole and not negative: current value is ${n}`);
  }
  if (method === "approximate") {
    const lower = n === 0 ? 0 : n * (1 - 1 / (9 * n) - 1 / (3 * Math.sqrt(n))) ** 3;
    return [lower, n + Math.sqrt(n + 0.75) + 1];
  }
  let limits = exactLimits.get(n);
  if (!limits) exactLimits.set(n, (limits = solveLimits(n)));
  return limits;
}

/** P(n, lower) = Φ(1) for the lower limit with n counts or more, Q(n + 1, upper) = 1 − Φ(1) for n or fewer. */
function solveLimits(n: number): readonly [number, number] {
  const reach = 4 * Math.sqrt(n + 1) + 4;
  const upper = solveIncreasing((mean) => gammaP(n + 1, mean), ONE_SIGMA, n, n + reach);
  const lower = n === 0 ? 0 : solveIncreasing((mean) => gammaP(n, mean), 1 - ONE_SIGMA, Math.max(n - reach, 0), n);
  return [lower, upper];
}
