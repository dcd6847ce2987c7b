import { expect, test } from "vitest";
import {
  choleskyInto,
  invertLowerInto,
  logDeterminant,
  solveCholeskyInto,
  symmetricEigen,
} from "../../../src/linalg/index.ts";
import { Rng } from "../../../src/random/index.ts";

/** B Bᵀ + n·1 of a random B: symmetric positive definite. */
function positiveDefinite(n: number, rng: Rng): Float64Array {
  const b = Float64Array.from({ length: n * n }, () => rng.normal());
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      for (let k = 0; k < n; k++) a[i * n + j] += b[i * n + k] * b[j * n + k] + (i === j ? 1 : 0);
  return a;
}

function multiply(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) for (let k = 0; k < n; k++) out[i * n + j] += a[i * n + k] * b[k * n + j];
  return out;
}

const largest = (values: Iterable<number>) => Math.max(...[...values].map(Math.abs));

test("choleskyInto() gives the textbook factor of [[4, 2], [2, 5]]", () => {
  const out = new Float64Array(4);
  expect(choleskyInto(out, Float64Array.of(4, 2, 2, 5), 2)).toBe(-1);
  expect([...out]).toEqual([2, 0, 1, 2]);
});

test("choleskyInto() names the pivot when the matrix is not positive definite", () => {
  expect(choleskyInto(new Float64Array(4), Float64Array.of(1, 2, 2, 1), 2)).toBe(1);
  expect(choleskyInto(new Float64Array(1), Float64Array.of(Number.NaN), 1)).toBe(0);
});

test("solveCholeskyInto() solves A x = b for a random 12 × 12 matrix", () => {
  const n = 12;
  const rng = new Rng(1);
  const a = positiveDefinite(n, rng);
  const lower = new Float64Array(n * n);
  choleskyInto(lower, a, n);
  const x = Float64Array.from({ length: n }, () => rng.normal());
  const b = Float64Array.from({ length: n }, (_, i) => x.reduce((sum, value, j) => sum + a[i * n + j] * value, 0));
  const solved = solveCholeskyInto(b, lower, b);
  expect(largest(solved.map((value, i) => value - x[i]))).toBeLessThan(1e-12);
});

test("invertLowerInto() is the inverse of the factor", () => {
  const n = 9;
  const lower = new Float64Array(n * n);
  choleskyInto(lower, positiveDefinite(n, new Rng(2)), n);
  const product = multiply(lower, invertLowerInto(new Float64Array(n * n), lower, n), n);
  for (let i = 0; i < n; i++) product[i * n + i] -= 1;
  expect(largest(product)).toBeLessThan(1e-13);
});

test("symmetricEigen() rebuilds the matrix from orthonormal vectors in ascending order", () => {
  const n = 30;
  const a = positiveDefinite(n, new Rng(3));
  const { values, vectors } = symmetricEigen(a, n);
  expect([...values]).toEqual([...values].sort((p, q) => p - q));
  const scaled = vectors.map((value, at) => value * values[at % n]);
  const transposed = Float64Array.from({ length: n * n }, (_, at) => vectors[(at % n) * n + Math.floor(at / n)]);
  const rebuilt = multiply(scaled, transposed, n);
  expect(largest(rebuilt.map((value, at) => value - a[at]))).toBeLessThan(1e-11);
});

test("logDeterminant() equals the sum of the eigenvalues' logarithms", () => {
  const n = 8;
  const a = positiveDefinite(n, new Rng(4));
  const lower = new Float64Array(n * n);
  choleskyInto(lower, a, n);
  const expected = symmetricEigen(a, n).values.reduce((sum, value) => sum + Math.log(value), 0);
  expect(logDeterminant(lower, n)).toBeCloseTo(expected, 11);
});
