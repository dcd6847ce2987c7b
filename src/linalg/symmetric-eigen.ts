/** Eigenvalues in ascending order and, in the columns of a row-major n × n matrix, their unit eigenvectors. */
export interface Eigensystem {
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

/**
 * All eigenvalues and eigenvectors of a small symmetric matrix by cyclic Jacobi rotations.
 *
 * Cost grows as n³ with a large constant: meant for n up to a few hundred. Small eigenvalues of a graded matrix
 * come out with high relative accuracy.
 *
 * @param a Symmetric matrix, row by row, n × n; not changed.
 * @see Golub & Van Loan, Matrix Computations, 4th ed., section 8.5
 */
export function symmetricEigen(a: Float64Array, n: number): Eigensystem {
  const work = a.slice(0, n * n);
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1;
  for (let sweep = 0; sweep < 60 && offDiagonal(work, n) > 0; sweep++) {
    for (let p = 0; p < n - 1; p++) for (let q = p + 1; q < n; q++) rotate(work, vectors, n, p, q);
  }
  return sorted(work, vectors, n);
}

/** Sum of squares above the diagonal, counting as zero what the diagonal's rounding swallows. */
function offDiagonal(work: Float64Array, n: number): number {
  let above = 0;
  let diagonal = 0;
  for (let p = 0; p < n; p++) {
    diagonal += work[p * n + p] ** 2;
    for (let q = p + 1; q < n; q++) above += work[p * n + q] ** 2;
  }
  return above > diagonal * 1e-33 ? above : 0;
}

/** One Jacobi rotation that zeroes element (p, q). */
function rotate(work: Float64Array, vectors: Float64Array, n: number, p: number, q: number): void {
  const apq = work[p * n + q];
  if (apq === 0) return;
  const theta = (work[q * n + q] - work[p * n + p]) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (let k = 0; k < n; k++) {
    const kp = work[k * n + p];
    const kq = work[k * n + q];
    work[k * n + p] = c * kp - s * kq;
    work[k * n + q] = s * kp + c * kq;
  }
  for (let k = 0; k < n; k++) {
    const pk = work[p * n + k];
    const qk = work[q * n + k];
    work[p * n + k] = c * pk - s * qk;
    work[q * n + k] = s * pk + c * qk;
    const vp = vectors[k * n + p];
    const vq = vectors[k * n + q];
    vectors[k * n + p] = c * vp - s * vq;
    vectors[k * n + q] = s * vp + c * vq;
  }
  work[p * n + q] = 0;
  work[q * n + p] = 0;
}

function sorted(work: Float64Array, vectors: Float64Array, n: number): Eigensystem {
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => work[i * n + i] - work[j * n + j]);
  const columns = new Float64Array(n * n);
  for (let at = 0; at < n * n; at++) columns[at] = vectors[at - (at % n) + order[at % n]];
  return { values: Float64Array.from(order, (i) => work[i * n + i]), vectors: columns };
}
