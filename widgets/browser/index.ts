/**
 * The browser's side of Photonbook's widgets, as Jupyter front ends load it: the prebuilt JupyterLab extension and
 * the AMD module `photonbook`.
 *
 * @module
 */
export { LatentView } from "../latent/view.ts";
export { LightCurveView } from "../light-curve/view.ts";
export { LatentViewModel } from "./latent-model.ts";
export { LightCurveViewModel } from "./light-curve-model.ts";
