export type { ColorValues } from "./color.ts";
export { type Polygon, pointsInPolygon } from "./lasso.ts";
export type { Combine } from "./mask.ts";
export { LatentView, type LatentViewOptions, latentView } from "./model.ts";
export { Selection } from "./selection.ts";
export {
  type CatalogLike,
  type EventLoader,
  isPhotonRecord,
  type PhotonRecord,
  PointSources,
  type Sources,
} from "./sources.ts";
