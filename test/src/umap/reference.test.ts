import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { similarityCurve } from "../../../src/umap/curve.ts";
import { fuzzyGraph } from "../../../src/umap/fuzzy-graph.ts";
import { fitUmap, trustworthiness, type UmapMetric } from "../../../src/umap/index.ts";
import { nearestNeighbours } from "../../../src/umap/neighbours.ts";
import { makePoints } from "../../../src/umap/points.ts";
import { fixtureData, type Recipe } from "./fixture-data.ts";

interface Reference {
  cases: { name: string; metric: UmapMetric; recipe: Recipe; sum: number; trustworthiness: number[] }[];
  graph: { recipe: Recipe; n_neighbors: number; row: number[]; column: number[]; weight: number[] };
  curves: { min_dist: number; spread: number; a: number; b: number }[];
  fixed_embedding: { values: Record<string, number>; cosine: number };
}
const reference: Reference = JSON.parse(
  readFileSync(new URL("../../fixtures/umap/reference.json", import.meta.url), "utf8"),
);

test("trustworthiness() is scikit-learn's on a fixed embedding", () => {
  const data = fixtureData(reference.graph.recipe);
  const [n, d] = data.shape;
  const plane = Array.from({ length: n }, (_, row) => {
    const [x0, x1, x2, x3] = data.data.subarray(row * d, (row + 1) * d);
    return [x0 + 0.3 * x1, x2 - 0.5 * x3];
  });
  const { values, cosine } = reference.fixed_embedding;
  for (const [k, value] of Object.entries(values)) {
    expect(trustworthiness(data, plane, { nNeighbors: Number(k) })).toBeCloseTo(value, 10);
  }
  expect(trustworthiness(data, plane, { metric: "cosine" })).toBeCloseTo(cosine, 10);
});

test("trustworthiness() of drawn rows is near that of all rows", () => {
  const data = fixtureData(reference.cases[0].recipe);
  const flat = Array.from({ length: data.shape[0] }, (_, row) => [...data.data.subarray(row * 10, row * 10 + 2)]);
  const all = trustworthiness(data, flat);
  // Rows scatter by about 0.15 around the mean here, so 400 of them by 0.15/√400 = 0.0075; four of these.
  expect(Math.abs(trustworthiness(data, flat, { nRows: 400 }) - all)).toBeLessThan(0.03);
  expect(trustworthiness(data, data)).toBe(1);
});

for (const { min_dist, spread, a, b } of reference.curves) {
  test(`similarityCurve() gives umap-learn's a and b for minDist ${min_dist}, spread ${spread}`, () => {
    const curve = similarityCurve(min_dist, spread);
    // umap-learn stops its least squares at a relative change of 1e-8.
    expect(Math.abs(curve.a - a)).toBeLessThan(1e-5 * a);
    expect(Math.abs(curve.b - b)).toBeLessThan(1e-5 * b);
  });
}

test("fuzzyGraph() has umap-learn's edges and weights", () => {
  const { recipe, n_neighbors: nNeighbors, row, column, weight } = reference.graph;
  const lists = nearestNeighbours(makePoints(fixtureData(recipe), "euclidean"), nNeighbors - 1, { seed: 0 });
  const graph = fuzzyGraph(lists, { nNeighbors, localConnectivity: 1, setOpMixRatio: 1 });
  const expected = new Map(row.map((from, at) => [`${from},${column[at]}`, weight[at]]));
  expect(graph.column.length).toBe(expected.size);
  for (let from = 0; from < graph.n; from++) {
    for (let at = graph.start[from]; at < graph.start[from + 1]; at++) {
      // Both sides find sigma by bisection to 1e-5 in the sum of memberships, in single precision.
      expect(Math.abs(graph.weight[at] - (expected.get(`${from},${graph.column[at]}`) ?? -1))).toBeLessThan(3e-5);
    }
  }
});

for (const { name, metric, recipe, sum, trustworthiness: theirs } of reference.cases) {
  test(`fitUmap() is as trustworthy as umap-learn on ${name}, ${metric}`, () => {
    const data = fixtureData(recipe);
    expect(data.data.reduce((total, value) => total + value, 0)).toBeCloseTo(sum, 6);
    const ours = trustworthiness(data, fitUmap(data, { seed: 1, metric }), { nNeighbors: 15, metric });
    // umap-learn's own seeds differ by up to 0.001 here; 0.01 is ten times that and still far above what a broken
    // stage costs (a random start without epochs: 0.5).
    expect(ours).toBeGreaterThanOrEqual(Math.max(...theirs) - 0.01);
  });
}
