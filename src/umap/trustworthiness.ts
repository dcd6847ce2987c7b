import { finiteMatrix, type Rows } from "../array/index.ts";
import { Rng } from "../random/index.ts";
import { emptyLists, offer } from "./neighbour-lists.ts";
import type { UmapMetric } from "./options.ts";
import { comparison, makePoints, type Points } from "./points.ts";

/**
 * How far an embedding's neighbourhoods can be trusted: 1 if each point's `nNeighbors` nearest in the embedding are
 * its nearest in the data too, less by how far down the data's ranking they come otherwise.
 *
 * T = 1 − 2 / (n k (2n − 3k − 1)) Σᵢ Σ_{j ∈ Nₖ(i)} max(0, r(i, j) − k)
 *
 * @param data Shape (n, d).
 * @param embedding Shape (n, d′).
 * @param options.nNeighbors k, below n / 2. Default 5.
 * @param options.metric Metric of the data; the embedding's is Euclidean. Default "euclidean".
 * @param options.nRows Average over this many rows, drawn by `seed`, instead of all: cost falls from n² to n · nRows
 *   while ranks stay exact. Default: all.
 * @param options.seed Default 0.
 * @see Venna & Kaski 2001, ICANN
 */
export function trustworthiness(
  data: Rows,
  embedding: Rows,
  options: { nNeighbors?: number; metric?: UmapMetric; nRows?: number; seed?: number } = {},
): number {
  const high = finiteMatrix("measure trustworthiness", data);
  const low = finiteMatrix("measure trustworthiness", embedding);
  const { nNeighbors: k = 5, metric = "euclidean", seed = 0 } = options;
  const [n] = high.shape;
  if (low.shape[0] !== n) {
    throw new TypeError(
      `Cannot measure trustworthiness: embedding must have ${n} rows like data: current number is ${low.shape[0]}`,
    );
  }
  if (!(Number.isInteger(k) && k >= 1 && k < n / 2)) {
    throw new RangeError(
      `Cannot measure trustworthiness: nNeighbors must be 1 or more and below ${n / 2} (half the rows): current value is ${k}`,
    );
  }
  const from = makePoints(high, metric);
  const to = makePoints(low, "euclidean");
  const rows = drawRows(n, options.nRows ?? n, new Rng(seed));
  let excess = 0;
  for (const row of rows) excess += rankExcess(from, to, row, k);
  return 1 - (2 / (rows.length * k * (2 * n - 3 * k - 1))) * excess;
}

function drawRows(n: number, count: number, rng: Rng): Int32Array {
  const all = Int32Array.from({ length: n }, (_, i) => i);
  return count < n ? rng.shuffleInto(all).slice(0, count) : all;
}

/** Sum over a row's embedded neighbours of how far beyond k their rank in the data is. */
function rankExcess(from: Points, to: Points, row: number, k: number): number {
  const { n } = from;
  const near = emptyLists(1, k);
  for (let other = 0; other < n; other++) {
    if (other !== row) offer(near, 0, other, gap(to, row, other));
  }
  const reach = Float32Array.from(near.index, (other) => gap(from, row, other));
  const ranks = new Int32Array(k).fill(1);
  for (let other = 0; other < n; other++) {
    if (other === row) continue;
    const d = gap(from, row, other);
    for (let j = 0; j < k; j++) if (d < reach[j]) ranks[j]++;
  }
  return ranks.reduce((sum, rank) => sum + Math.max(0, rank - k), 0);
}

function gap(points: Points, a: number, b: number): number {
  const { values, stride, metric } = points;
  return Math.fround(comparison(metric)(values, a * stride, values, b * stride, stride));
}
