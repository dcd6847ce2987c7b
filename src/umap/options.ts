import type { Matrix } from "../array/index.ts";

/** How distance between rows is measured; cosine distance is 1 − cos of the angle between them. */
export type UmapMetric = "euclidean" | "manhattan" | "cosine";

/** All metrics, for checks and menus. */
export const UMAP_METRICS: readonly UmapMetric[] = ["euclidean", "manhattan", "cosine"];

/** How to make an embedding. Names, meanings and defaults are those of umap-learn and umap-js. */
export interface UmapOptions {
  /** Neighbours that count as local, the row itself among them; 2 to the number of rows − 1. Default 15. */
  readonly nNeighbors?: number;
  /** Least distance between embedded points, 0 to `spread`. Default 0.1. */
  readonly minDist?: number;
  /** Scale of the embedding. Default 1. */
  readonly spread?: number;
  /** Dimensions of the embedding. Default 2. */
  readonly nComponents?: number;
  /** Passes of the layout. Default 500 up to 10 000 rows, else 200. */
  readonly nEpochs?: number;
  /** Default "euclidean". */
  readonly metric?: UmapMetric;
  /** First step size of the layout. Default 1. */
  readonly learningRate?: number;
  /** Random points pushed away for each neighbour pulled in. Default 5. */
  readonly negativeSampleRate?: number;
  /** Weight of the pushes. Default 1. */
  readonly repulsionStrength?: number;
  /** Nearest neighbours taken as fully connected. Default 1. */
  readonly localConnectivity?: number;
  /** 1 joins the rows' local views by fuzzy union, 0 by intersection. Default 1. */
  readonly setOpMixRatio?: number;
  /** Where the layout starts: eigenvectors of the graph, principal axes, random, or given, shape (n, nComponents). Default "spectral". */
  readonly init?: "spectral" | "pca" | "random" | Matrix<Float32Array> | Matrix<Float64Array>;
  /**
   * Any integer. With a seed the embedding is the same on every machine and with any number of threads; without one
   * the layout may use all threads and differs from run to run. Default: none.
   */
  readonly seed?: number;
}

/** Options with their defaults filled in. */
export type UmapSettings = Required<Omit<UmapOptions, "seed">> & { readonly seed: number | undefined };

/**
 * Fills in defaults and checks every option against the number of rows.
 *
 * @throws {RangeError} If an option is out of range.
 */
export function checkOptions(options: UmapOptions, nRows: number): UmapSettings {
  const settings: UmapSettings = {
    nNeighbors: 15,
    minDist: 0.1,
    spread: 1,
    nComponents: 2,
    nEpochs: nRows <= 10_000 ? 500 : 200,
    metric: "euclidean",
    learningRate: 1,
    negativeSampleRate: 5,
    repulsionStrength: 1,
    localConnectivity: 1,
    setOpMixRatio: 1,
    init: "spectral",
    seed: undefined,
    ...options,
  };
  const must = (name: keyof UmapSettings, allowed: string, holds: boolean) => {
    if (!holds) throw new RangeError(`Cannot fit UMAP: ${name} must be ${allowed}: current value is ${settings[name]}`);
  };
  const { nNeighbors, nComponents, nEpochs, negativeSampleRate, seed } = settings;
  if (nRows < 3) throw new RangeError(`Cannot fit UMAP: data must have at least 3 rows: current number is ${nRows}`);
  must(
    "nNeighbors",
    `2–${nRows - 1} (number of rows − 1)`,
    Number.isInteger(nNeighbors) && nNeighbors >= 2 && nNeighbors < nRows,
  );
  must("spread", "> 0", settings.spread > 0 && settings.spread < Infinity);
  must("minDist", `0–${settings.spread} (spread)`, settings.minDist >= 0 && settings.minDist <= settings.spread);
  must("nComponents", "an integer >= 1", Number.isInteger(nComponents) && nComponents >= 1);
  must("nEpochs", "an integer >= 0", Number.isInteger(nEpochs) && nEpochs >= 0);
  must("metric", `one of ${UMAP_METRICS.join(", ")}`, UMAP_METRICS.includes(settings.metric));
  must("learningRate", "> 0", settings.learningRate > 0 && settings.learningRate < Infinity);
  must("negativeSampleRate", "an integer >= 0", Number.isInteger(negativeSampleRate) && negativeSampleRate >= 0);
  must("repulsionStrength", ">= 0", settings.repulsionStrength >= 0 && settings.repulsionStrength < Infinity);
  must(
    "localConnectivity",
    `0–${nNeighbors - 1} (nNeighbors − 1)`,
    settings.localConnectivity >= 0 && settings.localConnectivity < nNeighbors,
  );
  must("setOpMixRatio", "0–1", settings.setOpMixRatio >= 0 && settings.setOpMixRatio <= 1);
  must("seed", "an integer", seed === undefined || Number.isSafeInteger(seed));
  must(
    "init",
    `"spectral", "pca", "random" or a matrix (${nRows}, ${nComponents})`,
    typeof settings.init === "string"
      ? ["spectral", "pca", "random"].includes(settings.init)
      : settings.init.shape[0] === nRows && settings.init.shape[1] === nComponents,
  );
  return settings;
}
