import type { Spectrum } from "../../../src/spectra/index.ts";
import { sharedSpectrum } from "../spectra/shared-spectrum.ts";

/** The set of Sherpa's own pile-up test. */
export function sherpaSet(): Promise<Spectrum> {
  return sharedSpectrum("sherpa_pileup/source_bin10.pi");
}

/** The best fit that Sherpa's test suite holds for it. */
export const PUBLISHED = {
  model: { nH: 6.12101, gamma: 1.41887, norm: 0.00199457 },
  pileup: { gradeMigration: 0.522593, psfFraction: 0.913458, frameTimeSec: 3.2, fracExposure: 1 },
};
