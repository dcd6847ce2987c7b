import { expect, test } from "vitest";
import { Rng } from "../../../src/random/index.ts";
import { crossNeighbours } from "../../../src/umap/cross-neighbours.ts";
import { exactNeighbours } from "../../../src/umap/exact-neighbours.ts";
import { fuzzyGraph } from "../../../src/umap/fuzzy-graph.ts";
import { emptyLists, type NeighbourLists, offer } from "../../../src/umap/neighbour-lists.ts";
import { nnDescent } from "../../../src/umap/nn-descent.ts";
import { makePoints } from "../../../src/umap/points.ts";
import { projectionTree } from "../../../src/umap/projection-tree.ts";
import { fixtureData } from "./fixture-data.ts";

const blobs = makePoints(fixtureData({ kind: "blobs", n: 6000, d: 24, k: 12, seed: 5 }), "euclidean");

/** Share of the true entries that were found. */
function recall(found: NeighbourLists, truth: NeighbourLists): number {
  const { n, k } = truth;
  let hits = 0;
  for (let row = 0; row < n; row++) {
    const listed = new Set(found.index.subarray(row * k, (row + 1) * k));
    for (let at = row * k; at < (row + 1) * k; at++) if (listed.has(truth.index[at])) hits++;
  }
  return hits / (n * k);
}

test("exactNeighbours() agrees with sorting all distances", () => {
  const data = fixtureData({ kind: "blobs", n: 150, d: 5, k: 3, seed: 9 });
  const lists = exactNeighbours(makePoints(data, "manhattan"), 7);
  for (let row = 0; row < 150; row++) {
    const sorted = Array.from({ length: 150 }, (_, other) => {
      let sum = 0;
      for (let j = 0; j < 5; j++) sum += Math.abs(data.data[row * 5 + j] - data.data[other * 5 + j]);
      return { other, sum };
    })
      .filter(({ other }) => other !== row)
      .sort((p, q) => p.sum - q.sum);
    expect([...lists.index.subarray(row * 7, row * 7 + 7)]).toEqual(sorted.slice(0, 7).map(({ other }) => other));
    expect(lists.distance[row * 7 + 6]).toBeCloseTo(sorted[6].sum, 5);
  }
});

for (const [metric, points] of [
  ["euclidean", blobs],
  ["manhattan", makePoints(fixtureData({ kind: "blobs", n: 6000, d: 24, k: 12, seed: 5 }), "manhattan")],
] as const) {
  test(`nnDescent() finds at least 95 % of the ${metric} neighbours of 6 000 points in 24 dimensions`, () => {
    expect(recall(nnDescent(points, 14, { seed: 1 }), exactNeighbours(points, 14))).toBeGreaterThan(0.95);
  });
}

test("nnDescent() finds nearly all neighbours on a curve, where trees split badly", () => {
  const points = makePoints(fixtureData({ kind: "chain", n: 5000, d: 12, k: 1, seed: 7 }), "euclidean");
  expect(recall(nnDescent(points, 14, { seed: 1 }), exactNeighbours(points, 14))).toBeGreaterThan(0.95);
});

test("nnDescent() copes with rows that are all the same", () => {
  const points = makePoints({ data: new Float64Array(5000 * 3).fill(7), shape: [5000, 3] }, "euclidean");
  const lists = nnDescent(points, 5, { seed: 1 });
  expect(lists.index.every((other) => other >= 0)).toBe(true);
  expect(lists.distance.every((distance) => distance === 0)).toBe(true);
});

test("offer() keeps the best by distance, then index, without duplicates, in any order of offers", () => {
  const offers = [
    [4, 2],
    [7, 1],
    [4, 2],
    [9, 1],
    [3, 5],
    [8, 1],
    [1, 0.5],
  ];
  for (const order of [offers, offers.toReversed(), [...offers.slice(3), ...offers.slice(0, 3)]]) {
    const lists = emptyLists(1, 4);
    for (const [candidate, distance] of order) offer(lists, 0, candidate, distance);
    expect([...lists.index]).toEqual([1, 7, 8, 9]);
    expect([...lists.distance]).toEqual([0.5, 1, 1, 1]);
  }
});

test("projectionTree() puts every point into exactly one leaf no larger than asked", () => {
  const { order, starts } = projectionTree(blobs, 40, new Rng(1));
  expect([...order].sort((i, j) => i - j)).toEqual(Array.from({ length: 6000 }, (_, i) => i));
  for (let leaf = 0; leaf + 1 < starts.length; leaf++) expect(starts[leaf + 1] - starts[leaf]).toBeLessThanOrEqual(40);
});

test("crossNeighbours() finds at least 95 % of the exact neighbours by walking the graph", () => {
  const graph = fuzzyGraph(nnDescent(blobs, 14, { seed: 1 }), {
    nNeighbors: 15,
    localConnectivity: 1,
    setOpMixRatio: 1,
  });
  const all = fixtureData({ kind: "blobs", n: 6400, d: 24, k: 12, seed: 5 });
  const fresh = { data: all.data.subarray(6000 * 24), shape: [400, 24] } as const;
  const queries = makePoints(fresh, "euclidean", blobs.centre);
  const exact = crossNeighbours(queries, blobs, graph, 15);
  const walked = crossNeighbours(queries, blobs, graph, 15, { exactComparisons: 0 });
  expect(recall(walked, exact)).toBeGreaterThan(0.95);
});
