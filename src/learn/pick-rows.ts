import type { Matrix } from "../array/index.ts";

/** Some rows of a table, in the order given. */
export function pickRows(table: Matrix<Float64Array>, rows: readonly number[]): Matrix<Float64Array> {
  const [, d] = table.shape;
  const data = new Float64Array(rows.length * d);
  rows.forEach((row, i) => {
    data.set(table.data.subarray(row * d, (row + 1) * d), i * d);
  });
  return { data, shape: [rows.length, d] };
}
