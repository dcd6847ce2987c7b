export type { RateCurves } from "./curve.ts";
export {
  type LightCurveTarget,
  LightCurveView,
  type LightCurveViewOptions,
  lightCurveView,
  type RateLoader,
} from "./model.ts";
