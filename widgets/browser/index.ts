/**
 * The browser's side of Photonbook's widgets, as Jupyter front ends load it: the prebuilt JupyterLab extension and
 * the AMD module `photonbook`.
 *
 * @module
 */
export { CustomWidgetView } from "../custom/view.ts";
export { LatentView } from "../latent/view.ts";
export { LightCurveView } from "../light-curve/view.ts";
export { CustomWidgetModel } from "./custom-model.ts";
export { LatentViewModel } from "./latent-model.ts";
export { LightCurveViewModel } from "./light-curve-model.ts";
