export { type SimilarityCurve, similarityCurve } from "./curve.ts";
export { fitUmap, fitUmapModel, type UmapContext, type UmapModel } from "./fit.ts";
export { type LayoutState, type LayoutTeam, layoutEpoch } from "./layout.ts";
export { UMAP_METRICS, type UmapMetric, type UmapOptions } from "./options.ts";
export { type TransformOptions, transformUmap } from "./transform.ts";
export { trustworthiness } from "./trustworthiness.ts";
export { UMAP, type UmapParameters } from "./umap-js.ts";
