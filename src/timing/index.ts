/**
 * Light curves, hardness ratios and energy–time maps of photon lists.
 *
 * @module
 */
export {
  type Band,
  type BandName,
  type BandSpec,
  bandLabel,
  CSC_BANDS,
  type EnergyRange,
  resolveBand,
  type TimedPhotons,
} from "./bands.ts";
export { EnergyTimeMap, energyTimeCube, energyTimeMap, type MapOptions } from "./energy-time-map.ts";
export {
  type HardnessOptions,
  type HardnessRatio,
  hardnessEvolution,
  hardnessOfCounts,
  hardnessRatio,
} from "./hardness.ts";
export { LightCurve, type LightCurveOptions, makeLightCurve } from "./light-curve.ts";
export { lightCurveSvg } from "./light-curve-display.ts";
export { type IntervalMethod, poissonInterval } from "./poisson-interval.ts";
