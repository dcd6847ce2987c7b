import { finiteMatrix, type Matrix, type Rows } from "../array/index.ts";
import { Rng } from "../random/index.ts";
import { type SimilarityCurve, similarityCurve } from "./curve.ts";
import { fuzzyGraph, type SparseGraph } from "./fuzzy-graph.ts";
import { gradientTables } from "./gradient-table.ts";
import { initialLayout } from "./initial-layout.ts";
import { layoutEpoch, scheduleEdges } from "./layout.ts";
import { EXACT_LIMIT, nearestNeighbours } from "./neighbours.ts";
import { checkOptions, type UmapOptions, type UmapSettings } from "./options.ts";
import { makePoints, type Points, reorderPoints } from "./points.ts";
import { projectionTree } from "./projection-tree.ts";

/** How a fit tells how far it is and learns that it should stop. */
export interface UmapContext {
  report(progress: { done: number; total: number; message?: string }): void;
  stopped(): boolean;
}

const SILENT: UmapContext = { report: () => {}, stopped: () => false };

/** Least time between reports of the layout, ms. */
const REPORT_MS = 100;

/**
 * Embeds rows in a few dimensions so that near neighbours stay near: uniform manifold approximation and projection.
 *
 * Follows umap-learn step by step (fuzzy graph of nearest neighbours, spectral start, layout by sampled pulls and
 * pushes). Differs in what it costs: single-precision rows, tabulated forces, rows laid out in memory by
 * neighbourhood. With a seed the result is the same on every machine.
 *
 * @param data Rows to embed, shape (n, d), all finite.
 * @param context Progress and stopping: once the layout runs, stopping gives the layout so far.
 * @returns Coordinates, shape (n, nComponents).
 * @throws {RangeError} If an option is out of range or a value is not finite (named by row and column).
 * @throws {Error} If stopped before the layout began.
 * @see McInnes, Healy & Melville 2018, arXiv:1802.03426
 * @example
 * const xy = fitUmap(latents, { nNeighbors: 15, minDist: 0.1, seed: 1 });
 */
export function fitUmap(data: Rows, options: UmapOptions = {}, context: UmapContext = SILENT): Matrix<Float32Array> {
  const matrix = finiteMatrix("fit UMAP", data);
  const settings = checkOptions(options, matrix.shape[0]);
  const seed = settings.seed ?? 0;
  const total = settings.nEpochs;
  const report = (message: string) => context.report({ done: 0, total, message });
  const checkStopped = () => {
    if (context.stopped()) throw new Error("Cannot fit UMAP: it was stopped before the layout began");
  };
  report("finding neighbours");
  const { points, order } = arrange(makePoints(matrix, settings.metric), seed);
  const lists = nearestNeighbours(points, settings.nNeighbors - 1, {
    seed,
    onRound: (round) => {
      report(`finding neighbours, round ${round}`);
      return context.stopped();
    },
  });
  checkStopped();
  report("building the graph");
  const graph = fuzzyGraph(lists, settings);
  checkStopped();
  const ordered =
    order && typeof settings.init === "object" ? { ...settings, init: reorder(settings.init, order) } : settings;
  const { embedding, note } = initialLayout(graph, points, ordered, new Rng(seed, 2));
  checkStopped();
  report(note ?? "laying out");
  layOut(embedding, graph, settings, similarityCurve(settings.minDist, settings.spread), context);
  const { nComponents } = settings;
  return {
    data: order ? restored(embedding, order, nComponents) : embedding,
    shape: [matrix.shape[0], nComponents],
  };
}

/**
 * Sorts many points by the leaves of one projection tree, so that neighbours lie near one another in memory and the
 * loops over graph and layout find them in the cache.
 */
function arrange(points: Points, seed: number): { points: Points; order?: Int32Array } {
  if (points.n <= EXACT_LIMIT) return { points };
  const { order } = projectionTree(points, 16, new Rng(seed, 3));
  return { points: reorderPoints(points, order), order };
}

function reorder(init: Matrix<Float32Array> | Matrix<Float64Array>, order: Int32Array): Matrix {
  const [n, d] = init.shape;
  const data = new Float64Array(n * d);
  order.forEach((from, to) => {
    data.set(init.data.subarray(from * d, (from + 1) * d), to * d);
  });
  return { data, shape: [n, d] };
}

function restored(embedding: Float32Array, order: Int32Array, d: number): Float32Array {
  const out = new Float32Array(embedding.length);
  order.forEach((to, from) => {
    out.set(embedding.subarray(from * d, (from + 1) * d), to * d);
  });
  return out;
}

/** Runs the layout's epochs in place. */
function layOut(
  embedding: Float32Array,
  graph: SparseGraph,
  settings: UmapSettings,
  curve: SimilarityCurve,
  context: UmapContext,
): void {
  const { nEpochs, nComponents, negativeSampleRate, learningRate } = settings;
  const state = {
    embedding,
    others: embedding,
    nComponents,
    schedule: scheduleEdges(graph, nEpochs),
    tables: gradientTables(curve, settings.repulsionStrength),
    negativeSampleRate,
    random: Int32Array.of(new Rng(settings.seed ?? 0, 4).uint32() | 1),
  };
  let reported = 0;
  for (let epoch = 0; epoch < nEpochs && !context.stopped(); epoch++) {
    layoutEpoch(state, 0, graph.n, epoch, learningRate * (1 - epoch / nEpochs));
    if (Date.now() - reported >= REPORT_MS || epoch + 1 === nEpochs) {
      reported = Date.now();
      context.report({ done: epoch + 1, total: nEpochs, message: `layout, epoch ${epoch + 1} of ${nEpochs}` });
    }
  }
}
