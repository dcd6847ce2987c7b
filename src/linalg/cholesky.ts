/**
 * Cholesky factor of a symmetric positive definite matrix, A = L Lᵀ, written as a full lower triangle.
 *
 * @param out Receives L row by row, n × n, zeros above the diagonal; may be `a` itself.
 * @param a The matrix, row by row; only its lower triangle is read.
 * @returns -1, or the index of the first pivot that is not positive (then `out` is incomplete).
 */
export function choleskyInto(out: Float64Array, a: Float64Array, n: number): number {
  for (let row = 0; row < n; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = a[row * n + column];
      for (let inner = 0; inner < column; inner++) sum -= out[row * n + inner] * out[column * n + inner];
      if (column < row) out[row * n + column] = sum / out[column * n + column];
      else if (sum > 0) out[row * n + row] = Math.sqrt(sum);
      else return row;
    }
    out.fill(0, row * n + row + 1, (row + 1) * n);
  }
  return -1;
}

/** Solves L x = b by forward substitution; `out` may be `b`. */
export function solveLowerInto(out: Float64Array, lower: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  for (let row = 0; row < n; row++) {
    let sum = b[row];
    for (let column = 0; column < row; column++) sum -= lower[row * n + column] * out[column];
    out[row] = sum / lower[row * n + row];
  }
  return out;
}

/** Solves Lᵀ x = b by back substitution; `out` may be `b`. */
export function solveLowerTransposedInto(out: Float64Array, lower: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  for (let row = n - 1; row >= 0; row--) {
    let sum = b[row];
    for (let column = row + 1; column < n; column++) sum -= lower[column * n + row] * out[column];
    out[row] = sum / lower[row * n + row];
  }
  return out;
}

/** Solves A x = b, given A's Cholesky factor; `out` may be `b`. */
export function solveCholeskyInto(out: Float64Array, lower: Float64Array, b: Float64Array): Float64Array {
  return solveLowerTransposedInto(out, lower, solveLowerInto(out, lower, b));
}

/** The inverse of a lower triangle, itself lower triangular; `out` must not be `lower`. */
export function invertLowerInto(out: Float64Array, lower: Float64Array, n: number): Float64Array {
  out.fill(0, 0, n * n);
  for (let column = 0; column < n; column++) {
    out[column * n + column] = 1 / lower[column * n + column];
    for (let row = column + 1; row < n; row++) {
      let sum = 0;
      for (let inner = column; inner < row; inner++) sum -= lower[row * n + inner] * out[inner * n + column];
      out[row * n + column] = sum / lower[row * n + row];
    }
  }
  return out;
}

/** ln det A, given A's Cholesky factor. */
export function logDeterminant(lower: Float64Array, n: number): number {
  let sum = 0;
  for (let row = 0; row < n; row++) sum += Math.log(lower[row * n + row]);
  return 2 * sum;
}
