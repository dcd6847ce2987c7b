import type { Rng } from "../random/index.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";

/** How far to go. */
export interface LanczosOptions {
  /** Draws the first vector. */
  readonly rng: Rng;
  /** Stop when every residual |Av − λv| is below this times the largest |λ|. Default 1e-6. */
  readonly tolerance?: number;
  /** Vectors kept at a time; more converge in fewer products. Default 20 + 2 × `count`, at most n. */
  readonly basisSize?: number;
  /** Most restarts. Default 100. */
  readonly maxRestarts?: number;
  /** Unit vectors, orthogonal to one another, to keep out of the search, such as known eigenvectors. Default: none. */
  readonly deflate?: readonly Float64Array[];
}

/** The largest eigenvalues, descending, and their unit eigenvectors. */
export interface Eigenpairs {
  readonly values: Float64Array;
  readonly vectors: readonly Float64Array[];
  /** Whether every residual got below the tolerance. */
  readonly converged: boolean;
}

/**
 * The algebraically largest eigenpairs of a symmetric operator, by thick-restart Lanczos with full orthogonalisation.
 *
 * @param multiplyInto Writes A v to `out`.
 * @param n Length of the vectors.
 * @param count Number of pairs, 1 to n less the deflated vectors.
 * @see Wu & Simon 2000, SIAM J. Matrix Anal. Appl. 22, 602
 */
export function largestEigenpairs(
  multiplyInto: (out: Float64Array, v: Float64Array) => void,
  n: number,
  count: number,
  options: LanczosOptions,
): Eigenpairs {
  const { rng, tolerance = 1e-6, maxRestarts = 100, deflate = [] } = options;
  const free = n - deflate.length;
  const size = Math.min(free, options.basisSize ?? 20 + 2 * count);
  const basis = Array.from({ length: size + 1 }, () => new Float64Array(n));
  const projected = new Float64Array(size * size);
  randomUnitInto(basis[0], [], deflate, rng);
  let kept = 0;
  for (let restart = 0; ; restart++) {
    let remainder = 0;
    for (let j = kept; j < size; j++) {
      const next = basis[j + 1];
      multiplyInto(next, basis[j]);
      remove(next, deflate);
      for (let pass = 0; pass < 2; pass++) {
        for (let i = 0; i <= j; i++) {
          const overlap = dot(next, basis[i]);
          addScaledInto(next, basis[i], -overlap);
          if (pass === 0) projected[i * size + j] = projected[j * size + i] = overlap;
        }
      }
      remainder = Math.sqrt(dot(next, next));
      if (remainder > 1e-14) scaleInto(next, 1 / remainder);
      else if (j + 1 < size) randomUnitInto(next, basis.slice(0, j + 1), deflate, rng);
    }
    const { values, vectors } = symmetricEigen(projected, size);
    const largest = Math.max(Math.abs(values[0]), Math.abs(values[size - 1]));
    const settled = Array.from({ length: count }, (_, i) => size - 1 - i).every(
      (at) => Math.abs(remainder * vectors[(size - 1) * size + at]) <= tolerance * largest,
    );
    if (settled || size === free || restart === maxRestarts) {
      return {
        values: Float64Array.from({ length: count }, (_, i) => values[size - 1 - i]),
        vectors: combine(basis, vectors, size, count),
        converged: settled || size === free,
      };
    }
    kept = Math.min(size - 1, count + Math.floor((size - count) / 2));
    const ritz = combine(basis, vectors, size, kept);
    for (let i = 0; i < kept; i++) basis[i].set(ritz[i]);
    basis[kept].set(basis[size]);
    projected.fill(0);
    for (let i = 0; i < kept; i++) projected[i * size + i] = values[size - 1 - i];
  }
}

/** The `count` Ritz vectors of the largest values. */
function combine(basis: Float64Array[], vectors: Float64Array, size: number, count: number): Float64Array[] {
  return Array.from({ length: count }, (_, i) => {
    const out = new Float64Array(basis[0].length);
    for (let j = 0; j < size; j++) addScaledInto(out, basis[j], vectors[j * size + (size - 1 - i)]);
    return out;
  });
}

function randomUnitInto(
  out: Float64Array,
  others: readonly Float64Array[],
  deflate: readonly Float64Array[],
  rng: Rng,
): void {
  for (let at = 0; at < out.length; at++) out[at] = rng.normal();
  for (let pass = 0; pass < 2; pass++) {
    remove(out, deflate);
    remove(out, others);
  }
  scaleInto(out, 1 / Math.sqrt(dot(out, out)));
}

function remove(out: Float64Array, directions: readonly Float64Array[]): void {
  for (const direction of directions) addScaledInto(out, direction, -dot(out, direction));
}

function dot(left: Float64Array, right: Float64Array): number {
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  let at = 0;
  for (; at + 3 < left.length; at += 4) {
    sum0 += left[at] * right[at];
    sum1 += left[at + 1] * right[at + 1];
    sum2 += left[at + 2] * right[at + 2];
    sum3 += left[at + 3] * right[at + 3];
  }
  for (; at < left.length; at++) sum0 += left[at] * right[at];
  return sum0 + sum1 + (sum2 + sum3);
}

function addScaledInto(out: Float64Array, direction: Float64Array, scale: number): void {
  for (let at = 0; at < out.length; at++) out[at] += scale * direction[at];
}

function scaleInto(out: Float64Array, scale: number): void {
  for (let at = 0; at < out.length; at++) out[at] *= scale;
}
