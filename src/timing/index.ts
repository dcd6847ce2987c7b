/**
 * Light curves, hardness ratios and energy–time maps of photon lists.
 *
 * @module
 */
export { type AdaptiveLightCurveOptions, adaptiveLightCurve } from "./adaptive-light-curve.ts";
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
export { BayesianBlocks, type BayesianBlocksOptions, bayesianBlocks, blockPrior } from "./bayesian-blocks.ts";
export { EnergyTimeMap, energyTimeCube, energyTimeMap, type MapOptions } from "./energy-time-map.ts";
export type { PhotonChoice } from "./good-photons.ts";
export {
  GregoryLoredo,
  type GregoryLoredoOptions,
  gregoryLoredo,
  gregoryLoredoOfTimes,
  variabilityIndex,
} from "./gregory-loredo.ts";
export type { GregoryLoredoCurve } from "./gregory-loredo-curve.ts";
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
export { type UniformityTests, uniformityOfPhases, uniformityTests } from "./uniformity.ts";
