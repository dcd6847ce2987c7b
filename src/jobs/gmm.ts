import { finiteMatrix, type Rows } from "../array/index.ts";
import { BicCurve, type BicCurveOptions, GaussianMixture, GaussianMixtureFit, type GmmOptions } from "../gmm/index.ts";
import type { BicCurveParts, GmmFitParts, GmmTask } from "./gmm-worker.ts";
import { workerModule } from "./job.ts";
import { runShownJob, type ShownJobOptions, splitJobOptions } from "./shown-job.ts";

const WORKER = workerModule(import.meta.url, "./gmm-worker");

/**
 * Fits a Gaussian mixture in a worker thread, by expectation-maximisation in log space (Dempster, Laird & Rubin 1977,
 * J. R. Statist. Soc. B 39, 1), with scikit-learn's iteration, stop and regularisation.
 *
 * @param data Rows to fit, shape (n, d), all finite.
 * @param options `nComponents` and what its other keys say, with `onProgress` (one report an iteration), `signal` and
 *   `display`; when stopped, the fit so far comes back with `converged: false`.
 * @throws {RangeError} If an option is out of range, a value is not finite or a covariance becomes singular.
 * @example
 * const mix = await gmm(csc.features(GMM_FEATURES), { nComponents: 6, seed: 42 });
 * mix.labels;
 */
export async function gmm(data: Rows, options: GmmOptions & ShownJobOptions): Promise<GaussianMixtureFit> {
  const { settings, watching } = splitJobOptions(options);
  const input: GmmTask = { kind: "fit", data: finiteMatrix("fit GMM", data), options: settings };
  const { maxIter = 100 } = settings;
  const finished = ({ converged, nIter }: GmmFitParts) => converged || nIter >= maxIter;
  const parts = await runShownJob<GmmTask, GmmFitParts>({ title: "GMM", worker: WORKER, input, finished }, watching);
  return new GaussianMixtureFit({ ...parts, mixture: new GaussianMixture(parts.mixture) });
}

/**
 * Fits mixtures of several sizes in a worker thread and returns their BIC, to choose the number of components by.
 *
 * @param options As for `gmm`, with `nComponents` the numbers to try. Default of `nInit`: 3.
 * @example
 * await bicCurve(features, { nComponents: [1, 2, 3, 4, 5, 6, 7, 8] });
 */
export async function bicCurve(data: Rows, options: BicCurveOptions & ShownJobOptions): Promise<BicCurve> {
  const { settings, watching } = splitJobOptions(options);
  const input: GmmTask = { kind: "bicCurve", data: finiteMatrix("fit BIC curve", data), options: settings };
  const { nComponents, bic } = await runShownJob<GmmTask, BicCurveParts>(
    { title: "BIC curve", worker: WORKER, input },
    watching,
  );
  return new BicCurve(nComponents, bic);
}
