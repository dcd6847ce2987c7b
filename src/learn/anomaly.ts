import { finiteMatrix, type Rows } from "../array/index.ts";
import type { CompareContext } from "./compare.ts";

/** Rows between two looks at the Stop button. */
const BLOCK = 256;

/**
 * How far each row lies from its nearest neighbours: the mean Euclidean distance to them. Far means unlike all others.
 *
 * @param rows Shape (n, d), all finite, such as a model's latents.
 * @param options.nNeighbors Default 16, as Song et al. 2025 have it; at most n − 1.
 * @returns One distance per row.
 * @throws {RangeError} If there are not more rows than neighbours.
 * @see Song et al. 2025, arXiv:2502.01627; Ramaswamy et al. 2000, SIGMOD Record 29, 427
 */
export function anomalyScores(
  rows: Rows,
  options: { readonly nNeighbors?: number } = {},
  context: CompareContext = { report: () => {}, stopped: () => false },
): Float64Array {
  const { data, shape } = finiteMatrix("score anomalies", rows);
  const [n, d] = shape;
  const { nNeighbors = 16 } = options;
  if (!Number.isInteger(nNeighbors) || nNeighbors < 1 || nNeighbors >= n) {
    throw new RangeError(
      `Cannot score anomalies: nNeighbors must be an integer within 1–${n - 1}: current value is ${nNeighbors}`,
    );
  }
  const scores = new Float64Array(n);
  const nearest = new Float64Array(nNeighbors);
  for (let i = 0; i < n; i++) {
    if (i % BLOCK === 0) {
      if (context.stopped()) throw new Error(`Cannot score anomalies: stopped after ${i} of ${n} rows`);
      context.report({ done: i, total: n });
    }
    nearest.fill(Infinity);
    let farthest = Infinity;
    for (let j = 0; j < n; j++) {
      if (j === i) continue;
      let squared = 0;
      for (let k = 0; k < d && squared < farthest; k++) squared += (data[i * d + k]! - data[j * d + k]!) ** 2;
      if (squared >= farthest) continue;
      let place = nNeighbors - 1;
      while (place > 0 && nearest[place - 1]! > squared) {
        nearest[place] = nearest[place - 1]!;
        place--;
      }
      nearest[place] = squared;
      farthest = nearest[nNeighbors - 1]!;
    }
    scores[i] = nearest.reduce((sum, squared) => sum + Math.sqrt(squared), 0) / nNeighbors;
  }
  context.report({ done: n, total: n });
  return scores;
}
