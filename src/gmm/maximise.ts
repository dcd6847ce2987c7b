import type { CovarianceType } from "./covariance.ts";
import { covarianceShape } from "./covariance.ts";
import type { Moments } from "./moments.ts";

/** A mixture's parameters as flat arrays: weights (K), means (K, d) and covariances as `covarianceShape` says. */
export interface Parameters {
  readonly weights: Float64Array;
  readonly means: Float64Array;
  readonly covariances: Float64Array;
}

/**
 * M step: the parameters of greatest likelihood given the moments about the present means.
 *
 * A component that no row belongs to keeps its mean and the bare `regCovar`; counts are raised by 10 ε so that it
 * divides by no zero, as scikit-learn does.
 */
export function maximise(
  moments: Moments,
  means: Float64Array,
  options: { covarianceType: CovarianceType; regCovar: number },
): Parameters {
  const nComponents = moments.counts.length;
  const nFeatures = means.length / nComponents;
  const counts = moments.counts.map((count) => count + 10 * Number.EPSILON);
  const shifts = moments.first.map((sum, at) => sum / counts[Math.floor(at / nFeatures)]);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const shape = covarianceShape(options.covarianceType, nComponents, nFeatures);
  const covariances = new Float64Array(shape.reduce((product, extent) => product * extent, 1));
  if (options.covarianceType === "full" || options.covarianceType === "tied") {
    const tied = options.covarianceType === "tied";
    for (let component = 0; component < nComponents; component++) {
      const share = tied ? counts[component] / total : 1;
      const at = tied ? 0 : component * nFeatures * nFeatures;
      addFullInto(covariances.subarray(at, at + nFeatures ** 2), moments, shifts, component, counts[component], share);
    }
    for (let at = 0; at < covariances.length; at += nFeatures * nFeatures) {
      for (let i = 0; i < nFeatures; i++) covariances[at + i * nFeatures + i] += options.regCovar;
    }
  } else {
    const spherical = options.covarianceType === "spherical";
    for (let at = 0; at < moments.second.length; at++) {
      const component = Math.floor(at / nFeatures);
      const variance = moments.second[at] / counts[component] - shifts[at] * shifts[at] + options.regCovar;
      covariances[spherical ? component : at] += spherical ? variance / nFeatures : variance;
    }
  }
  return {
    weights: counts.map((count) => count / total),
    means: means.map((mean, at) => mean + shifts[at]),
    covariances,
  };
}

/** Adds one component's covariance about its new mean, S/N − δδᵀ, times `share`. */
function addFullInto(
  out: Float64Array,
  moments: Moments,
  shifts: Float64Array,
  component: number,
  count: number,
  share: number,
): void {
  const nFeatures = Math.round(Math.sqrt(out.length));
  let at = component * ((nFeatures * (nFeatures + 1)) / 2);
  for (let i = 0; i < nFeatures; i++) {
    const shift = shifts[component * nFeatures + i];
    for (let j = 0; j <= i; j++) {
      const value = share * (moments.second[at++] / count - shift * shifts[component * nFeatures + j]);
      out[i * nFeatures + j] += value;
      if (j < i) out[j * nFeatures + i] += value;
    }
  }
}
