import {
  BLOCK,
  type DensityKernel,
  type DensityScratch,
  densityScratch,
  differencesInto,
  logJointBlockInto,
  normaliseRowInto,
} from "./density.ts";

/**
 * What one pass over rows leaves for the M step: per component the sum of responsibilities, and the first and second
 * moments about the component's present mean. Second moments are packed lower triangles, or diagonals.
 */
export interface Moments {
  readonly counts: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

/** Moments of nothing. */
export function emptyMoments(nComponents: number, nFeatures: number, diagonal: boolean): Moments {
  return {
    counts: new Float64Array(nComponents),
    first: new Float64Array(nComponents * nFeatures),
    second: new Float64Array(nComponents * (diagonal ? nFeatures : (nFeatures * (nFeatures + 1)) / 2)),
  };
}

/** Adds `part` to `out`. */
export function addMomentsInto(out: Moments, part: Moments): void {
  for (const name of ["counts", "first", "second"] as const) {
    for (let at = 0; at < part[name].length; at++) out[name][at] += part[name][at];
  }
}

/** A responsibility below this changes no bit of a sum in which the component has any weight. */
const NEGLIGIBLE = 2 ** -80;

/**
 * E step and the sums of the M step in one pass over rows `start` to `end`.
 *
 * Moments are taken about the present means, so that the covariance about the new means, S/N − δδᵀ, loses no digits
 * once the means have settled; the data are read once.
 *
 * @returns Sum of the rows' log densities.
 */
export function accumulateInto(
  out: Moments,
  kernel: DensityKernel,
  data: Float64Array,
  start: number,
  end: number,
): number {
  const { nComponents } = kernel;
  const scratch = densityScratch(kernel.nFeatures);
  const joint = new Float64Array(nComponents * BLOCK);
  const weights = new Float64Array(BLOCK);
  let logLikelihood = 0;
  for (let at = start; at < end; at += BLOCK) {
    const rows = Math.min(BLOCK, end - at);
    logJointBlockInto(joint, kernel, data, at, end, scratch);
    for (let row = 0; row < rows; row++) logLikelihood += normaliseRowInto(joint, row * nComponents, nComponents);
    for (let component = 0; component < nComponents; component++) {
      let total = 0;
      for (let row = 0; row < BLOCK; row++) {
        weights[row] = row < rows ? joint[row * nComponents + component] : 0;
        total += weights[row];
      }
      if (!(total > NEGLIGIBLE)) continue;
      differencesInto(scratch.differences, kernel, component, data, at, end);
      addBlockInto(out, kernel, component, weights, scratch);
    }
  }
  return logLikelihood;
}

/** Adds four weighted rows to one component's moments. */
function addBlockInto(
  out: Moments,
  kernel: DensityKernel,
  component: number,
  weights: Float64Array,
  scratch: DensityScratch,
): void {
  const { nFeatures } = kernel;
  const { diagonal } = kernel.whitening;
  const { differences } = scratch;
  const { first, second } = out;
  const w0 = weights[0];
  const w1 = weights[1];
  const w2 = weights[2];
  const w3 = weights[3];
  out.counts[component] += w0 + w1 + w2 + w3;
  let at = component * (diagonal ? nFeatures : (nFeatures * (nFeatures + 1)) / 2);
  for (let row = 0; row < nFeatures; row++) {
    const i = row * BLOCK;
    const x0 = w0 * differences[i];
    const x1 = w1 * differences[i + 1];
    const x2 = w2 * differences[i + 2];
    const x3 = w3 * differences[i + 3];
    first[component * nFeatures + row] += x0 + x1 + x2 + x3;
    for (let j = diagonal ? i : 0; j <= i; j += BLOCK) {
      second[at++] +=
        x0 * differences[j] + x1 * differences[j + 1] + (x2 * differences[j + 2] + x3 * differences[j + 3]);
    }
  }
}
