import type { Rng } from "../random/index.ts";
import type { Points } from "./points.ts";

/** A tree's leaves: `order` lists all points leaf by leaf, and leaf i is `order[starts[i]..starts[i + 1])`. */
export interface TreeLeaves {
  readonly order: Int32Array;
  readonly starts: Int32Array;
}

/**
 * Splits the points again and again by the plane half-way between two random ones, until no part has more than
 * `leafSize`. Points of a leaf tend to be near one another.
 *
 * @see Dasgupta & Freund 2008, STOC: random projection trees
 */
export function projectionTree(points: Points, leafSize: number, rng: Rng): TreeLeaves {
  const order = Int32Array.from({ length: points.n }, (_, i) => i);
  const starts: number[] = [];
  const margins = new Float32Array(points.n);
  const normal = new Float64Array(points.stride);
  const pending: [number, number][] = [[0, points.n]];
  while (pending.length > 0) {
    const [start, end] = pending.pop() as [number, number];
    if (end - start <= leafSize) {
      starts.push(start);
      continue;
    }
    const middle = split(order, start, end, points, rng, { margins, normal });
    pending.push([middle, end], [start, middle]);
  }
  starts.push(points.n);
  return { order, starts: Int32Array.from(starts) };
}

/** Partitions `order[start..end)` in place by a random plane; returns where the second part starts. */
function split(
  order: Int32Array,
  start: number,
  end: number,
  points: Points,
  rng: Rng,
  scratch: { margins: Float32Array; normal: Float64Array },
): number {
  const { values, stride } = points;
  const { normal } = scratch;
  const a = order[start + rng.integer(end - start)] * stride;
  const b = order[start + rng.integer(end - start)] * stride;
  let threshold = 0;
  for (let j = 0; j < stride; j++) {
    normal[j] = values[a + j] - values[b + j];
    threshold += (normal[j] * (values[a + j] + values[b + j])) / 2;
  }
  let low = start;
  let high = end - 1;
  while (low <= high) {
    const row = order[low] * stride;
    let dot = -threshold;
    for (let j = 0; j < stride; j += 4) {
      dot +=
        normal[j] * values[row + j] +
        normal[j + 1] * values[row + j + 1] +
        (normal[j + 2] * values[row + j + 2] + normal[j + 3] * values[row + j + 3]);
    }
    if (dot > 0) {
      low++;
    } else {
      const kept = order[low];
      order[low] = order[high];
      order[high--] = kept;
    }
  }
  const least = Math.min(low - start, end - low);
  return least * 50 < end - start ? start + ((end - start) >> 1) : low;
}
