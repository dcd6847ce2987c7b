import { availableParallelism } from "node:os";
import { finiteMatrix, type Matrix, type Rows } from "../array/index.ts";
import type { TransformOptions, UmapModel, UmapOptions } from "../umap/index.ts";
import { workerModule } from "./job.ts";
import { runShownJob, type ShownJobOptions, splitJobOptions } from "./shown-job.ts";
import type { UmapTask } from "./umap-worker.ts";

const WORKER = workerModule(import.meta.url, "./umap-worker");

/** How to embed: the method's options, and how to run and watch it. */
export interface UmapJobOptions extends UmapOptions, ShownJobOptions {
  /** Threads that lay out together where there is no `seed`. Default: the machine's, at most 8. */
  threads?: number;
}

/** An embedding on which new rows can be placed. */
export class UmapProjection {
  /** What was fitted, as plain data. */
  readonly model: UmapModel;

  /** @param model From `umap.fit`, or one saved earlier. */
  constructor(model: UmapModel) {
    this.model = model;
  }

  /** Coordinates of the fitted rows, shape (n, nComponents). */
  get embedding(): Matrix<Float32Array> {
    return this.model.embedding;
  }

  /**
   * Places new rows on the embedding in a worker thread; the fitted rows stay where they are.
   *
   * @param data New rows, shape (m, d) with the fit's d.
   * @returns Coordinates, shape (m, nComponents).
   */
  async transform(data: Rows, options: TransformOptions & ShownJobOptions = {}): Promise<Matrix<Float32Array>> {
    const { settings, watching } = splitJobOptions(options);
    const matrix = finiteMatrix("transform by UMAP", data);
    const input: UmapTask = { kind: "transform", model: this.model, data: matrix, options: settings };
    return runShownJob({ title: "UMAP transform", worker: WORKER, input }, watching);
  }
}

async function embed(data: Rows, options: UmapJobOptions = {}): Promise<Matrix<Float32Array>> {
  const { embedding } = await fit(data, options);
  return embedding;
}

async function fit(data: Rows, options: UmapJobOptions = {}): Promise<UmapProjection> {
  const { settings: all, watching } = splitJobOptions(options);
  const { threads = Math.min(availableParallelism(), 8), ...settings } = all;
  if (!(Number.isInteger(threads) && threads >= 1)) {
    throw new RangeError(`Cannot fit UMAP: threads must be a positive integer: current value is ${threads}`);
  }
  const input: UmapTask = { kind: "fit", data: finiteMatrix("fit UMAP", data), options: settings, threads };
  return new UmapProjection(await runShownJob<UmapTask, UmapModel>({ title: "UMAP", worker: WORKER, input }, watching));
}

/**
 * Embeds rows in a few dimensions so that near neighbours stay near, in a worker thread: uniform manifold approximation
 * and projection (McInnes, Healy & Melville 2018, arXiv:1802.03426), step by step as umap-learn. `umap.fit` does the same
 * and keeps what it takes to place new rows on the embedding.
 *
 * With a `seed` the embedding is the same every time; without one all threads lay out together, faster, and runs
 * differ a little.
 *
 * @param data Rows to embed, shape (n, d), all finite.
 * @param options What its keys say, with `threads`, `onProgress` (reports of stages and epochs), `signal` and
 *   `display`; stopping while the layout runs gives the layout so far.
 * @returns Coordinates, shape (n, nComponents).
 * @example
 * const xy = await umap(z, { nNeighbors: 15, minDist: 0.1, seed: 1 });
 * const projection = await umap.fit(z, { seed: 1 });
 * await projection.transform(zNew);
 */
export const umap: typeof embed & { readonly fit: typeof fit } = Object.assign(embed, { fit });
