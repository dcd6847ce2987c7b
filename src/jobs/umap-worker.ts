import type { Matrix } from "../array/index.ts";
import { fitUmapModel, type TransformOptions, transformUmap, type UmapModel, type UmapOptions } from "../umap/index.ts";
import { serveJob } from "./job.ts";
import { startLayoutTeam } from "./umap-team.ts";

/** What the worker is asked: to fit, or to place new rows on a fit. */
export type UmapTask =
  | { readonly kind: "fit"; readonly data: Matrix; readonly options: UmapOptions; readonly threads: number }
  | {
      readonly kind: "transform";
      readonly model: UmapModel;
      readonly data: Matrix;
      readonly options: TransformOptions;
    };

serveJob<UmapTask, UmapModel | Matrix<Float32Array>>((task, context) => {
  if (task.kind === "transform") return transformUmap(task.model, task.data, task.options, context);
  const { data, options, threads } = task;
  if (threads === 1) return fitUmapModel(data, options, context);
  return fitUmapModel(data, options, { ...context, startTeam: (state) => startLayoutTeam(state, threads) });
});
