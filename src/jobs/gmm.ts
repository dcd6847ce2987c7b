import { finiteMatrix, type Rows } from "../array/index.ts";
import { BicCurve, type fitBicCurve, GaussianMixture, GaussianMixtureFit, type GmmOptions } from "../gmm/index.ts";
import type { BicCurveParts, GmmFitParts, GmmTask } from "./gmm-worker.ts";
import { type JobOptions, runJob, workerModule } from "./job.ts";

const WORKER = workerModule(import.meta.url, "./gmm-worker");

/**
 * Fits a Gaussian mixture in a worker thread; see `fitGmm` for the method.
 *
 * @param data Rows to fit, shape (n, d), all finite.
 * @param options As for `fitGmm`, with `onProgress` (one report an iteration) and `signal`; when stopped, the fit so
 *   far comes back with `converged: false`.
 * @example
 * const mix = await gmm(csc.features(GMM_FEATURES), { nComponents: 6, seed: 42 });
 * mix.labels;
 */
export async function gmm(data: Rows, options: GmmOptions & JobOptions): Promise<GaussianMixtureFit> {
  const { onProgress, signal, ...settings } = options;
  const task: GmmTask = { kind: "fit", data: finiteMatrix("fit GMM", data), options: settings };
  const parts = await runJob<GmmTask, GmmFitParts>(WORKER, task, watching({ onProgress, signal }));
  return new GaussianMixtureFit({ ...parts, mixture: new GaussianMixture(parts.mixture) });
}

/**
 * Fits mixtures of several sizes in a worker thread and returns their BIC, to choose the number of components by.
 *
 * @param options As for `gmm`, with `nComponents` the numbers to try. Default of `nInit`: 3.
 * @example
 * await bicCurve(features, { nComponents: [1, 2, 3, 4, 5, 6, 7, 8] });
 */
export async function bicCurve(data: Rows, options: Parameters<typeof fitBicCurve>[1] & JobOptions): Promise<BicCurve> {
  const { onProgress, signal, ...settings } = options;
  const task: GmmTask = { kind: "bicCurve", data: finiteMatrix("fit BIC curve", data), options: settings };
  const parts = await runJob<GmmTask, BicCurveParts>(WORKER, task, watching({ onProgress, signal }));
  return new BicCurve(parts.nComponents, parts.bic);
}

/** Job options without the absent ones. */
function watching(options: { [Name in keyof JobOptions]: JobOptions[Name] | undefined }): JobOptions {
  return {
    ...(options.onProgress && { onProgress: options.onProgress }),
    ...(options.signal && { signal: options.signal }),
  };
}
