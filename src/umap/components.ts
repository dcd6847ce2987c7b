import type { SparseGraph } from "./fuzzy-graph.ts";

/** The parts of a graph between which there is no path. */
export interface Components {
  /** The points of each component, ascending; components in the order of their first point. */
  readonly members: readonly Int32Array[];
  /** Each point's place among its component's members, shape (n,). */
  readonly place: Int32Array;
}

/** Connected components of a symmetric graph. */
export function connectedComponents(graph: SparseGraph): Components {
  const { n, start, column } = graph;
  const component = new Int32Array(n).fill(-1);
  const queue = new Int32Array(n);
  const found: Int32Array[] = [];
  for (let seed = 0; seed < n; seed++) {
    if (component[seed] >= 0) continue;
    let head = 0;
    let tail = 0;
    queue[tail++] = seed;
    component[seed] = found.length;
    while (head < tail) {
      const row = queue[head++];
      for (let at = start[row]; at < start[row + 1]; at++) {
        if (component[column[at]] >= 0) continue;
        component[column[at]] = found.length;
        queue[tail++] = column[at];
      }
    }
    found.push(queue.slice(0, tail).sort());
  }
  const place = new Int32Array(n);
  for (const members of found) {
    members.forEach((row, at) => {
      place[row] = at;
    });
  }
  return { members: found, place };
}

/** The graph of one component alone. */
export function subgraph(graph: SparseGraph, members: Int32Array, place: Int32Array): SparseGraph {
  const start = new Int32Array(members.length + 1);
  members.forEach((row, at) => {
    start[at + 1] = start[at] + graph.start[row + 1] - graph.start[row];
  });
  const column = new Int32Array(start[members.length]);
  const weight = new Float32Array(start[members.length]);
  members.forEach((row, at) => {
    for (let from = graph.start[row], to = start[at]; from < graph.start[row + 1]; from++, to++) {
      column[to] = place[graph.column[from]];
      weight[to] = graph.weight[from];
    }
  });
  return { n: members.length, start, column, weight };
}
