/**
 * Figures for papers: vega-lite specifications drawn in the kernel as SVG, PNG and PDF with embedded fonts.
 *
 * @example
 * await figure(latentPlot(xy, { labels: mix.labels })).save("fig3.pdf");
 * @module
 */
export { Figure, type FigureOptions, type FigureSpec, figure } from "./figure.ts";
export { type ColumnSource, type HardnessPlotOptions, hardnessPlot } from "./hardness-plot.ts";
export type { Labels } from "./labels.ts";
export { type LatentPlotOptions, latentPlot } from "./latent-plot.ts";
export { type LightCurveLike, type LightCurvePlotOptions, lightCurvePlot, type RateCurve } from "./light-curve-plot.ts";
export type { ScatterOptions } from "./scatter.ts";
export {
  type BinnedSpectrum,
  type PhotonEnergies,
  type SpectrumPlotOptions,
  spectrumPlot,
} from "./spectrum-plot.ts";
