import type { Matrix } from "../array/index.ts";
import type { UmapMetric } from "./options.ts";
import { reorderRows } from "./row-order.ts";

/**
 * Rows prepared for distances: single precision, each padded with zeros to a multiple of four values, so that the
 * distance loops need no remainder. Euclidean and Manhattan rows are centred first, which changes no distance and
 * keeps the digits of columns such as dates; cosine rows are scaled to unit length.
 */
export interface Points {
  readonly values: Float32Array;
  readonly n: number;
  /** Values from one row to the next. */
  readonly stride: number;
  readonly metric: UmapMetric;
  /** What was taken from each column before rounding; zeros for cosine. */
  readonly centre: Float64Array;
}

/**
 * Prepares rows.
 *
 * @param centre Column means to take off: those of the points that these will be compared with. Default: their own.
 * @throws {RangeError} If the metric is cosine and a row is all zeros.
 */
export function makePoints(data: Matrix, metric: UmapMetric, centre?: Float64Array): Points {
  const [n, d] = data.shape;
  const stride = (d + 3) & ~3;
  const offset = centre ?? (metric === "cosine" ? new Float64Array(d) : columnMeans(data));
  const values = new Float32Array(n * stride);
  for (let row = 0; row < n; row++) {
    const scale = metric === "cosine" ? 1 / norm(data, row) : 1;
    if (scale === Infinity) {
      throw new RangeError(`Cannot fit UMAP: with metric "cosine" a row must not be all zeros: row ${row} is`);
    }
    for (let j = 0; j < d; j++) values[row * stride + j] = (data.data[row * d + j] - offset[j]) * scale;
  }
  return { values, n, stride, metric, centre: offset };
}

function columnMeans(data: Matrix): Float64Array {
  const [n, d] = data.shape;
  const means = new Float64Array(d);
  for (let row = 0; row < n; row++) for (let j = 0; j < d; j++) means[j] += data.data[row * d + j];
  return means.map((sum) => sum / n);
}

function norm(data: Matrix, row: number): number {
  const d = data.shape[1];
  let sum = 0;
  for (let j = 0; j < d; j++) sum += data.data[row * d + j] ** 2;
  return Math.sqrt(sum);
}

/** The same points in another order: row i of the result is row `order[i]`. */
export function reorderPoints(points: Points, order: Int32Array): Points {
  return { ...points, values: reorderRows(points.values, order, points.stride) };
}

/**
 * Squared Euclidean distance between the rows that start at `a` and `b`. Exactly symmetric, which the neighbour lists
 * rely on to find duplicates.
 */
export function squaredDistance(left: Float32Array, a: number, right: Float32Array, b: number, stride: number): number {
  let sum0 = 0;
  let sum1 = 0;
  for (let j = 0; j < stride; j += 4) {
    const d0 = left[a + j] - right[b + j];
    const d1 = left[a + j + 1] - right[b + j + 1];
    const d2 = left[a + j + 2] - right[b + j + 2];
    const d3 = left[a + j + 3] - right[b + j + 3];
    sum0 += d0 * d0 + d1 * d1;
    sum1 += d2 * d2 + d3 * d3;
  }
  return sum0 + sum1;
}

/** Manhattan distance between the rows that start at `a` and `b`. */
export function manhattanDistance(
  left: Float32Array,
  a: number,
  right: Float32Array,
  b: number,
  stride: number,
): number {
  let sum = 0;
  for (let j = 0; j < stride; j += 4) {
    sum +=
      Math.abs(left[a + j] - right[b + j]) +
      Math.abs(left[a + j + 1] - right[b + j + 1]) +
      (Math.abs(left[a + j + 2] - right[b + j + 2]) + Math.abs(left[a + j + 3] - right[b + j + 3]));
  }
  return sum;
}

/** What the searches compare: grows with the metric's distance and is cheaper than it. */
export function comparison(metric: UmapMetric): typeof squaredDistance {
  return metric === "manhattan" ? manhattanDistance : squaredDistance;
}

/** Turns compared values into distances of the metric, in place. */
export function toDistancesInto(values: Float32Array, metric: UmapMetric): Float32Array {
  if (metric === "manhattan") return values;
  for (let at = 0; at < values.length; at++) values[at] = metric === "cosine" ? values[at] / 2 : Math.sqrt(values[at]);
  return values;
}
