import { type BandSpec, resolveBand, type TimedPhotons } from "./bands.ts";
import { betaI, solveIncreasing } from "./special.ts";

/** A hardness ratio of counts with its uncertainty. */
export interface HardnessRatio {
  /** (hard − soft)/(hard + soft) of the counts; NaN without counts. */
  readonly ratio: number;
  /** Limits of the central 68.27 % of the posterior. */
  readonly low: number;
  readonly high: number;
  readonly softCounts: number;
  readonly hardCounts: number;
}

/** Which bands are compared. */
export interface HardnessOptions {
  /** Default [0.5, 2] keV: the CSC's soft and medium bands together. */
  readonly soft?: BandSpec;
  /** Default "hard" (2–7 keV). */
  readonly hard?: BandSpec;
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

/** Hardness ratio of all photons of an event list. */
export function hardnessRatio(photons: TimedPhotons, options: HardnessOptions = {}): HardnessRatio {
  return hardnessEvolution(photons, [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY], options)[0] as HardnessRatio;
}

/**
 * Hardness ratios in successive time ranges.
 *
 * @param edgesSec Edges of the ranges, s of mission time, ascending; a range has its lower edge, not its upper one.
 */
export function hardnessEvolution(
  photons: TimedPhotons,
  edgesSec: ArrayLike<number>,
  options: HardnessOptions = {},
): HardnessRatio[] {
  const soft = resolveBand(options.soft ?? [0.5, 2]);
  const hard = resolveBand(options.hard ?? "hard");
  const n = edgesSec.length - 1;
  const softCounts = new Float64Array(Math.max(n, 0));
  const hardCounts = new Float64Array(Math.max(n, 0));
  for (let i = 0; i < photons.timeSec.length; i++) {
    const range = rangeOf(edgesSec, photons.timeSec[i] as number);
    if (range < 0) continue;
    const energy = photons.energyKeV[i] as number;
    if (energy >= soft.lowKeV && energy < soft.highKeV) softCounts[range] = (softCounts[range] as number) + 1;
    if (energy >= hard.lowKeV && energy < hard.highKeV) hardCounts[range] = (hardCounts[range] as number) + 1;
  }
  return Array.from(softCounts, (counts, range) => hardnessOfCounts(counts, hardCounts[range] as number));
}

/** Range of a time between ascending edges, or -1. */
function rangeOf(edges: ArrayLike<number>, time: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edges[middle] as number) <= time) low = middle + 1;
    else high = middle;
  }
  return low < edges.length ? low - 1 : -1;
}
