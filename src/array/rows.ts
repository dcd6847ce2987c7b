import { checkShape, type Matrix } from "./shape.ts";

/** A table of numbers as users hand it over: a matrix, or an array of rows. */
export type Rows = Matrix<Float64Array> | Matrix<Float32Array> | readonly ArrayLike<number>[];

/**
 * A table of finite numbers as a float64 matrix; shares the caller's memory where it is one already.
 *
 * @param action What the caller was asked to do; it starts the errors ("fit GMM").
 * @param rows The table.
 * @throws {TypeError} If rows differ in length or there are none.
 * @throws {RangeError} If a value is not a finite number; the error names its row and column.
 */
export function finiteMatrix(action: string, rows: Rows): Matrix<Float64Array> {
  const matrix = toMatrix(action, rows);
  const at = matrix.data.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) {
    const [, nColumns] = matrix.shape;
    throw new RangeError(
      `Cannot ${action}: data must be finite numbers: row ${Math.floor(at / nColumns)}, column ${at % nColumns} is ${matrix.data[at]}`,
    );
  }
  return matrix;
}

function toMatrix(action: string, rows: Rows): Matrix<Float64Array> {
  if ("shape" in rows) {
    checkShape("data", rows, [-1, -1]);
    const [nRows, nColumns] = rows.shape;
    if (nRows === 0 || nColumns === 0) throw empty(action, nRows, nColumns);
    return rows.data instanceof Float64Array
      ? (rows as Matrix<Float64Array>)
      : { data: Float64Array.from(rows.data), shape: rows.shape };
  }
  const nRows = rows.length;
  const nColumns = nRows > 0 ? rows[0].length : 0;
  if (nRows === 0 || nColumns === 0) throw empty(action, nRows, nColumns);
  const data = new Float64Array(nRows * nColumns);
  rows.forEach((row, index) => {
    if (row.length !== nColumns) {
      throw new TypeError(
        `Cannot ${action}: all rows must have ${nColumns} values like row 0: row ${index} has ${row.length}`,
      );
    }
    data.set(row, index * nColumns);
  });
  return { data, shape: [nRows, nColumns] };
}

function empty(action: string, nRows: number, nColumns: number): TypeError {
  return new TypeError(
    `Cannot ${action}: data must have at least one row and one column: current shape is (${nRows}, ${nColumns})`,
  );
}
