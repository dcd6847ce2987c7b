/**
 * Long work off the main thread: one worker a call, with progress and Stop.
 *
 * @module
 */
export { bicCurve, gmm } from "./gmm.ts";
export { type JobContext, type JobOptions, type JobProgress, runJob, serveJob, workerModule } from "./job.ts";
export { learn } from "./learn.ts";
export { pileup } from "./pileup.ts";
export { type PpadEmbedOptions, type PpadFitOptions, ppad } from "./ppad.ts";
export { runShownJob, type ShownJobOptions } from "./shown-job.ts";
export { type UmapJobOptions, UmapProjection, umap } from "./umap.ts";
