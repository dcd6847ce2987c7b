import { exactNeighbours } from "./exact-neighbours.ts";
import type { NeighbourLists } from "./neighbour-lists.ts";
import { nnDescent } from "./nn-descent.ts";
import { type Points, toDistancesInto } from "./points.ts";

/** Up to this many points all pairs are compared: exact, and as fast as the search. */
export const EXACT_LIMIT = 4096;

/**
 * The k nearest others of each point with their distances: exact up to `EXACT_LIMIT` points, by NN-descent beyond.
 *
 * @param options.onRound See `NnDescentOptions`.
 */
export function nearestNeighbours(
  points: Points,
  k: number,
  options: { seed: number; onRound?: (round: number) => void },
): NeighbourLists {
  const exact = points.n <= EXACT_LIMIT || k * 4 > points.n;
  const lists = exact ? exactNeighbours(points, k) : nnDescent(points, k, options);
  toDistancesInto(lists.distance, points.metric);
  return lists;
}
