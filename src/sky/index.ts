/**
 * A simulated X-ray sky: sources of many kinds and spectra, photons drawn exactly from their rates, and the catalogue
 * products that follow from the photons. Everything is seeded.
 *
 * @example
 * const sky = simulateSky({ nSources: 1200, seed: 1 });
 * for (const product of skyProducts(sky)) console.log(product.name, product.bytes.length);
 * @module
 */
export type { SkyField } from "./field.ts";
export type { Photons } from "./photons.ts";
export { photonsOf, type SkyProduct, skyProducts } from "./products.ts";
export type { Profile } from "./profile.ts";
export { SKY_VERSION, type Sky, simulateSky } from "./simulate-sky.ts";
export {
  type BandRates,
  type Component,
  type SkySource,
  SOURCE_KINDS,
  type SourceKind,
  type SourceTruth,
  SPECTRAL_SHAPES,
  type SpectralShape,
  trueRate,
} from "./source.ts";
export type { BandFractions, Spectrum } from "./spectrum.ts";
export { readTruth } from "./truth-file.ts";
