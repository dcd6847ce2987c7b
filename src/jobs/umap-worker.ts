import type { Matrix } from "../array/index.ts";
import { fitUmap, type UmapOptions } from "../umap/index.ts";
import { serveJob } from "./job.ts";

/** What the worker is asked. */
export interface UmapTask {
  readonly data: Matrix;
  readonly options: UmapOptions;
}

serveJob<UmapTask, Matrix<Float32Array>>(
  ({ data, options }, context) => fitUmap(data, options, context),
  (embedding) => [embedding.data.buffer as ArrayBuffer],
);
