import type { Matrix, NdArray } from "../array/index.ts";
import { choleskyInto, invertLowerInto } from "../linalg/index.ts";
import type { Rng } from "../random/index.ts";
import { expandCovariance } from "./covariance.ts";
import { GaussianMixture, toNdArray } from "./gaussian-mixture.ts";
import { kmeansLabels } from "./kmeans.ts";
import { maximise, type Parameters } from "./maximise.ts";
import { emptyMoments, type Moments } from "./moments.ts";
import type { GmmSettings, InitialMixture } from "./options.ts";

/** The parameters that EM starts from. */
export function initialParameters(matrix: Matrix, settings: GmmSettings, rng: Rng): Parameters {
  const { init, nComponents } = settings;
  if (typeof init === "object") return givenParameters(init, settings, matrix.shape[1]);
  const labels = kmeansLabels(matrix, nComponents, rng, { maxIter: init === "kmeans" ? 300 : 0 });
  const centre = columnMeans(matrix);
  const moments = labelMoments(matrix, labels, centre, settings);
  const means = new Float64Array(nComponents * centre.length).map((_, at) => centre[at % centre.length]);
  return maximise(moments, means, settings);
}

/** Moments about `centre` of rows that each belong to one component. */
function labelMoments(matrix: Matrix, labels: Int32Array, centre: Float64Array, settings: GmmSettings): Moments {
  const [n, d] = matrix.shape;
  const diagonal = settings.covarianceType === "diag" || settings.covarianceType === "spherical";
  const moments = emptyMoments(settings.nComponents, d, diagonal);
  const stride = moments.second.length / settings.nComponents;
  const row = new Float64Array(d);
  for (let at = 0; at < n; at++) {
    const component = labels[at];
    moments.counts[component]++;
    for (let i = 0; i < d; i++) row[i] = matrix.data[at * d + i] - centre[i];
    let to = component * stride;
    for (let i = 0; i < d; i++) {
      moments.first[component * d + i] += row[i];
      for (let j = diagonal ? i : 0; j <= i; j++) moments.second[to++] += row[i] * row[j];
    }
  }
  return moments;
}

function columnMeans(matrix: Matrix): Float64Array {
  const [n, d] = matrix.shape;
  const sums = new Float64Array(d);
  for (let at = 0; at < n * d; at++) sums[at % d] += matrix.data[at];
  return sums.map((sum) => sum / n);
}

/** A given mixture, checked against the data's columns and the options. */
function givenParameters(init: InitialMixture, settings: GmmSettings, nFeatures: number): Parameters {
  const { covarianceType, nComponents } = settings;
  const covariances =
    "precisions" in init ? inverted(toNdArray(init.precisions), settings, nFeatures) : toNdArray(init.covariances);
  const mixture = new GaussianMixture({ weights: init.weights, means: init.means, covariances, covarianceType });
  if (mixture.nComponents !== nComponents || mixture.nFeatures !== nFeatures) {
    throw new TypeError(
      `Cannot fit GMM: init.means must have shape (${nComponents}, ${nFeatures}): current shape is (${mixture.means.shape.join(", ")})`,
    );
  }
  return { weights: mixture.weights, means: mixture.means.data, covariances: mixture.covariances.data };
}

/** Covariances from precisions. */
function inverted(precisions: NdArray, settings: GmmSettings, nFeatures: number): NdArray {
  const { covarianceType } = settings;
  if (covarianceType === "diag" || covarianceType === "spherical") {
    return { data: precisions.data.map((precision) => 1 / precision), shape: precisions.shape };
  }
  const size = nFeatures * nFeatures;
  const data = new Float64Array(precisions.data.length);
  const lower = new Float64Array(size);
  const inverse = new Float64Array(size);
  for (let component = 0; component * size < data.length; component++) {
    if (choleskyInto(lower, expandCovariance(precisions, covarianceType, component, nFeatures), nFeatures) >= 0) {
      throw new RangeError(`Cannot fit GMM: init.precisions of component ${component} must be positive definite`);
    }
    invertLowerInto(inverse, lower, nFeatures);
    for (let i = 0; i < nFeatures; i++) {
      for (let j = 0; j < nFeatures; j++) {
        let sum = 0;
        for (let k = Math.max(i, j); k < nFeatures; k++) sum += inverse[k * nFeatures + i] * inverse[k * nFeatures + j];
        data[component * size + i * nFeatures + j] = sum;
      }
    }
  }
  return { data, shape: precisions.shape };
}
