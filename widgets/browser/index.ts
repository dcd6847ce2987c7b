/**
 * The browser's side of Photonbook's widgets, as Jupyter front ends load it: the prebuilt JupyterLab extension and
 * the AMD module `photonbook`.
 *
 * @module
 */
export { LatentView, LatentViewModel } from "../latent/view.ts";
export { LightCurveView, LightCurveViewModel } from "../light-curve/view.ts";
