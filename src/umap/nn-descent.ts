import { Rng } from "../random/index.ts";
import { emptyLists, firstOf, type NeighbourLists, offer } from "./neighbour-lists.ts";
import { comparison, type Points } from "./points.ts";
import { projectionTree, type TreeLeaves } from "./projection-tree.ts";

/** How hard the search tries. */
export interface NnDescentOptions {
  /** Seed of the trees and of the sampling. */
  readonly seed: number;
  /** Number of random projection trees that propose the first neighbours. Default 6 + √n / 30, at most 16. */
  readonly nTrees?: number;
  /**
   * Further neighbours that the search keeps and does not return. Longer lists find much more: with 0, 96.5 % of the
   * neighbours of 16 000 points in 24 dimensions, with 6, 99.4 %, in 1.4 times the time. Default 6.
   */
  readonly slack?: number;
  /** Most points of a tree's leaf. Default 2 k, at least 30. */
  readonly leafSize?: number;
  /** Most candidates that a point brings together in a round. Default k, at least 12, with the slack counted. */
  readonly maxCandidates?: number;
  /** Stop when a round changes less than this share of all entries. Default 0.01. */
  readonly delta?: number;
  /** Called after each round with its number; may throw to end the search. Default: none. */
  readonly onRound?: (round: number) => void;
}

/**
 * The k nearest others of each point, approximately: leaves of random projection trees give first lists, then
 * neighbours of neighbours are compared until little changes.
 *
 * Deterministic for a seed. With the defaults about 99 % of the entries are right on clustered data of 24 dimensions, 90 %
 * on 6 000 points that fill 50 dimensions. Cost grows a little faster than n.
 *
 * @returns Lists of compared values (see `comparison`), not yet distances.
 * @see Dong, Moses & Li 2011, WWW: efficient k-nearest neighbor graph construction
 */
export function nnDescent(points: Points, k: number, options: NnDescentOptions): NeighbourLists {
  const { n } = points;
  const {
    nTrees = Math.min(16, 6 + Math.round(Math.sqrt(n) / 30)),
    leafSize = Math.max(30, 2 * k),
    slack = 6,
  } = options;
  const kept = Math.min(k + slack, n - 1);
  const { maxCandidates = Math.max(12, kept), delta = 0.01 } = options;
  const lists = emptyLists(n, kept);
  const rng = new Rng(options.seed, 1);
  for (let tree = 0; tree < nTrees; tree++) joinLeaves(lists, points, projectionTree(points, leafSize, rng));
  const rounds = Math.max(5, Math.round(Math.log2(n)));
  for (let round = 0; round < rounds; round++) {
    const candidates = sampleCandidates(lists, maxCandidates, rng.uint32());
    const changes = joinCandidates(lists, points, candidates);
    options.onRound?.(round + 1);
    if (changes <= delta * n * kept) break;
  }
  return kept > k ? firstOf(lists, k) : lists;
}

/** Compares all pairs within each leaf. */
function joinLeaves(lists: NeighbourLists, points: Points, leaves: TreeLeaves): void {
  const { order, starts } = leaves;
  for (let leaf = 0; leaf + 1 < starts.length; leaf++) {
    for (let i = starts[leaf]; i < starts[leaf + 1]; i++) {
      for (let j = i + 1; j < starts[leaf + 1]; j++) offerPair(lists, points, order[i], order[j]);
    }
  }
}

/** Compares two points and offers each to the other; returns the number of lists that changed. */
function offerPair(lists: NeighbourLists, points: Points, a: number, b: number): number {
  const { values, stride, metric } = points;
  const { distance, k } = lists;
  const d = Math.fround(comparison(metric)(values, a * stride, values, b * stride, stride));
  let changes = 0;
  if (d <= distance[a * k + k - 1]) changes += offer(lists, a, b, d);
  if (d <= distance[b * k + k - 1]) changes += offer(lists, b, a, d);
  return changes;
}

/** Each point's candidates: neighbours and points whose neighbour it is, fresh ones apart from known ones. */
interface Candidates {
  readonly fresh: NeighbourLists;
  readonly known: NeighbourLists;
}

/**
 * Draws at most `max` fresh and `max` known candidates for each point, those with the smallest hash of the pair, and
 * marks the drawn fresh entries as known.
 */
function sampleCandidates(lists: NeighbourLists, max: number, salt: number): Candidates {
  const { n, k, index, fresh: isFresh } = lists;
  const candidates = { fresh: emptyLists(n, max), known: emptyLists(n, max) };
  for (let row = 0; row < n; row++) {
    for (let at = row * k; at < (row + 1) * k; at++) {
      const other = index[at];
      if (other < 0) continue;
      const priority = pairHash(row, other, salt);
      const to = isFresh[at] ? candidates.fresh : candidates.known;
      offer(to, row, other, priority);
      offer(to, other, row, priority);
    }
  }
  for (let row = 0; row < n; row++) {
    const last = candidates.fresh.distance[row * max + max - 1];
    for (let at = row * k; at < (row + 1) * k; at++) {
      if (isFresh[at] && index[at] >= 0 && pairHash(row, index[at], salt) <= last) isFresh[at] = 0;
    }
  }
  return candidates;
}

/** A number in [0, 1) for an unordered pair, as float32. */
function pairHash(a: number, b: number, salt: number): number {
  let h = Math.imul(Math.min(a, b) ^ salt, 0x9e3779b1) ^ Math.imul(Math.max(a, b), 0x85ebca77);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h ^= h >>> 13;
  return (h >>> 8) / 16777216;
}

/** Compares fresh with fresh and fresh with known candidates of each point; returns the number of changes. */
function joinCandidates(lists: NeighbourLists, points: Points, candidates: Candidates): number {
  const { n } = lists;
  const { fresh, known } = candidates;
  const max = fresh.k;
  let changes = 0;
  for (let row = 0; row < n; row++) {
    const start = row * max;
    for (let i = start; i < start + max; i++) {
      const a = fresh.index[i];
      if (a < 0) break;
      for (let j = i + 1; j < start + max; j++) {
        const b = fresh.index[j];
        if (b < 0) break;
        changes += offerPair(lists, points, a, b);
      }
      for (let j = start; j < start + max; j++) {
        const b = known.index[j];
        if (b < 0) break;
        if (a !== b) changes += offerPair(lists, points, a, b);
      }
    }
  }
  return changes;
}
