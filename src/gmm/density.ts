import type { Whitening } from "./covariance.ts";

/** A mixture in the form that the loops over rows read. */
export interface DensityKernel {
  readonly nComponents: number;
  readonly nFeatures: number;
  readonly means: Float64Array;
  readonly whitening: Whitening;
  /** ln(weight) − d/2 ln 2π + ln det L⁻¹ of each component. */
  readonly logScales: Float64Array;
}

/** Rows that are worked on together: each factor is read once for four rows, and four sums run in parallel. */
export const BLOCK = 4;

/** Gathers what the loops need; weights of zero give −∞ and so responsibilities of zero. */
export function densityKernel(weights: Float64Array, means: Float64Array, whitening: Whitening): DensityKernel {
  const nComponents = weights.length;
  const nFeatures = means.length / nComponents;
  const logScales = weights.map(
    (weight, component) =>
      Math.log(weight) - (nFeatures / 2) * Math.log(2 * Math.PI) + whitening.logDeterminants[component],
  );
  return { nComponents, nFeatures, means, whitening, logScales };
}

/**
 * Differences of four rows from one component's mean, feature by feature: `out[feature * 4 + row]`. Rows past `end`
 * repeat the last one.
 */
export function differencesInto(
  out: Float64Array,
  kernel: DensityKernel,
  component: number,
  data: Float64Array,
  start: number,
  end: number,
): void {
  const { nFeatures, means } = kernel;
  const last = end - 1;
  const row0 = start * nFeatures;
  const row1 = Math.min(start + 1, last) * nFeatures;
  const row2 = Math.min(start + 2, last) * nFeatures;
  const row3 = Math.min(start + 3, last) * nFeatures;
  const meanAt = component * nFeatures;
  for (let j = 0; j < nFeatures; j++) {
    const mean = means[meanAt + j];
    const at = j * BLOCK;
    out[at] = data[row0 + j] - mean;
    out[at + 1] = data[row1 + j] - mean;
    out[at + 2] = data[row2 + j] - mean;
    out[at + 3] = data[row3 + j] - mean;
  }
}

/** Squared Mahalanobis distances |L⁻¹ (x − μ)|² of the four rows in `differences`, into `out[0..3]`. */
export function mahalanobisBlockInto(
  out: Float64Array,
  kernel: DensityKernel,
  component: number,
  differences: Float64Array,
): void {
  const { nFeatures, whitening } = kernel;
  const { factors, diagonal } = whitening;
  let at = component * (diagonal ? nFeatures : (nFeatures * (nFeatures + 1)) / 2);
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  for (let row = 0; row < nFeatures; row++) {
    let y0 = 0;
    let y1 = 0;
    let y2 = 0;
    let y3 = 0;
    for (let j = (diagonal ? row : 0) * BLOCK; j <= row * BLOCK; j += BLOCK) {
      const factor = factors[at++];
      y0 += factor * differences[j];
      y1 += factor * differences[j + 1];
      y2 += factor * differences[j + 2];
      y3 += factor * differences[j + 3];
    }
    sum0 += y0 * y0;
    sum1 += y1 * y1;
    sum2 += y2 * y2;
    sum3 += y3 * y3;
  }
  out[0] = sum0;
  out[1] = sum1;
  out[2] = sum2;
  out[3] = sum3;
}

/** Reusable working space of the row loops. */
export interface DensityScratch {
  readonly differences: Float64Array;
  readonly squared: Float64Array;
}

/** Working space for a mixture of this many features. */
export function densityScratch(nFeatures: number): DensityScratch {
  return { differences: new Float64Array(nFeatures * BLOCK), squared: new Float64Array(BLOCK) };
}

/** ln(weight · density) of rows `start` to `end` (at most four), into `out[row * nComponents + component]`. */
export function logJointBlockInto(
  out: Float64Array,
  kernel: DensityKernel,
  data: Float64Array,
  start: number,
  end: number,
  scratch: DensityScratch,
): void {
  const { nComponents, logScales } = kernel;
  const { differences, squared } = scratch;
  for (let component = 0; component < nComponents; component++) {
    differencesInto(differences, kernel, component, data, start, end);
    mahalanobisBlockInto(squared, kernel, component, differences);
    const scale = logScales[component];
    for (let row = 0; row < BLOCK; row++) out[row * nComponents + component] = scale - 0.5 * squared[row];
  }
}

/**
 * Turns one row of joint log densities into responsibilities in place and returns ln of their sum, the row's log
 * density, with the largest taken out first so that nothing underflows to 0/0.
 */
export function normaliseRowInto(joint: Float64Array, at: number, nComponents: number): number {
  let largest = -Infinity;
  for (let k = at; k < at + nComponents; k++) if (joint[k] > largest) largest = joint[k];
  let sum = 0;
  for (let k = at; k < at + nComponents; k++) sum += joint[k] = Math.exp(joint[k] - largest);
  const inverse = 1 / sum;
  for (let k = at; k < at + nComponents; k++) joint[k] *= inverse;
  return largest + Math.log(sum);
}
