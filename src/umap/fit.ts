import { finiteMatrix, type Matrix, type Rows } from "../array/index.ts";
import { Rng } from "../random/index.ts";
import { similarityCurve } from "./curve.ts";
import { fuzzyGraph, type SparseGraph } from "./fuzzy-graph.ts";
import { gradientTables } from "./gradient-table.ts";
import { initialLayout } from "./initial-layout.ts";
import { type LayoutContext, type LayoutState, runLayout, scheduleEdges } from "./layout.ts";
import { EXACT_LIMIT, nearestNeighbours } from "./neighbours.ts";
import { checkOptions, type UmapOptions, type UmapSettings } from "./options.ts";
import { makePoints, type Points, reorderPoints } from "./points.ts";
import { projectionTree } from "./projection-tree.ts";
import { reorderRows, restoreRows } from "./row-order.ts";

/** How a fit tells how far it is and learns that it should stop. */
export type UmapContext = LayoutContext;

/** Reports nothing and never stops. */
export const SILENT: UmapContext = { report: () => {}, stopped: () => false };

/** A fit with what it takes to place further rows on it: see `transformUmap`. Plain data. */
export interface UmapModel {
  /** Coordinates of the fitted rows, shape (n, nComponents). */
  readonly embedding: Matrix<Float32Array>;
  /** The fitted rows, shape (n, d). */
  readonly data: Matrix;
  readonly settings: UmapSettings;
  /** Fuzzy graph of the rows, in working order: its row i is the caller's row `order[i]`. */
  readonly graph: SparseGraph;
  /** Absent where the working order is the caller's. */
  readonly order?: Int32Array;
}

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
  return fitUmapModel(data, options, context).embedding;
}

/** As `fitUmap`, keeping what `transformUmap` needs. */
export function fitUmapModel(data: Rows, options: UmapOptions = {}, context: UmapContext = SILENT): UmapModel {
  const matrix = finiteMatrix("fit UMAP", data);
  const settings = checkOptions(options, matrix.shape[0]);
  const { nComponents, nEpochs, learningRate } = settings;
  const seed = settings.seed ?? 0;
  const enter = (message: string) => {
    if (context.stopped()) throw new Error("Cannot fit UMAP: it was stopped before the layout began");
    context.report({ done: 0, total: nEpochs, message });
  };
  enter("finding neighbours");
  const { points, order } = arrange(makePoints(matrix, settings.metric), seed);
  const lists = nearestNeighbours(points, settings.nNeighbors - 1, {
    seed,
    onRound: (round) => {
      enter(`finding neighbours, round ${round}`);
    },
  });
  enter("building the graph");
  const graph = fuzzyGraph(lists, settings);
  enter("finding a first layout");
  const { embedding, note } = initialLayout(graph, points, arrangeInit(settings, order), new Rng(seed, 2));
  enter(note ?? "laying out");
  const state: LayoutState = {
    embedding,
    others: embedding,
    nComponents,
    schedule: scheduleEdges(graph, nEpochs),
    tables: gradientTables(similarityCurve(settings.minDist, settings.spread), settings.repulsionStrength),
    negativeSampleRate: settings.negativeSampleRate,
    random: Int32Array.of(new Rng(seed, 4).uint32() | 1),
  };
  const team = settings.seed === undefined ? context.startTeam?.(state) : undefined;
  runLayout(state, { nEpochs, learningRate, team }, context);
  return {
    embedding: {
      data: order ? restoreRows(embedding, order, nComponents) : embedding,
      shape: [matrix.shape[0], nComponents],
    },
    data: matrix,
    settings,
    graph,
    ...(order && { order }),
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

/** Settings with given first coordinates in working order. */
function arrangeInit(settings: UmapSettings, order: Int32Array | undefined): UmapSettings {
  const { init } = settings;
  if (typeof init === "string" || !order) return settings;
  return { ...settings, init: { ...init, data: reorderRows(init.data, order, settings.nComponents) } as typeof init };
}
