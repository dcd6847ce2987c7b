/** Cholesky factor of a small symmetric matrix scaled to unit diagonal, or undefined if it is not positive definite. */
function factor(matrix: readonly (readonly number[])[]): { lower: number[][]; scale: number[] } | undefined {
  const n = matrix.length;
  const scale = matrix.map((row, i) => Math.sqrt(row[i]));
  if (!scale.every((value) => value > 0 && Number.isFinite(value))) return undefined;
  const lower = Array.from({ length: n }, () => new Array<number>(n).fill(0));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i][j] / (scale[i] * scale[j]);
      for (let k = 0; k < j; k++) sum -= lower[i][k] * lower[j][k];
      if (i === j) {
        if (!(sum > 1e-14)) return undefined;
        lower[i][i] = Math.sqrt(sum);
      } else lower[i][j] = sum / lower[j][j];
    }
  }
  return { lower, scale };
}

/** Solves A x = b for a small symmetric positive definite A; undefined if it is not. */
export function solvePositive(matrix: readonly (readonly number[])[], right: readonly number[]): number[] | undefined {
  const factored = factor(matrix);
  if (!factored) return undefined;
  const { lower, scale } = factored;
  const n = right.length;
  const x = right.map((value, i) => value / scale[i]);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i] -= lower[i][k] * x[k];
    x[i] /= lower[i][i];
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] -= lower[k][i] * x[k];
    x[i] /= lower[i][i];
  }
  return x.map((value, i) => value / scale[i]);
}

/** Inverse of a small symmetric positive definite matrix; undefined if it is not. */
export function invertPositive(matrix: readonly (readonly number[])[]): number[][] | undefined {
  const columns = matrix.map((_, i) =>
    solvePositive(
      matrix,
      matrix.map((_, j) => (i === j ? 1 : 0)),
    ),
  );
  return columns.every((column) => column !== undefined) ? (columns as number[][]) : undefined;
}
