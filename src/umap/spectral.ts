import { largestEigenpairs } from "../linalg/index.ts";
import type { Rng } from "../random/index.ts";
import type { SparseGraph } from "./fuzzy-graph.ts";

/**
 * Coordinates from the eigenvectors of the normalised Laplacian 1 − D^(−1/2) W D^(−1/2) with the smallest eigenvalues
 * above 0: a smooth first layout of a connected graph.
 *
 * The eigenvectors need not be exact, since the layout goes on from them: the search ends at a residual of 1e-3 or
 * after eight restarts.
 *
 * @returns Coordinates, shape (n, nComponents), unit vectors as columns.
 * @see Belkin & Niyogi 2003, Neural Computation 15, 1373
 */
export function spectralCoordinates(graph: SparseGraph, nComponents: number, rng: Rng): Float64Array {
  const { n, start, column, weight } = graph;
  const degree = new Float64Array(n);
  for (let row = 0; row < n; row++) for (let at = start[row]; at < start[row + 1]; at++) degree[row] += weight[at];
  const root = degree.map((sum) => 1 / Math.sqrt(sum));
  const scaled = new Float64Array(weight.length);
  for (let row = 0; row < n; row++) {
    for (let at = start[row]; at < start[row + 1]; at++) scaled[at] = weight[at] * root[row] * root[column[at]];
  }
  const total = Math.sqrt(degree.reduce((sum, value) => sum + value, 0));
  const { vectors } = largestEigenpairs(
    (out, v) => {
      for (let row = 0; row < n; row++) {
        let sum = 0;
        for (let at = start[row]; at < start[row + 1]; at++) sum += scaled[at] * v[column[at]];
        out[row] = sum;
      }
    },
    n,
    nComponents,
    {
      rng,
      tolerance: 1e-3,
      maxRestarts: 8,
      basisSize: Math.min(n - 1, 32 + 2 * nComponents),
      deflate: [degree.map((sum) => Math.sqrt(sum) / total)],
    },
  );
  const out = new Float64Array(n * nComponents);
  vectors.forEach((vector, j) => {
    for (let row = 0; row < n; row++) out[row * nComponents + j] = vector[row];
  });
  return out;
}
