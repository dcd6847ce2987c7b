/**
 * The edge of the library: files, addresses and archives.
 *
 * @module
 */
export { type ArchiveEntry, type ArchiveFile, type ArchiveOptions, archiveFile, archiveManifest } from "./archive.ts";
export {
  type CatalogFormat,
  type LoadCatalogOptions,
  loadCatalog,
  type SampleCatalogOptions,
} from "./load-catalog.ts";
export { loadEvents, loadRegion } from "./load-events.ts";
export { type LoadLightCurveOptions, loadLightCurve } from "./load-light-curve.ts";
export { loadMixture } from "./load-mixture.ts";
export { type LoadPopulationOptions, loadPopulation } from "./load-population.ts";
export { loadSpectrum } from "./load-spectrum.ts";
export { type LocalFile, localFile } from "./local-file.ts";
export {
  type LoadMultimodalUniverseOptions,
  loadMultimodalUniverse,
  saveMultimodalUniverse,
} from "./multimodal-universe.ts";
export { openFits } from "./open-fits.ts";
export { type ReadBytesOptions, readBytes } from "./read-bytes.ts";
export { loadTruth, SampleSky, sampleSky } from "./sample-sky.ts";
export { type SavePhotonsOptions, savePhotons } from "./save-photons.ts";
export { saveSpectrum } from "./save-spectrum.ts";
