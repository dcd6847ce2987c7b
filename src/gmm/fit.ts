import { finiteMatrix, type Matrix, type Rows } from "../array/index.ts";
import { Rng } from "../random/index.ts";
import { covarianceShape, whiten } from "./covariance.ts";
import { densityKernel } from "./density.ts";
import { GaussianMixtureFit } from "./fit-result.ts";
import { GaussianMixture } from "./gaussian-mixture.ts";
import { initialParameters } from "./initial.ts";
import { maximise, type Parameters } from "./maximise.ts";
import { accumulateInto, addMomentsInto, emptyMoments, type Moments } from "./moments.ts";
import { checkOptions, type GmmOptions, type GmmSettings } from "./options.ts";

/** How a fit tells how far it is and learns that it should stop. */
export interface GmmContext {
  report(progress: { done: number; total: number; message?: string; values?: { [name: string]: number } }): void;
  stopped(): boolean;
}

const SILENT: GmmContext = { report: () => {}, stopped: () => false };

/** Rows of one partial sum. Sums are formed by chunk and then in order, so they do not depend on who forms them. */
const CHUNK = 4096;

interface Run extends Parameters {
  readonly lowerBound: number;
  readonly nIter: number;
  readonly converged: boolean;
}

/**
 * Fits a Gaussian mixture by expectation-maximisation in log space.
 *
 * Follows scikit-learn's GaussianMixture in what an iteration is, when it stops and how covariances are
 * regularised, so the same initial parameters give the same fit.
 *
 * @param data Rows to fit, shape (n, d).
 * @param context Progress (one report an iteration) and stopping: when stopped, the fit so far comes back with
 *   `converged: false`.
 * @throws {RangeError} If an option is out of range, a value is not finite or a covariance becomes singular.
 * @see Dempster, Laird & Rubin 1977, J. R. Statist. Soc. B 39, 1
 * @example
 * const fit = fitGmm(features, { nComponents: 6, seed: 42 });
 * fit.labels; // Int32Array
 */
export function fitGmm(data: Rows, options: GmmOptions, context: GmmContext = SILENT): GaussianMixtureFit {
  const matrix = finiteMatrix("fit GMM", data);
  const settings = checkOptions(options, matrix);
  const rng = new Rng(settings.seed);
  const nInit = typeof settings.init === "string" ? settings.nInit : 1;
  let best: Run | undefined;
  for (let attempt = 0; attempt < nInit && !(best && context.stopped()); attempt++) {
    const start = initialParameters(matrix, settings, rng);
    const run = iterate(matrix, start, settings, {
      stopped: () => context.stopped(),
      report: (progress) =>
        context.report({
          ...progress,
          done: attempt * settings.maxIter + progress.done,
          total: nInit * settings.maxIter,
        }),
    });
    if (!best || run.lowerBound > best.lowerBound) best = run;
  }
  const { weights, means, covariances, converged, nIter } = best as Run;
  const { nComponents, covarianceType } = settings;
  const nFeatures = matrix.shape[1];
  const mixture = new GaussianMixture({
    covarianceType,
    weights,
    means: { data: means, shape: [nComponents, nFeatures] },
    covariances: { data: covariances, shape: covarianceShape(covarianceType, nComponents, nFeatures) },
  });
  return new GaussianMixtureFit({ mixture, ...mixture.assign(matrix), converged, nIter });
}

/** EM from `start` until the likelihood settles, the iterations run out or the caller stops. */
function iterate(matrix: Matrix, start: Parameters, settings: GmmSettings, context: GmmContext): Run {
  let parameters = start;
  let lowerBound = -Infinity;
  let nIter = 0;
  let converged = false;
  while (nIter < settings.maxIter && !converged && !(nIter > 0 && context.stopped())) {
    const previous = lowerBound;
    const { moments, logLikelihood } = expectation(matrix, parameters, settings);
    parameters = maximise(moments, parameters.means, settings);
    lowerBound = logLikelihood / matrix.shape[0];
    nIter++;
    converged = Math.abs(lowerBound - previous) < settings.tolerance;
    context.report({
      done: nIter,
      total: settings.maxIter,
      message: `iteration ${nIter}: mean log-likelihood ${lowerBound.toFixed(4)}`,
      values: { logLikelihood: lowerBound },
    });
  }
  return { ...parameters, lowerBound, nIter, converged };
}

/** E step over all rows. */
function expectation(
  matrix: Matrix,
  parameters: Parameters,
  settings: GmmSettings,
): { moments: Moments; logLikelihood: number } {
  const [n, nFeatures] = matrix.shape;
  const { nComponents, covarianceType } = settings;
  const shape = covarianceShape(covarianceType, nComponents, nFeatures);
  const whitening = whiten(
    { data: parameters.covariances, shape },
    covarianceType,
    { nComponents, nFeatures },
    {
      action: "fit GMM",
      remedy: `: raise regCovar (current value is ${settings.regCovar}), scale the features or lower nComponents (current value is ${nComponents})`,
    },
  );
  const kernel = densityKernel(parameters.weights, parameters.means, whitening);
  const moments = emptyMoments(nComponents, nFeatures, whitening.diagonal);
  let logLikelihood = 0;
  for (let start = 0; start < n; start += CHUNK) {
    const part = emptyMoments(nComponents, nFeatures, whitening.diagonal);
    logLikelihood += accumulateInto(part, kernel, matrix.data, start, Math.min(start + CHUNK, n));
    addMomentsInto(moments, part);
  }
  return { moments, logLikelihood };
}
