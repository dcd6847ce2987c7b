export { exportHtml, offlineHtml } from "./export/index.ts";
export {
  type ColorValues,
  type EventLoader,
  LatentView,
  type LatentViewOptions,
  latentView,
  type Polygon,
  Selection,
} from "./latent/index.ts";
export {
  type LightCurveTarget,
  LightCurveView,
  type LightCurveViewOptions,
  lightCurveView,
  type RateCurves,
  type RateLoader,
  type RateModel,
} from "./light-curve/index.ts";
export { connectWidgets, WidgetModel } from "./protocol/index.ts";
