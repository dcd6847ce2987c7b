import { betaI, lnGamma, solveIncreasing } from "./special.ts";

/** A hardness ratio of counts with its uncertainty. */
export interface HardnessRatio {
  /** (hard − soft)/(hard + soft) of the counts, NaN without counts; with background the mean of the posterior. */
  readonly ratio: number;
  /** Limits of the central 68.27 % of the posterior. */
  readonly low: number;
  readonly high: number;
  readonly softCounts: number;
  readonly hardCounts: number;
}

/** Counts of the region beside the source. */
export interface BackgroundCounts {
  readonly soft: number;
  readonly hard: number;
  /** Area (times exposure) of the region in units of the source's. */
  readonly areaRatio: number;
}

const CENTRAL = 0.682689492137086;

/**
 * Hardness ratio of two Poisson counts.
 *
 * With Jeffreys priors the hard share p = λ_h/(λ_h + λ_s) has the posterior Beta(h + ½, s + ½), exactly; the limits
 * are its quantiles as 2p − 1, which stay inside −1…1 and hold for few counts. No background is subtracted, and
 * counts are not corrected for the effective area, so values differ from catalogue ratios of fluxes.
 *
 * @see Park et al. 2006, ApJ 652, 610, for the Bayesian treatment
 */
export function hardnessOfCounts(softCounts: number, hardCounts: number): HardnessRatio {
  const total = softCounts + hardCounts;
  const quantile = (probability: number) =>
    2 * solveIncreasing((p) => betaI(p, hardCounts + 0.5, softCounts + 0.5), probability, 0, 1) - 1;
  return {
    ratio: total > 0 ? (hardCounts - softCounts) / total : Number.NaN,
    low: quantile((1 - CENTRAL) / 2),
    high: quantile((1 + CENTRAL) / 2),
    softCounts,
    hardCounts,
  };
}

/**
 * Hardness ratio of two Poisson counts over a background that is itself measured.
 *
 * With Jeffreys priors s^−½, b^−½ and b integrated out, the posterior of a band's source counts is a mixture of Gamma
 * distributions, one for each number k of its counts that could be background:
 * C(n, k) Γ(B+k+½) Γ(n−k+½) (1+r)^−k Gamma(n−k+½). The ratio then follows a mixture of Beta distributions, exactly,
 * of which mean and central 68.27 % are given.
 *
 * @param background Counts of the region beside, in the two bands.
 * @throws {RangeError} If `areaRatio` is not above 0.
 * @see Park et al. 2006, ApJ 652, 610, eqs. 5–13, who sample what is summed here
 */
export function hardnessOverBackground(
  softCounts: number,
  hardCounts: number,
  background: BackgroundCounts,
): HardnessRatio {
  const { areaRatio } = background;
  if (!(areaRatio > 0)) {
    throw new RangeError(`Cannot find hardness ratio: areaRatio must be above 0: current value is ${areaRatio}`);
  }
  const soft = sourceMixture(softCounts, background.soft, areaRatio);
  const hard = sourceMixture(hardCounts, background.hard, areaRatio);
  const parts = hard.flatMap((h) => soft.map((s) => ({ weight: h.weight * s.weight, a: h.shape, b: s.shape })));
  const below = (p: number) => parts.reduce((sum, { weight, a, b }) => sum + weight * betaI(p, a, b), 0);
  const quantile = (probability: number) => 2 * solveIncreasing(below, probability, 0, 1) - 1;
  return {
    ratio: parts.reduce((sum, { weight, a, b }) => sum + (weight * (a - b)) / (a + b), 0),
    low: quantile((1 - CENTRAL) / 2),
    high: quantile((1 + CENTRAL) / 2),
    softCounts,
    hardCounts,
  };
}

/** The Gamma distributions of a band's source counts, without those that carry less than 1e-9 together. */
function sourceMixture(counts: number, background: number, areaRatio: number): { shape: number; weight: number }[] {
  const lnWeights = Array.from(
    { length: counts + 1 },
    (_, k) =>
      lnGamma(counts + 1) -
      lnGamma(k + 1) -
      lnGamma(counts - k + 1) +
      lnGamma(background + k + 0.5) +
      lnGamma(counts - k + 0.5) -
      k * Math.log1p(areaRatio),
  );
  const top = lnWeights.reduce((a, b) => Math.max(a, b));
  const total = lnWeights.reduce((sum, value) => sum + Math.exp(value - top), 0);
  return lnWeights
    .map((value, k) => ({ shape: counts - k + 0.5, weight: Math.exp(value - top) / total }))
    .filter(({ weight }) => weight > 1e-9 / (counts + 1));
}
