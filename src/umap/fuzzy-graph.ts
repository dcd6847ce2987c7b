import type { NeighbourLists } from "./neighbour-lists.ts";

/** A sparse matrix, row by row: row i has columns `column[start[i]..start[i + 1])`, ascending, with their weights. */
export interface SparseGraph {
  readonly n: number;
  readonly start: Int32Array;
  readonly column: Int32Array;
  readonly weight: Float32Array;
}

/** Each point's own scale of distance: `rho`, how far its nearest is, and `sigma`, how fast membership falls beyond. */
export interface LocalScales {
  readonly rho: Float32Array;
  readonly sigma: Float32Array;
}

/** Least sigma, as a share of the mean distance. */
const LEAST_SCALE = 1e-3;

/**
 * Finds each point's `sigma` so that its memberships sum to log₂ of `nNeighbors`, by bisection.
 *
 * @param distance Distances to the others, ascending, shape (n, k) with k = nNeighbors − 1.
 * @see McInnes, Healy & Melville 2018, arXiv:1802.03426, algorithm 3
 */
export function localScales(
  distance: Float32Array,
  k: number,
  options: { nNeighbors: number; localConnectivity: number },
): LocalScales {
  const n = distance.length / k;
  const target = Math.log2(options.nNeighbors);
  const rho = new Float32Array(n);
  const sigma = new Float32Array(n);
  const overall = distance.reduce((sum, d) => sum + d, 0) / (n * (k + 1));
  for (let row = 0; row < n; row++) {
    rho[row] = nearestDistance(distance, row * k, k, options.localConnectivity);
    let low = 0;
    let high = Infinity;
    let middle = 1;
    for (let step = 0; step < 64; step++) {
      let sum = 0;
      for (let at = row * k; at < (row + 1) * k; at++) {
        const beyond = distance[at] - rho[row];
        sum += beyond > 0 ? Math.exp(-beyond / middle) : 1;
      }
      if (Math.abs(sum - target) < 1e-5) break;
      if (sum > target) high = middle;
      else low = middle;
      middle = high === Infinity ? middle * 2 : (low + high) / 2;
    }
    let mean = 0;
    for (let at = row * k; at < (row + 1) * k; at++) mean += distance[at] / (k + 1);
    sigma[row] = Math.max(middle, LEAST_SCALE * (rho[row] > 0 ? mean : overall));
  }
  return { rho, sigma };
}

/** Distance within which a point counts as fully connected: between its ⌊c⌋-th and next non-zero distance. */
function nearestDistance(distance: Float32Array, first: number, k: number, connectivity: number): number {
  let zeros = 0;
  while (zeros < k && distance[first + zeros] === 0) zeros++;
  const positive = k - zeros;
  const whole = Math.floor(connectivity);
  if (positive === 0) return 0;
  if (positive < connectivity) return distance[first + k - 1];
  const at = first + zeros + whole;
  if (whole === 0) return connectivity * distance[at];
  const rest = connectivity - whole;
  return distance[at - 1] + (rest > 1e-5 ? rest * (distance[at] - distance[at - 1]) : 0);
}

/**
 * The fuzzy simplicial set of the points: memberships of each point's neighbours, joined with those seen from the
 * other side by a + b − ab (`setOpMixRatio` 1) or ab (0), or in between.
 *
 * @param lists Neighbours with true distances.
 */
export function fuzzyGraph(
  lists: NeighbourLists,
  options: { nNeighbors: number; localConnectivity: number; setOpMixRatio: number },
): SparseGraph {
  const scales = localScales(lists.distance, lists.k, options);
  const forward = sortedRows(lists, memberships(lists, scales));
  return union(forward, transpose(forward), options.setOpMixRatio);
}

/** Membership strengths exp(−(d − rho) / sigma), shape (n, k). */
export function memberships(
  lists: Pick<NeighbourLists, "n" | "k" | "index" | "distance">,
  scales: LocalScales,
): Float32Array {
  const { n, k, distance, index } = lists;
  const weight = new Float32Array(n * k);
  for (let row = 0; row < n; row++) {
    for (let at = row * k; at < (row + 1) * k; at++) {
      if (index[at] < 0) continue;
      const beyond = distance[at] - scales.rho[row];
      weight[at] = beyond > 0 && scales.sigma[row] > 0 ? Math.exp(-beyond / scales.sigma[row]) : 1;
    }
  }
  return weight;
}

/** The lists as a sparse matrix with ascending columns. */
function sortedRows(lists: NeighbourLists, weight: Float32Array): SparseGraph {
  const { n, k, index } = lists;
  const start = new Int32Array(n + 1);
  const column = new Int32Array(n * k);
  const sorted = new Float32Array(n * k);
  for (let row = 0; row < n; row++) {
    let end = start[row];
    for (let at = row * k; at < (row + 1) * k; at++) {
      if (index[at] < 0) continue;
      let to = end++;
      for (; to > start[row] && column[to - 1] > index[at]; to--) {
        column[to] = column[to - 1];
        sorted[to] = sorted[to - 1];
      }
      column[to] = index[at];
      sorted[to] = weight[at];
    }
    start[row + 1] = end;
  }
  return { n, start, column: column.subarray(0, start[n]), weight: sorted.subarray(0, start[n]) };
}

/** The transposed matrix, by counting. */
function transpose(graph: SparseGraph): SparseGraph {
  const { n, start, column, weight } = graph;
  const to = new Int32Array(n + 1);
  for (const j of column) to[j + 1]++;
  for (let row = 0; row < n; row++) to[row + 1] += to[row];
  const next = to.slice();
  const columns = new Int32Array(column.length);
  const weights = new Float32Array(column.length);
  for (let row = 0; row < n; row++) {
    for (let at = start[row]; at < start[row + 1]; at++) {
      const place = next[column[at]]++;
      columns[place] = row;
      weights[place] = weight[at];
    }
  }
  return { n, start: to, column: columns, weight: weights };
}

/** Merges two matrices row by row by the fuzzy set operation. */
function union(one: SparseGraph, two: SparseGraph, mix: number): SparseGraph {
  const { n } = one;
  const start = new Int32Array(n + 1);
  const column = new Int32Array(one.column.length + two.column.length);
  const weight = new Float32Array(column.length);
  let to = 0;
  for (let row = 0; row < n; row++) {
    let i = one.start[row];
    let j = two.start[row];
    while (i < one.start[row + 1] || j < two.start[row + 1]) {
      const left = i < one.start[row + 1] ? one.column[i] : Infinity;
      const right = j < two.start[row + 1] ? two.column[j] : Infinity;
      const a = left <= right ? one.weight[i++] : 0;
      const b = right <= left ? two.weight[j++] : 0;
      const joined = mix * (a + b - a * b) + (1 - mix) * a * b;
      if (joined === 0) continue;
      column[to] = Math.min(left, right);
      weight[to++] = joined;
    }
    start[row + 1] = to;
  }
  return { n, start, column: column.slice(0, to), weight: weight.slice(0, to) };
}
