import type { NdArray } from "../array/index.ts";
import { choleskyInto, invertLowerInto } from "../linalg/index.ts";

/**
 * Which covariances the components may have, as in scikit-learn: "full" (each its own matrix), "tied" (one matrix
 * for all), "diag" (each its own variances), "spherical" (each one variance).
 */
export type CovarianceType = "full" | "tied" | "diag" | "spherical";

/** All covariance types, for checks and menus. */
export const COVARIANCE_TYPES: readonly CovarianceType[] = ["full", "tied", "diag", "spherical"];

/** Shape of a mixture's covariances: (K, d, d), (d, d), (K, d) or (K). */
export function covarianceShape(type: CovarianceType, nComponents: number, nFeatures: number): number[] {
  if (type === "full") return [nComponents, nFeatures, nFeatures];
  if (type === "tied") return [nFeatures, nFeatures];
  return type === "diag" ? [nComponents, nFeatures] : [nComponents];
}

/** Number of free parameters of the covariances, as they count in BIC and AIC. */
export function covarianceParameters(type: CovarianceType, nComponents: number, nFeatures: number): number {
  const perMatrix = (nFeatures * (nFeatures + 1)) / 2;
  if (type === "full") return nComponents * perMatrix;
  if (type === "tied") return perMatrix;
  return type === "diag" ? nComponents * nFeatures : nComponents;
}

/** One component's covariance as a d × d matrix, whatever the type. */
export function expandCovariance(
  covariances: NdArray,
  type: CovarianceType,
  component: number,
  nFeatures: number,
): Float64Array {
  const size = nFeatures * nFeatures;
  if (type === "full") return covariances.data.slice(component * size, (component + 1) * size);
  if (type === "tied") return covariances.data.slice();
  const out = new Float64Array(size);
  for (let i = 0; i < nFeatures; i++) {
    out[i * nFeatures + i] = covariances.data[type === "diag" ? component * nFeatures + i : component];
  }
  return out;
}

/** Inverse Cholesky factors L⁻¹ of the components' covariances, packed for the density loops. */
export interface Whitening {
  /** Rows of the lower triangles one after the other, d(d+1)/2 a component; or the d diagonals where `diagonal`. */
  readonly factors: Float64Array;
  /** Whether covariances are diagonal. */
  readonly diagonal: boolean;
  /** ln det L⁻¹ of each component. */
  readonly logDeterminants: Float64Array;
}

/**
 * Prepares the covariances for densities.
 *
 * @throws {RangeError} If a covariance is not positive definite; the error names the component and says `remedy`.
 */
export function whiten(
  covariances: NdArray,
  type: CovarianceType,
  shape: { nComponents: number; nFeatures: number },
  failure: { action: string; remedy: string },
): Whitening {
  const { nComponents, nFeatures } = shape;
  const diagonal = type === "diag" || type === "spherical";
  const stride = diagonal ? nFeatures : (nFeatures * (nFeatures + 1)) / 2;
  const factors = new Float64Array(nComponents * stride);
  const logDeterminants = new Float64Array(nComponents);
  const lower = new Float64Array(nFeatures * nFeatures);
  const inverse = new Float64Array(nFeatures * nFeatures);
  for (let component = 0; component < nComponents; component++) {
    const pivot = choleskyInto(lower, expandCovariance(covariances, type, component, nFeatures), nFeatures);
    if (pivot >= 0) {
      const named = type === "tied" ? "the tied covariance" : `the covariance of component ${component}`;
      throw new RangeError(
        `Cannot ${failure.action}: ${named} must be positive definite: it is singular at feature ${pivot}${failure.remedy}`,
      );
    }
    invertLowerInto(inverse, lower, nFeatures);
    let at = component * stride;
    for (let row = 0; row < nFeatures; row++) {
      logDeterminants[component] += Math.log(inverse[row * nFeatures + row]);
      for (let column = diagonal ? row : 0; column <= row; column++) factors[at++] = inverse[row * nFeatures + column];
    }
  }
  return { factors, diagonal, logDeterminants };
}
