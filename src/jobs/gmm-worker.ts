import type { Matrix } from "../array/index.ts";
import { type BicCurveOptions, fitBicCurve, fitGmm, type GmmOptions, type MixtureParameters } from "../gmm/index.ts";
import { serveJob } from "./job.ts";

/** What the worker is asked: one fit, or one per number of components. */
export type GmmTask =
  | { readonly kind: "fit"; readonly data: Matrix; readonly options: GmmOptions }
  | { readonly kind: "bicCurve"; readonly data: Matrix; readonly options: BicCurveOptions };

/** A fit as plain data; classes do not survive the way between threads. */
export interface GmmFitParts {
  readonly mixture: MixtureParameters;
  readonly labels: Int32Array;
  readonly responsibilities: Matrix;
  readonly scores: Float64Array;
  readonly converged: boolean;
  readonly nIter: number;
}

/** A BIC curve as plain data. */
export interface BicCurveParts {
  readonly nComponents: Int32Array;
  readonly bic: Float64Array;
}

serveJob<GmmTask, GmmFitParts | BicCurveParts>((task, context) => {
  if (task.kind === "bicCurve") {
    const { nComponents, bic } = fitBicCurve(task.data, task.options, context);
    return { nComponents, bic };
  }
  const { mixture, labels, responsibilities, scores, converged, nIter } = fitGmm(task.data, task.options, context);
  const { weights, means, covariances, covarianceType } = mixture;
  return {
    mixture: { weights, means, covariances, covarianceType },
    labels,
    responsibilities,
    scores,
    converged,
    nIter,
  };
});
