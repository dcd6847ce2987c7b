import { emptyLists, type NeighbourLists, offer } from "./neighbour-lists.ts";
import { comparison, type Points } from "./points.ts";

/** Rows of a tile; two tiles of a few dozen columns stay in the first-level cache. */
const TILE = 64;

/**
 * The k nearest others of each point by comparing all pairs, tile by tile. Cost grows as n² d.
 *
 * @returns Lists of compared values (see `comparison`), not yet distances.
 */
export function exactNeighbours(points: Points, k: number): NeighbourLists {
  const { n } = points;
  const lists = emptyLists(n, k);
  for (let left = 0; left < n; left += TILE) {
    for (let right = left; right < n; right += TILE) {
      joinTiles(lists, points, left, Math.min(left + TILE, n), right, Math.min(right + TILE, n));
    }
  }
  return lists;
}

function joinTiles(
  lists: NeighbourLists,
  points: Points,
  leftStart: number,
  leftEnd: number,
  rightStart: number,
  rightEnd: number,
): void {
  const { values, stride } = points;
  const compare = comparison(points.metric);
  const { distance, k } = lists;
  for (let i = leftStart; i < leftEnd; i++) {
    for (let j = Math.max(i + 1, rightStart); j < rightEnd; j++) {
      const d = Math.fround(compare(values, i * stride, values, j * stride, stride));
      if (d <= distance[i * k + k - 1]) offer(lists, i, j, d);
      if (d <= distance[j * k + k - 1]) offer(lists, j, i, d);
    }
  }
}
