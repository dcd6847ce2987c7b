import type { Matrix } from "../array/index.ts";
import { Rng } from "../random/index.ts";

/** How to sample. */
export interface EnsembleOptions {
  /** Positions to start from, shape (nWalkers, nDim); nWalkers even and at least 2 nDim. */
  readonly start: Matrix;
  /** Steps of every walker. */
  readonly nSteps: number;
  /** Seed of the random numbers. Default 1. */
  readonly seed?: number;
  /** Stretch scale a. Default 2. */
  readonly stretch?: number;
  /** Called after each step. Default: none. */
  readonly onStep?: (step: number, acceptance: number) => void;
  /** Asked after each step; true ends with the steps there are. Default: never. */
  readonly stopped?: () => boolean;
}

/** A chain of an ensemble. */
export interface EnsembleChain {
  /** Positions, shape (nStepsDone · nWalkers, nDim), step by step. */
  readonly samples: Matrix;
  /** ln of the target at each sample. */
  readonly logProbability: Float64Array;
  readonly nWalkers: number;
  /** Share of proposals taken, 0–1. */
  readonly acceptance: number;
}

/**
 * Samples a density with an ensemble of walkers by affine-invariant stretch moves: a walker of one half moves along
 * the line to one of the other half, by z ~ 1/√z on [1/a, a], and is taken with chance z^{d−1} p′/p. Narrow, tilted
 * valleys cost no more than round ones.
 *
 * @param logDensity ln p up to a constant; −Infinity outside the support.
 * @see Goodman & Weare 2010, CAMCoS 5, 65; Foreman-Mackey et al. 2013, PASP 125, 306
 */
export function sampleEnsemble(
  logDensity: (point: readonly number[]) => number,
  options: EnsembleOptions,
): EnsembleChain {
  const { start, nSteps, seed = 1, stretch = 2 } = options;
  const [nWalkers, nDim] = start.shape;
  if (nWalkers % 2 !== 0 || nWalkers < 2 * nDim) {
    throw new RangeError(
      `Cannot sample: nWalkers must be even and at least twice the ${nDim} dimensions: current value is ${nWalkers}`,
    );
  }
  const rng = new Rng(seed);
  const walkers = Array.from({ length: nWalkers }, (_, w) => Array.from(start.data.subarray(w * nDim, (w + 1) * nDim)));
  const values = walkers.map(logDensity);
  const samples = new Float64Array(nSteps * nWalkers * nDim);
  const logProbability = new Float64Array(nSteps * nWalkers);
  let accepted = 0;
  let done = 0;
  for (let step = 0; step < nSteps; step++) {
    for (let walker = 0; walker < nWalkers; walker++) {
      // Even walkers are one half and odd ones the other; each moves towards a walker of the other half.
      const other = walkers[2 * rng.integer(nWalkers / 2) + ((walker + 1) % 2)];
      const z = ((stretch - 1) * rng.uniform() + 1) ** 2 / stretch;
      const proposal = walkers[walker].map((value, d) => other[d] + z * (value - other[d]));
      const value = logDensity(proposal);
      if (Math.log(1 - rng.uniform()) < (nDim - 1) * Math.log(z) + value - values[walker]) {
        walkers[walker] = proposal;
        values[walker] = value;
        accepted++;
      }
      samples.set(walkers[walker], (step * nWalkers + walker) * nDim);
      logProbability[step * nWalkers + walker] = values[walker];
    }
    done = step + 1;
    options.onStep?.(done, accepted / (done * nWalkers));
    if (options.stopped?.()) break;
  }
  return {
    samples: { data: samples.slice(0, done * nWalkers * nDim), shape: [done * nWalkers, nDim] },
    logProbability: logProbability.slice(0, done * nWalkers),
    nWalkers,
    acceptance: accepted / Math.max(1, done * nWalkers),
  };
}

/**
 * Integrated autocorrelation time of each parameter, steps: the walkers' mean autocorrelation summed up to the first
 * lag beyond five times the sum. An effective sample takes so many steps.
 *
 * @returns Shape (nDim,); trust it where the chain is 50 times as long.
 * @see Sokal 1997, "Monte Carlo methods in statistical mechanics", section 3
 */
export function autocorrelationTime({ samples, nWalkers }: Pick<EnsembleChain, "samples" | "nWalkers">): Float64Array {
  const [rows, nDim] = samples.shape;
  const nSteps = rows / nWalkers;
  return Float64Array.from({ length: nDim }, (_, d) => {
    const chains = Array.from({ length: nWalkers }, (_, w) => {
      const chain = Float64Array.from({ length: nSteps }, (_, s) => samples.data[(s * nWalkers + w) * nDim + d]);
      const mean = chain.reduce((sum, value) => sum + value, 0) / nSteps;
      return chain.map((value) => value - mean);
    });
    const covariance = (lag: number) => {
      let sum = 0;
      for (const chain of chains) for (let s = lag; s < nSteps; s++) sum += chain[s] * chain[s - lag];
      return sum;
    };
    const variance = covariance(0);
    if (!(variance > 0)) return Number.NaN;
    let tau = 1;
    for (let lag = 1; lag < nSteps / 2 && lag < 5 * tau; lag++) tau += (2 * covariance(lag)) / variance;
    return tau;
  });
}
