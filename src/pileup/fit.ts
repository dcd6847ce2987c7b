import type { Matrix } from "../array/index.ts";
import { Rng } from "../random/index.ts";
import {
  type FitOptions,
  FitProblem,
  type ParameterSettings,
  parseModel,
  type SpectralFit,
  type Spectrum,
} from "../spectra/index.ts";
import { davis } from "./detector.ts";
import { frameOf } from "./emulate.ts";
import { autocorrelationTime, sampleEnsemble } from "./ensemble.ts";
import type { PileupParameters } from "./forward.ts";
import { type OtherMinimum, searchMinima } from "./search.ts";

/** What predicts piled counts in a fit: Davis's forward model with these settings. Learned emulators will join it. */
export interface PileupEmulator extends Partial<PileupParameters> {
  readonly kind: "davis";
}

/** How to fit a piled spectrum; plain data, so that it travels to a worker. */
export interface PileupFitOptions extends Pick<FitOptions, "statistic" | "range"> {
  /** Expression such as "tbabs*powerlaw". */
  readonly model: string;
  /**
   * Start values, limits and frozen flags; pile-up's are "gradeMigration", "psfFraction" (free), "singleGrade",
   * "nRegions", "frameTimeSec", "fracExposure" (frozen). Values of free parameters choose the start. Default: several
   * starts, of which the best minimum counts (`searchMinima`).
   */
  readonly parameters?: ParameterSettings;
  /** Default: `{ kind: "davis" }` with the spectrum's frame time and exposed share. */
  readonly emulator?: PileupEmulator;
  /** Steps of every walker; 0 gives the best fit without a posterior. Default 400. */
  readonly nSteps?: number;
  /** Steps dropped at the start. Default: half of `nSteps`. */
  readonly burnIn?: number;
  /** Walkers, even. Default: four per free parameter. */
  readonly nWalkers?: number;
  /** Seed of the sampling. Default 1. */
  readonly seed?: number;
}

/** Progress and early stop. */
export interface PileupFitContext {
  report(progress: { done: number; total: number; message?: string; values?: { [name: string]: number } }): void;
  stopped(): boolean;
}

/** The posterior's samples as plain data. */
export interface PosteriorSamples {
  /** Names of the columns. */
  readonly names: readonly string[];
  /** After burn-in, shape (nSamples, nFree). */
  readonly samples: Matrix;
  readonly logProbability: Float64Array;
  /** Share of proposals taken. */
  readonly acceptance: number;
  /** Integrated autocorrelation time of each parameter, steps. */
  readonly autocorrelationSteps: Float64Array;
  readonly nWalkers: number;
}

/** The problem that options describe: the spectrum, the model and Davis's detector. */
export function pileupOptions(spectrum: Spectrum, options: PileupFitOptions): FitOptions {
  const { kind: _, ...settings } = options.emulator ?? { kind: "davis" as const };
  return {
    model: parseModel(options.model),
    detector: davis(frameOf(spectrum, settings)),
    ...(options.parameters && { parameters: options.parameters }),
    ...(options.statistic && { statistic: options.statistic }),
    ...(options.range && { range: options.range }),
  };
}

/**
 * Fits a model through pile-up and samples its posterior, with flat priors between the parameters' limits.
 *
 * Blocks; `pileup.fit` runs it in a worker. Costs about 3 ms per evaluation: a fit a second from each of three starts, the
 * default posterior of five parameters 20 to 30 seconds.
 */
export function fitPileup(
  spectrum: Spectrum,
  options: PileupFitOptions,
  context?: PileupFitContext,
): { best: SpectralFit; others: readonly OtherMinimum[]; posterior: PosteriorSamples | undefined } {
  const { nSteps = 400, seed = 1 } = options;
  const fitOptions = pileupOptions(spectrum, options);
  const total = nSteps + 1;
  const { best, others } = searchMinima(spectrum, fitOptions, {
    ...(context && { stopped: () => context.stopped() }),
    onStep: (evaluations, statistic) =>
      context?.report({
        done: 0,
        total,
        message: `searching: ${evaluations} evaluations, statistic ${statistic.toFixed(3)}`,
        values: { statistic },
      }),
  });
  if (nSteps === 0 || best.freeNames.length === 0 || context?.stopped()) return { best, others, posterior: undefined };
  return {
    best,
    others,
    posterior: samplePosterior(new FitProblem(spectrum, fitOptions), best, { ...options, nSteps, seed }, context),
  };
}

function samplePosterior(
  problem: FitProblem,
  best: SpectralFit,
  options: PileupFitOptions & { readonly nSteps: number; readonly seed: number },
  context: PileupFitContext | undefined,
): PosteriorSamples {
  const { nSteps, seed } = options;
  const nDim = problem.free.length;
  const nWalkers = options.nWalkers ?? Math.max(8, 4 * nDim);
  const { min, max } = problem;
  const logDensity = (point: readonly number[]) => {
    for (let d = 0; d < nDim; d++) if (!(point[d] >= min[d] && point[d] <= max[d])) return -Infinity;
    const value = -0.5 * problem.statistic(point);
    return Number.isNaN(value) ? -Infinity : value;
  };
  const chain = sampleEnsemble(logDensity, {
    start: startAround(problem, best, nWalkers, new Rng(seed, 1)),
    nSteps,
    seed,
    ...(context && { stopped: () => context.stopped() }),
    onStep: (step, acceptance) =>
      context?.report({ done: step + 1, total: nSteps + 1, message: `sampling step ${step}`, values: { acceptance } }),
  });
  const stepsDone = chain.samples.shape[0] / nWalkers;
  const burnIn = Math.min(options.burnIn ?? Math.floor(nSteps / 2), Math.floor(stepsDone / 2));
  const kept = chain.samples.data.slice(burnIn * nWalkers * nDim);
  const samples: Matrix = { data: kept, shape: [kept.length / nDim, nDim] };
  return {
    names: best.freeNames,
    samples,
    logProbability: chain.logProbability.slice(burnIn * nWalkers),
    acceptance: chain.acceptance,
    autocorrelationSteps: autocorrelationTime({ samples, nWalkers }),
    nWalkers,
  };
}

/** Walkers about the best fit, spread by a third of each error bar (a tenth of the value where there is none), inside the limits. */
function startAround(problem: FitProblem, best: SpectralFit, nWalkers: number, rng: Rng): Matrix {
  const nDim = problem.free.length;
  const { min, max } = problem;
  const data = new Float64Array(nWalkers * nDim);
  const parameters = problem.free.map((index) => best.parameters[index]);
  for (let walker = 0; walker < nWalkers; walker++) {
    for (let d = 0; d < nDim; d++) {
      const { value, error } = parameters[d];
      const span = max[d] - min[d];
      const width = Math.min(error === undefined ? 0.1 * Math.abs(value) + 1e-6 : error / 3, 0.2 * span);
      let point = Number.NaN;
      for (let attempt = 0; attempt < 100 && !(point >= min[d] && point <= max[d]); attempt++) {
        point = value + width * rng.normal();
      }
      data[walker * nDim + d] = point >= min[d] && point <= max[d] ? point : value;
    }
  }
  return { data, shape: [nWalkers, nDim] };
}
