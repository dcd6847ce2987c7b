export type { RateCurves, RateModel } from "./curve.ts";
export {
  type LightCurveTarget,
  LightCurveView,
  type LightCurveViewOptions,
  lightCurveView,
  type RateLoader,
} from "./model.ts";
