import type { Matrix } from "../../../src/array/index.ts";

/** The rows of test/fixtures/gmm/generate.py, from the same recurrence (Park & Miller 1988). */
export function fixtureData(description: { n: number; d: number; k: number; seed: number }): Matrix {
  const { n, d, k, seed } = description;
  let state = seed;
  const next = () => (state = (state * 16807) % 2147483647) / 2147483647;
  const u = Float64Array.from({ length: n * d }, () => next() + next() + next() - 1.5);
  const data = new Float64Array(n * d);
  for (let row = 0; row < n; row++) {
    const c = row % k;
    for (let j = 0; j < d; j++) {
      const mixed = u[row * d + j] + 0.6 * u[row * d + ((j + c + 1) % d)];
      data[row * d + j] = mixed * (1 + 0.5 * ((j + c) % 3)) + 1.5 * ((c * (j + 1)) % k);
    }
  }
  return { data, shape: [n, d] };
}
