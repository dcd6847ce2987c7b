/**
 * Pile-up on CCDs: Davis's forward model, its use as an emulator and in fits.
 *
 * @example
 * emulate(spectrum, { frameTimeSec: 3.2, gradeMigration: 0.4 }).pileupFraction;
 * @module
 */
export { davis, type PiledCounts, pileUpSpectrum, rebin } from "./detector.ts";
export {
  emulate,
  type Incident,
  type IncidentCounts,
  type IncidentModel,
  type IncidentPhotons,
  type Response,
} from "./emulate.ts";
export { PileupEmulation, type PileupEmulationData } from "./emulation.ts";
export { autocorrelationTime, type EnsembleChain, type EnsembleOptions, sampleEnsemble } from "./ensemble.ts";
export { estimatePileup, type FramedEvents, type PileupEstimate } from "./estimate.ts";
export {
  fitPileup,
  type PileupEmulator,
  type PileupFitContext,
  type PileupFitOptions,
  type PosteriorSamples,
  pileupOptions,
} from "./fit.ts";
export { PileupFit } from "./fit-result.ts";
export {
  orderSpectrum,
  PILEUP_DEFAULTS,
  type PiledSpectrum,
  type PileupParameters,
  pileUp,
  pileupFraction,
} from "./forward.ts";
export { type CredibleInterval, PileupPosterior } from "./posterior.ts";
export { fractionOf, type OtherMinimum, searchMinima } from "./search.ts";
