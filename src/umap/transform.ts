import { finiteMatrix, type Matrix, type Rows } from "../array/index.ts";
import { Rng } from "../random/index.ts";
import { crossNeighbours } from "./cross-neighbours.ts";
import { similarityCurve } from "./curve.ts";
import { SILENT, type UmapContext, type UmapModel } from "./fit.ts";
import { localScales, memberships, type SparseGraph } from "./fuzzy-graph.ts";
import { gradientTables } from "./gradient-table.ts";
import { type LayoutState, runLayout, scheduleEdges } from "./layout.ts";
import type { NeighbourLists } from "./neighbour-lists.ts";
import { makePoints, reorderPoints } from "./points.ts";
import { reorderRows } from "./row-order.ts";

/** How to place new rows. */
export interface TransformOptions {
  /** Passes of the layout. Default: a third of the fit's. */
  readonly nEpochs?: number;
  /** Any integer; the same seed gives the same places. Default 0. */
  readonly seed?: number;
}

/**
 * Places new rows on a fitted embedding, which stays as it is: each starts at the mean of its nearest fitted rows,
 * weighted by membership, and moves by the layout's pulls and pushes.
 *
 * @param rows New rows, shape (m, d) with the fit's d.
 * @returns Coordinates, shape (m, nComponents).
 * @throws {TypeError} If the number of columns differs from the fit's.
 */
export function transformUmap(
  model: UmapModel,
  rows: Rows,
  options: TransformOptions = {},
  context: UmapContext = SILENT,
): Matrix<Float32Array> {
  const matrix = finiteMatrix("transform by UMAP", rows);
  const { settings, order } = model;
  const [m, d] = matrix.shape;
  if (d !== model.data.shape[1]) {
    throw new TypeError(
      `Cannot transform by UMAP: data must have ${model.data.shape[1]} columns like the fitted rows: current shape is (${m}, ${d})`,
    );
  }
  const { nComponents, nNeighbors } = settings;
  const { nEpochs = Math.ceil(settings.nEpochs / 3), seed = 0 } = options;
  context.report({ done: 0, total: nEpochs, message: "finding neighbours" });
  const fitted = makePoints(model.data, settings.metric);
  const points = order ? reorderPoints(fitted, order) : fitted;
  const others = order ? reorderRows(model.embedding.data, order, nComponents) : model.embedding.data;
  const queries = makePoints(matrix, settings.metric, points.centre);
  const lists = crossNeighbours(queries, points, model.graph, nNeighbors);
  const localConnectivity = Math.max(0, settings.localConnectivity - 1);
  const scales = localScales(lists.distance, nNeighbors, { nNeighbors, localConnectivity });
  const graph = bipartite(lists, memberships(lists, scales));
  const embedding = weightedMeans(graph, others, nComponents);
  const state: LayoutState = {
    embedding,
    others,
    nComponents,
    schedule: scheduleEdges(graph, nEpochs),
    tables: gradientTables(similarityCurve(settings.minDist, settings.spread), settings.repulsionStrength),
    negativeSampleRate: settings.negativeSampleRate,
    random: Int32Array.of(new Rng(seed, 5).uint32() | 1),
  };
  runLayout(state, { nEpochs, learningRate: settings.learningRate / 4 }, context);
  return { data: embedding, shape: [m, nComponents] };
}

/** Edges from queries to points. */
function bipartite(lists: NeighbourLists, weight: Float32Array): SparseGraph {
  const start = Int32Array.from({ length: lists.n + 1 }, (_, row) => row * lists.k);
  return { n: lists.n, start, column: lists.index, weight };
}

function weightedMeans(graph: SparseGraph, others: Float32Array, d: number): Float32Array {
  const out = new Float32Array(graph.n * d);
  for (let row = 0; row < graph.n; row++) {
    let total = 0;
    for (let at = graph.start[row]; at < graph.start[row + 1]; at++) total += graph.weight[at];
    for (let at = graph.start[row]; at < graph.start[row + 1]; at++) {
      const share = graph.weight[at] / total;
      for (let j = 0; j < d; j++) out[row * d + j] += share * others[graph.column[at] * d + j];
    }
  }
  return out;
}
