import type { Matrix } from "../array/index.ts";
import type { Rng } from "../random/index.ts";

/**
 * k-means++ seeding: rows drawn with probability proportional to the squared distance from those already chosen,
 * the best of 2 + ln K draws each time.
 *
 * @returns The chosen rows' numbers, shape (nClusters,).
 * @see Arthur & Vassilvitskii 2007, SODA
 */
export function chooseSeeds(data: Matrix, nClusters: number, rng: Rng): Int32Array {
  const [n] = data.shape;
  const seeds = new Int32Array(nClusters);
  const closest = new Float64Array(n).fill(Infinity);
  seeds[0] = rng.integer(n);
  let total = lowerInto(closest, closest, data, seeds[0]);
  const trial = new Float64Array(n);
  const best = new Float64Array(n);
  const nTrials = 2 + Math.floor(Math.log(nClusters));
  for (let k = 1; k < nClusters; k++) {
    let bestTotal = Infinity;
    for (let t = 0; t < nTrials; t++) {
      const candidate = drawIndex(closest, total, rng);
      const candidateTotal = lowerInto(trial, closest, data, candidate);
      if (candidateTotal < bestTotal) {
        bestTotal = candidateTotal;
        seeds[k] = candidate;
        best.set(trial);
      }
    }
    closest.set(best);
    total = bestTotal;
  }
  return seeds;
}

/** Squared distances to the nearest seed once row `seed` is one; returns their sum. */
function lowerInto(out: Float64Array, closest: Float64Array, data: Matrix, seed: number): number {
  const [n, d] = data.shape;
  const values = data.data;
  let total = 0;
  for (let row = 0; row < n; row++) {
    let sum = 0;
    for (let j = 0; j < d; j++) sum += (values[row * d + j] - values[seed * d + j]) ** 2;
    total += out[row] = Math.min(closest[row], sum);
  }
  return total;
}

/** An index drawn with probability proportional to its weight; any index where all weights are 0. */
function drawIndex(weights: Float64Array, total: number, rng: Rng): number {
  if (!(total > 0)) return rng.integer(weights.length);
  let left = rng.uniform() * total;
  for (let at = 0; at < weights.length; at++) {
    left -= weights[at];
    if (left < 0) return at;
  }
  return weights.length - 1;
}

/**
 * Clusters rows by Lloyd's iterations from k-means++ seeds.
 *
 * @param options.maxIter Default 300.
 * @param options.tolerance Stop when the centres' summed squared move is below this times the mean variance of the
 *   columns. Default 1e-4.
 * @returns Each row's cluster, shape (n,).
 */
export function kmeansLabels(
  data: Matrix,
  nClusters: number,
  rng: Rng,
  options: { maxIter?: number; tolerance?: number } = {},
): Int32Array {
  const { maxIter = 300, tolerance = 1e-4 } = options;
  const [n, d] = data.shape;
  const centres = new Float64Array(nClusters * d);
  chooseSeeds(data, nClusters, rng).forEach((row, k) => {
    centres.set(data.data.subarray(row * d, (row + 1) * d), k * d);
  });
  const labels = new Int32Array(n);
  const threshold = tolerance * meanVariance(data);
  for (let iteration = 0; iteration < maxIter; iteration++) {
    const changed = assignInto(labels, data, centres);
    if (moveInto(centres, data, labels) <= threshold || changed === 0) break;
  }
  assignInto(labels, data, centres);
  return labels;
}

/** Gives each row its nearest centre; returns how many rows changed. */
function assignInto(labels: Int32Array, data: Matrix, centres: Float64Array): number {
  const [n, d] = data.shape;
  const nClusters = centres.length / d;
  const values = data.data;
  let changed = 0;
  for (let row = 0; row < n; row++) {
    let nearest = 0;
    let least = Infinity;
    for (let k = 0; k < nClusters; k++) {
      let sum = 0;
      for (let j = 0; j < d && sum < least; j++) {
        const difference = values[row * d + j] - centres[k * d + j];
        sum += difference * difference;
      }
      if (sum < least) {
        least = sum;
        nearest = k;
      }
    }
    if (labels[row] !== nearest) changed++;
    labels[row] = nearest;
  }
  return changed;
}

/** Moves each centre to its rows' mean (an empty one stays); returns the summed squared move. */
function moveInto(centres: Float64Array, data: Matrix, labels: Int32Array): number {
  const [n, d] = data.shape;
  const sums = new Float64Array(centres.length);
  const counts = new Float64Array(centres.length / d);
  for (let row = 0; row < n; row++) {
    counts[labels[row]]++;
    for (let j = 0; j < d; j++) sums[labels[row] * d + j] += data.data[row * d + j];
  }
  let move = 0;
  for (let at = 0; at < centres.length; at++) {
    const count = counts[Math.floor(at / d)];
    if (count === 0) continue;
    move += (centres[at] - sums[at] / count) ** 2;
    centres[at] = sums[at] / count;
  }
  return move;
}

function meanVariance(data: Matrix): number {
  const [n, d] = data.shape;
  let total = 0;
  for (let j = 0; j < d; j++) {
    let mean = 0;
    for (let row = 0; row < n; row++) mean += data.data[row * d + j] / n;
    for (let row = 0; row < n; row++) total += (data.data[row * d + j] - mean) ** 2 / n;
  }
  return total / d;
}
