import { finiteMatrix, type Rows } from "./rows.ts";

/**
 * The rows nearest to one row, itself left out, nearest first (Euclidean distance, brute force).
 *
 * @param data Rows to search, shape (n, d), all finite.
 * @param row Index of the row to start from.
 * @param options.count How many, at most n − 1. Default 10.
 * @returns Row indices, shape (count,).
 * @throws {RangeError} If `row` is none of the rows.
 * @example nearestRows(model.latents, 17, { count: 12 })
 */
export function nearestRows(data: Rows, row: number, options: { count?: number } = {}): Uint32Array {
  const { data: values, shape } = finiteMatrix("find nearest rows", data);
  const [n, d] = shape;
  if (!(Number.isInteger(row) && row >= 0 && row < n)) {
    throw new RangeError(`Cannot find nearest rows: row must be 0–${n - 1}: current value is ${row}`);
  }
  const squared = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < d; j++) sum += (values[i * d + j]! - values[row * d + j]!) ** 2;
    squared[i] = sum;
  }
  const others = Uint32Array.from({ length: n - 1 }, (_, i) => (i < row ? i : i + 1));
  return others.sort((a, b) => squared[a]! - squared[b]!).subarray(0, options.count ?? 10);
}
