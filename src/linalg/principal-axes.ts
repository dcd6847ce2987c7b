import type { Matrix } from "../array/index.ts";
import type { Rng } from "../random/index.ts";
import { largestEigenpairs } from "./lanczos.ts";

/** Scores and axes of a principal component analysis. */
export interface PrincipalAxes {
  /** Centred rows along the axes, shape (n, count). */
  readonly scores: Matrix;
  /** Unit vectors, descending in variance, each of length d. */
  readonly axes: readonly Float64Array[];
  /** Variance along each axis (divided by n). */
  readonly variances: Float64Array;
}

/** The `count` directions of greatest variance of the rows. */
export function principalAxes(data: Matrix, count: number, rng: Rng): PrincipalAxes {
  const [n, d] = data.shape;
  const centred = data.data.slice();
  for (let j = 0; j < d; j++) {
    let mean = 0;
    for (let row = 0; row < n; row++) mean += centred[row * d + j] / n;
    for (let row = 0; row < n; row++) centred[row * d + j] -= mean;
  }
  const covariance = new Float64Array(d * d);
  for (let row = 0; row < n; row++) {
    for (let i = 0; i < d; i++) {
      const scaled = centred[row * d + i] / n;
      for (let j = 0; j <= i; j++) covariance[i * d + j] += scaled * centred[row * d + j];
    }
  }
  const { values, vectors } = largestEigenpairs(
    (out, v) => {
      for (let i = 0; i < d; i++) {
        let sum = 0;
        for (let j = 0; j < d; j++) sum += covariance[j <= i ? i * d + j : j * d + i] * v[j];
        out[i] = sum;
      }
    },
    d,
    count,
    { rng },
  );
  const scores = new Float64Array(n * count);
  for (let row = 0; row < n; row++) {
    for (let k = 0; k < count; k++) {
      for (let j = 0; j < d; j++) scores[row * count + k] += centred[row * d + j] * vectors[k][j];
    }
  }
  return { scores: { data: scores, shape: [n, count] }, axes: vectors, variances: values };
}
