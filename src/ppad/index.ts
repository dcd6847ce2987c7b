export {
  checkConfig,
  type PpadConfig,
  type PpadHeat,
  type PpadStage,
  ppadCompact,
  ppadPublished,
  ppadReference,
} from "./config.ts";
export { CONTROL, TASK } from "./control.ts";
export { drawRate } from "./draw-rate.ts";
export { readPpad, writePpad } from "./files.ts";
export {
  embedPpad,
  fitPpad,
  type PartialEmbedding,
  type PpadCheckpoint,
  type PpadContext,
  type PpadResume,
  sourceLosses,
  type TrainedParts,
} from "./fit.ts";
export type { GraphRuntime, GraphSession, GraphTensor } from "./graph-network.ts";
export { PpadLightCurve } from "./light-curve.ts";
export { PpadModel, type PpadOptimizer, type PpadParts, type PpadRateCurve, type PpadRateOptions } from "./model.ts";
export {
  type ListedPopulation,
  listPopulation,
  type PhotonRecords,
  RecordWindow,
  wholeWindow,
} from "./photon-window.ts";
export { type KnownBackground, type PackedPopulation, type PhotonRecord, packPopulation } from "./population.ts";
export type { Engine } from "./products.ts";
export { type PublishedChunks, publishedChunks } from "./published-chunks.ts";
export {
  type ComputeLibrary,
  createRunState,
  openWindow,
  type ProductLibrary,
  type RunState,
  type ThreadSupplies,
} from "./run-state.ts";
export { announce, createRunner, type Runner, soloTeam, type Team, takeItems } from "./runner.ts";
export { type EmbeddingModel, type ProfileStart, startLatents } from "./start.ts";
export type { PpadEpoch } from "./train.ts";
export { withBackground } from "./with-background.ts";
