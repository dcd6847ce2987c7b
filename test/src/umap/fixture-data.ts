import type { Matrix } from "../../../src/array/index.ts";

/** How test/peers/umap_reference.py made a data set. */
export interface Recipe {
  readonly kind: "blobs" | "roll" | "chain";
  readonly n: number;
  readonly d: number;
  readonly k: number;
  readonly seed: number;
}

/** The same rows from the same recurrence (Park & Miller 1988). */
export function fixtureData(recipe: Recipe): Matrix {
  const { kind, n, d, k, seed } = recipe;
  let state = seed;
  const next = () => (state = (state * 16807) % 2147483647) / 2147483647;
  const draw = (count: number) => Float64Array.from({ length: count }, next);
  if (kind === "blobs") {
    const centres = draw(k * d);
    const data = Float64Array.from({ length: n * d }, () => next() + next() + next() - 1.5);
    return {
      data: data.map((noise, at) => noise + 4 * centres[(Math.floor(at / d) % k) * d + (at % d)]),
      shape: [n, d],
    };
  }
  if (kind === "roll") {
    const rows = Array.from({ length: n }, () => {
      const t = 1.5 + 6 * next();
      return [t * (1 - (t * t) / 40), 4 * next(), (t * t) / 8];
    });
    return { data: Float64Array.from(rows.flat()), shape: [n, 3] };
  }
  const along = draw(n).map((u) => 4 * u);
  const data = draw(n * d).map((u, at) => {
    const square = (along[Math.floor(at / d)] - ((at % d) * 4) / d) ** 2;
    return square / (1 + square) + 0.1 * (u - 0.5);
  });
  return { data, shape: [n, d] };
}
