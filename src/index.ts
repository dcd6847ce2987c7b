/**
 * Photonbook's library: catalogues, photons, timing, spectra, methods and figures.
 *
 * @example
 * import { loadEvents } from "photonbook";
 * const events = await loadEvents("acisf23022_000N027_r0122_regevt3.fits.gz");
 * events.lightCurve({ binSec: 300, band: "broad" }).rate;
 * @module
 */
export {
  type Cone,
  type ConeOptions,
  coneSearch,
  submitTapJob,
  TapJob,
  type TapOptions,
  tapColumns,
  tapQuery,
  tapTables,
} from "./archives/index.ts";
export { type Matrix, nearestRows } from "./array/index.ts";
export {
  asciiCatalog,
  Catalog,
  type CatalogColumn,
  CatalogError,
  type CatalogRow,
  catalogFromFits,
  catalogFromText,
  catalogFromVotable,
  type FeatureMatrix,
  type FeatureScale,
  GMM_FEATURES,
  GmmScaling,
  joinRows,
  PEREZ_DIAZ_2024_SCALING,
  textFromCatalog,
  votableFromCatalog,
} from "./catalog/index.ts";
export {
  arrowFromCatalog,
  catalogFromArrow,
  catalogFromParquet,
  catalogFromTable,
  type ParquetOptions,
  parquetFromCatalog,
} from "./columnar/index.ts";
export { Cosmology, type CosmologyParameters, FLAT_70_03, PLANCK15, PLANCK18, WMAP9 } from "./cosmology/index.ts";
export { MissionClock, type TimeScale } from "./dates/index.ts";
export {
  type EnergyHistogram,
  type EventFilter,
  EventList,
  type EventMeta,
  energyHistogram,
  mergeEvents,
  parseRegion,
  type Region,
  RegionCounts,
  regionArea,
  regionCounts,
  splitAtGaps,
  splitEvents,
} from "./events/index.ts";
export {
  Figure,
  type FigureOptions,
  type FigureSpec,
  figure,
  hardnessPlot,
  type LatentPlotOptions,
  latentPlot,
  lightCurvePlot,
  spectrumPlot,
} from "./figures/index.ts";
export {
  type Column,
  FitsError,
  FitsFile,
  type Header,
  RangedFits,
  type RangedTable,
  readFits,
  SkyPlane,
  verifyChecksums,
  writeFits,
} from "./fits/index.ts";
export {
  BicCurve,
  GaussianMixture,
  GaussianMixtureFit,
  type GmmOptions,
  PickleError,
  readSklearnMixture,
} from "./gmm/index.ts";
export { clipGti, exposureSec, type Gti, gapsOfGti, intersectGti, makeGti, unionGti } from "./gti/index.ts";
export {
  archiveFile,
  type LoadCatalogOptions,
  type LoadPopulationOptions,
  loadCatalog,
  loadEvents,
  loadMixture,
  loadPopulation,
  loadRegion,
  loadSpectrum,
  loadTruth,
  openFits,
  readBytes,
  type SampleSky,
  type SavePhotonsOptions,
  sampleSky,
  savePhotons,
} from "./io/index.ts";
export {
  bicCurve,
  gmm,
  type JobOptions,
  type JobProgress,
  learn,
  type PpadEmbedOptions,
  type PpadFitOptions,
  pileup,
  ppad,
  type UmapJobOptions,
  UmapProjection,
  umap,
} from "./jobs/index.ts";
export {
  anomalyScores,
  bootstrapEstimates,
  type CompareOptions,
  Comparison,
  classificationScores,
  type Estimate,
  type FeatureSets,
  groupFolds,
  regressionScores,
} from "./learn/index.ts";
export {
  associationProbability,
  ChanceMatches,
  CrossMatch,
  type CrossMatchOptions,
  chanceMatches,
  chanceProbability,
  crossMatch,
  type ErrorEllipse,
  logBayesFactor,
  type NwayOptions,
  type NwayResult,
  type NwayTable,
  nway,
  nwayCutoffs,
  type PositionError,
  type ProperMotion,
  positionsOf,
  propagate,
  SkyIndex,
  separationArcsec,
  shiftPositions,
  sigmaOfRadius,
} from "./match/index.ts";
export { type CachedFile, type CachedFileOptions, cacheDir, cachedFile, HttpError } from "./net/index.ts";
export { PileupEmulation, PileupFit, type PileupParameters } from "./pileup/index.ts";
export { type PhotonRecord, type PpadConfig, PpadLightCurve, PpadModel } from "./ppad/index.ts";
export { Rng } from "./random/index.ts";
export {
  backgroundFlareFilter,
  type CataclysmicOptions,
  type DualAgnOptions,
  type FxtCandidate,
  type FxtFilter,
  FxtFunnel,
  fxtFunnel,
  positionFilter,
  selectCataclysmic,
  selectDualAgn,
  selectUlx,
  type UlxOptions,
  type UlxSelection,
} from "./select/index.ts";
export { type Sky, type SkySource, type SourceTruth, simulateSky, trueRate } from "./sky/index.ts";
export { type Arf, fitSpectrum, parseModel, type Rmf, SpectralFit, SpectralModel, Spectrum } from "./spectra/index.ts";
export { type SqlOptions, sql, sqlToParquet } from "./sql/index.ts";
export { openPhotons, PhotonStore, type StoredPhotons } from "./store/index.ts";
export {
  type AdaptiveLightCurveOptions,
  adaptiveLightCurve,
  type BandSpec,
  BayesianBlocks,
  type BayesianBlocksOptions,
  type Burst,
  type BurstOptions,
  Bursts,
  bayesianBlocks,
  Constancy,
  CrossSpectrum,
  CSC_BANDS,
  constancy,
  crossSpectrum,
  EnergyTimeMap,
  ExcessVariance,
  energyTimeCube,
  energyTimeMap,
  epochFoldingSearch,
  excessVariance,
  type FxtOptions,
  FxtSearch,
  findBursts,
  fxtSearch,
  GregoryLoredo,
  type GregoryLoredoOptions,
  gregoryLoredo,
  HardnessEvolution,
  type HardnessRatio,
  hardnessEvolution,
  hardnessOfCounts,
  hardnessOverBackground,
  hardnessRatio,
  hTestSearch,
  LightCurve,
  type LightCurveOptions,
  LombScargle,
  type LombScargleOptions,
  lombScargle,
  makeLightCurve,
  PeriodSearch,
  type PeriodSearchOptions,
  type PeriodWarning,
  type PhotonChoice,
  type PowerNorm,
  PowerSpectrum,
  PulseProfile,
  type PulseProfileOptions,
  periodWarnings,
  poissonInterval,
  powerSpectrum,
  pulseProfile,
  type SpectrumOptions,
  type TimeSeries,
  type UniformityTests,
  uniformityTests,
  windowPower,
  zSquaredSearch,
} from "./timing/index.ts";
export { trustworthiness, UMAP, type UmapOptions } from "./umap/index.ts";
export { readVotable, VotableError, VotableQueryError, writeVotable } from "./votable/index.ts";
