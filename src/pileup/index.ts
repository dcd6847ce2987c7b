export { davis, type PiledCounts, pileUpSpectrum, rebin } from "./detector.ts";
export {
  orderSpectrum,
  PILEUP_DEFAULTS,
  type PiledSpectrum,
  type PileupParameters,
  pileUp,
  pileupFraction,
} from "./forward.ts";
