import { finiteMatrix, type Matrix, type Rows } from "../array/index.ts";
import type { UmapOptions } from "../umap/index.ts";
import { workerModule } from "./job.ts";
import { runShownJob, type ShownJobOptions, splitJobOptions } from "./shown-job.ts";
import type { UmapTask } from "./umap-worker.ts";

const WORKER = workerModule(import.meta.url, "./umap-worker");

/**
 * Embeds rows in a few dimensions in a worker thread; see `fitUmap` for the method.
 *
 * @param data Rows to embed, shape (n, d), all finite.
 * @param options As for `fitUmap`, with `onProgress` (reports of stages and epochs), `signal` and `display`; stopping
 *   while the layout runs gives the layout so far.
 * @returns Coordinates, shape (n, nComponents).
 * @example
 * const xy = await umap(z, { nNeighbors: 15, minDist: 0.1, seed: 1 });
 */
export async function umap(data: Rows, options: UmapOptions & ShownJobOptions = {}): Promise<Matrix<Float32Array>> {
  const { settings, watching } = splitJobOptions(options);
  const input: UmapTask = { data: finiteMatrix("fit UMAP", data), options: settings };
  return runShownJob({ title: "UMAP", worker: WORKER, input }, watching);
}
