/**
 * The browser's side of Photonbook's widgets, as Jupyter front ends load it: the prebuilt JupyterLab extension and
 * the AMD module `photonbook`.
 *
 * @module
 */
export { LatentViewModel, LatentView } from "../latent/view.ts";
export { LightCurveViewModel, LightCurveView } from "../light-curve/view.ts";
