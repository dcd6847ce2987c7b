/**
 * The k best candidates of each of n rows, best first: ascending by (distance, index). Empty places hold index −1 at
 * infinite distance.
 *
 * The order is total, so what a list holds in the end depends on what was offered, not on when: searches that offer
 * from several threads give the same lists.
 */
export interface NeighbourLists {
  readonly n: number;
  readonly k: number;
  /** Shape (n, k). */
  readonly index: Int32Array;
  /** Shape (n, k). */
  readonly distance: Float32Array;
  /** 1 where an entry is newer than the last look at it; shape (n, k). */
  readonly fresh: Uint8Array;
}

/** Lists with nothing in them. */
export function emptyLists(n: number, k: number): NeighbourLists {
  return {
    n,
    k,
    index: new Int32Array(n * k).fill(-1),
    distance: new Float32Array(n * k).fill(Infinity),
    fresh: new Uint8Array(n * k),
  };
}

/**
 * Offers `candidate` to a row's list.
 *
 * @param distance Must be a float32 value (`Math.fround`), so that comparing it with stored ones is exact.
 * @returns 1 if the list took it, 0 if it is there already or too far.
 */
export function offer(lists: NeighbourLists, row: number, candidate: number, distance: number): number {
  const { index, distance: distances, fresh, k } = lists;
  const first = row * k;
  let at = first + k - 1;
  if (distance > distances[at] || (distance === distances[at] && candidate >= index[at] && index[at] >= 0)) return 0;
  while (
    at > first &&
    (distances[at - 1] > distance || (distances[at - 1] === distance && index[at - 1] > candidate))
  ) {
    at--;
  }
  if (at > first && index[at - 1] === candidate) return 0;
  for (let to = first + k - 1; to > at; to--) {
    index[to] = index[to - 1];
    distances[to] = distances[to - 1];
    fresh[to] = fresh[to - 1];
  }
  index[at] = candidate;
  distances[at] = distance;
  fresh[at] = 1;
  return 1;
}

/** The first k entries of each list. */
export function firstOf(lists: NeighbourLists, k: number): NeighbourLists {
  const { n } = lists;
  const out = emptyLists(n, k);
  for (let row = 0; row < n; row++) {
    const [from, to] = [row * lists.k, row * lists.k + k];
    out.index.set(lists.index.subarray(from, to), row * k);
    out.distance.set(lists.distance.subarray(from, to), row * k);
    out.fresh.set(lists.fresh.subarray(from, to), row * k);
  }
  return out;
}
