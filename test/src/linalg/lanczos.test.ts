import { expect, test } from "vitest";
import { largestEigenpairs, principalAxes } from "../../../src/linalg/index.ts";
import { Rng } from "../../../src/random/index.ts";

/** Path graph of n points: adjacency eigenvalues are 2 cos(π k / (n + 1)), k = 1..n. */
const path = (out: Float64Array, v: Float64Array) => {
  for (let i = 0; i < v.length; i++) out[i] = (i > 0 ? v[i - 1] : 0) + (i + 1 < v.length ? v[i + 1] : 0);
};

test("largestEigenpairs() gives the path graph's closed-form eigenvalues", () => {
  const n = 200;
  const { values, vectors, converged } = largestEigenpairs(path, n, 4, { rng: new Rng(1), tolerance: 1e-10 });
  expect(converged).toBe(true);
  values.forEach((value, i) => {
    expect(value).toBeCloseTo(2 * Math.cos((Math.PI * (i + 1)) / (n + 1)), 10);
  });
  const product = new Float64Array(n);
  path(product, vectors[3]);
  expect(Math.max(...product.map((value, i) => Math.abs(value - values[3] * vectors[3][i])))).toBeLessThan(1e-8);
});

test("largestEigenpairs() keeps deflated vectors out", () => {
  const n = 60;
  const options = { rng: new Rng(1), tolerance: 1e-10 };
  const { vectors } = largestEigenpairs(path, n, 1, options);
  const { values } = largestEigenpairs(path, n, 1, { ...options, deflate: vectors });
  expect(values[0]).toBeCloseTo(2 * Math.cos((2 * Math.PI) / (n + 1)), 9);
});

test("largestEigenpairs() finds repeated eigenvalues and all of a tiny matrix", () => {
  const identity = (out: Float64Array, v: Float64Array) => out.set(v);
  const { values, converged } = largestEigenpairs(identity, 3, 3, { rng: new Rng(1) });
  expect([...values].map((value) => Math.round(value * 1e12) / 1e12)).toEqual([1, 1, 1]);
  expect(converged).toBe(true);
});

test("principalAxes() finds the long axis of a stretched cloud", () => {
  const rng = new Rng(2);
  const data = new Float64Array(2000 * 3).map((_, at) => [5, 1, 0.2][at % 3] * rng.normal() + 10);
  const { axes, variances, scores } = principalAxes({ data, shape: [2000, 3] }, 2, new Rng(3));
  expect(Math.abs(axes[0][0])).toBeGreaterThan(0.999);
  // Relative error of a variance from 2 000 rows: √(2/2000) = 0.03; four of them.
  expect(Math.abs(variances[0] / 25 - 1)).toBeLessThan(0.13);
  expect(scores.data.reduce((sum, value, at) => (at % 2 === 0 ? sum + value : sum), 0) / 2000).toBeCloseTo(0, 9);
});
