/**
 * The browser's side of Photonbook's widgets, as Jupyter front ends load it: the prebuilt JupyterLab extension and
 * the AMD module `photonbook`.
 *
 * @module
 */
export { LatentModel, LatentView } from "../latent/view.ts";
export { LightCurveModel, LightCurveView } from "../light-curve/view.ts";
