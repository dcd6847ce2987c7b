import type { SparseGraph } from "./fuzzy-graph.ts";
import { emptyLists, type NeighbourLists, offer } from "./neighbour-lists.ts";
import { comparison, type Points, toDistancesInto } from "./points.ts";

/**
 * The k nearest points of each query with their distances: exact while that is cheap, else by walking the points'
 * neighbour graph from spread-out entries towards the query.
 *
 * @param graph Symmetric graph of the points.
 * @param options.exactComparisons Up to this many comparisons every query is compared with every point. Default 2e8.
 */
export function crossNeighbours(
  queries: Points,
  points: Points,
  graph: SparseGraph,
  k: number,
  options: { exactComparisons?: number } = {},
): NeighbourLists {
  const { exactComparisons = 2e8 } = options;
  const lists = emptyLists(queries.n, k);
  const walk = queries.n * points.n > exactComparisons ? walker(queries, points, graph, k) : undefined;
  for (let query = 0; query < queries.n; query++) {
    if (walk) walk(lists, query);
    else compareAll(lists, queries, points, query);
  }
  toDistancesInto(lists.distance, points.metric);
  return lists;
}

function compareAll(lists: NeighbourLists, queries: Points, points: Points, query: number): void {
  const { stride } = points;
  const compare = comparison(points.metric);
  for (let point = 0; point < points.n; point++) {
    offer(
      lists,
      query,
      point,
      Math.fround(compare(queries.values, query * stride, points.values, point * stride, stride)),
    );
  }
}

/** Multiples of the golden ratio spread evenly over [0, 1) without falling into step with the rows' order. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** A best-first search: expands the nearest point not yet expanded until the pool holds no such point. */
function walker(
  queries: Points,
  points: Points,
  graph: SparseGraph,
  k: number,
): (lists: NeighbourLists, query: number) => void {
  const { n, stride } = points;
  const compare = comparison(points.metric);
  const pool = emptyLists(1, Math.max(2 * k, 40));
  const seen = new Int32Array(n).fill(-1);
  const nEntries = Math.min(n, Math.max(64, Math.ceil(2 * Math.sqrt(n))));
  const entries = Int32Array.from({ length: nEntries }, (_, i) => Math.floor(((i * GOLDEN) % 1) * n));
  return (lists, query) => {
    const visit = (point: number) => {
      if (seen[point] === query) return;
      seen[point] = query;
      const d = Math.fround(compare(queries.values, query * stride, points.values, point * stride, stride));
      offer(pool, 0, point, d);
    };
    pool.index.fill(-1);
    pool.distance.fill(Infinity);
    pool.fresh.fill(0);
    for (const entry of entries) visit(entry);
    for (let next = pool.fresh.indexOf(1); next >= 0; next = pool.fresh.indexOf(1)) {
      const point = pool.index[next];
      pool.fresh[next] = 0;
      for (let at = graph.start[point]; at < graph.start[point + 1]; at++) visit(graph.column[at]);
    }
    for (let at = 0; at < k; at++) offer(lists, query, pool.index[at], pool.distance[at]);
  };
}
