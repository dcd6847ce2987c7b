import type { Matrix } from "../array/index.ts";

/** A table whose values are numbered in ascending order, feature by feature, so that nodes sort small whole numbers. */
export interface RankedRows {
  readonly rows: number;
  readonly features: number;
  /** Rank of every value among the distinct ones of its feature, shape (features, rows). */
  readonly rank: Uint32Array;
  /** Per feature, its distinct values, ascending. */
  readonly distinct: readonly Float64Array[];
}

/** Numbers the values of every feature of a finite table. */
export function rankRows(table: Matrix<Float64Array>): RankedRows {
  const [rows, features] = table.shape;
  const rank = new Uint32Array(rows * features);
  const distinct: Float64Array[] = [];
  for (let j = 0; j < features; j++) {
    const value = (row: number) => table.data[row * features + j]!;
    const order = Uint32Array.from({ length: rows }, (_, row) => row).sort((a, b) => value(a) - value(b));
    const values: number[] = [];
    for (const row of order) {
      if (values.length === 0 || value(row) > values[values.length - 1]!) values.push(value(row));
      rank[j * rows + row] = values.length - 1;
    }
    distinct.push(Float64Array.from(values));
  }
  return { rows, features, rank, distinct };
}
