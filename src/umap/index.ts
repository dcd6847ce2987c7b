export { type SimilarityCurve, similarityCurve } from "./curve.ts";
export { fitUmap, type UmapContext } from "./fit.ts";
export { UMAP_METRICS, type UmapMetric, type UmapOptions } from "./options.ts";
export { trustworthiness } from "./trustworthiness.ts";
