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
  defaultBand,
  type EnergyRange,
  resolveBand,
  type TimedPhotons,
} from "./bands.ts";
export { BayesianBlocks, type BayesianBlocksOptions, bayesianBlocks, blockPrior } from "./bayesian-blocks.ts";
export { type Burst, type BurstOptions, Bursts, findBursts } from "./bursts.ts";
export { Constancy, constancy } from "./constancy.ts";
export { CrossSpectrum, crossSpectrum } from "./cross-spectrum.ts";
export { EnergyTimeMap, energyTimeCube, energyTimeMap, type MapOptions } from "./energy-time-map.ts";
export { ExcessVariance, excessVariance } from "./excess-variance.ts";
export type { FalseAlarmMethod, Normalization } from "./false-alarm.ts";
export type { FrequencyOptions } from "./frequency-grid.ts";
export { type FxtOptions, FxtSearch, type FxtWindow, fxtSearch } from "./fxt-search.ts";
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
  type BackgroundCounts,
  type HardnessRatio,
  hardnessOfCounts,
  hardnessOverBackground,
} from "./hardness.ts";
export { HardnessEvolution, type HardnessOptions, hardnessEvolution, hardnessRatio } from "./hardness-evolution.ts";
export { LightCurve, type LightCurveOptions, makeLightCurve } from "./light-curve.ts";
export { lightCurveSvg } from "./light-curve-display.ts";
export { type LightCurveTableOptions, lightCurveFromTable } from "./light-curve-from-table.ts";
export { LombScargle, type LombScargleOptions, lombScargle, type TimeSeries } from "./lomb-scargle.ts";
export {
  epochFoldingSearch,
  hTestSearch,
  PeriodSearch,
  type PeriodSearchOptions,
  zSquaredSearch,
} from "./period-search.ts";
export { DITHER_PERIODS_SEC, type PeriodWarning, periodWarnings, windowPower } from "./period-warnings.ts";
export { type IntervalMethod, poissonInterval } from "./poisson-interval.ts";
export { PowerSpectrum, powerSpectrum } from "./power-spectrum.ts";
export { PulseProfile, type PulseProfileOptions, pulseProfile } from "./pulse-profile.ts";
export type { PowerNorm, SpectrumOptions } from "./spectral-segments.ts";
export { type UniformityTests, uniformityOfPhases, uniformityTests } from "./uniformity.ts";
