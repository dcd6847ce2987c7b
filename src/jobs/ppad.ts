import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import type { Matrix } from "../array/index.ts";
import {
  checkConfig,
  type Engine,
  type PhotonRecord,
  type PpadConfig,
  PpadModel,
  type PpadParts,
  packPopulation,
  ppadCompact,
  ppadPublished,
  ppadReference,
  publishedChunks,
  readPpad,
  writePpad,
} from "../ppad/index.ts";
import { PhotonStore } from "../store/index.ts";
import { workerModule } from "./job.ts";
import { linalgModule } from "./linalg-module.ts";
import { loadPpad, savePpad } from "./ppad-file.ts";
import type { PpadEmbedJob, PpadFitJob } from "./ppad-worker.ts";
import { runShownJob, type ShownJobOptions } from "./shown-job.ts";

const WORKER = workerModule(import.meta.url, "./ppad-worker");

/** Parts of a minibatch; more threads than this do not help in training. */
const SHARDS = 4;

/** Sources to fit or embed: records in memory, or a store. */
type Population = readonly PhotonRecord[] | PhotonStore;

/** How to fit. */
export interface PpadFitOptions extends ShownJobOptions {
  /** All choices of model and training; `ppadReference` is the published one. Default: `ppadCompact`. */
  config?: PpadConfig;
  /** Numbers per source. Default: the configuration's, 8. */
  latentSize?: number;
  /** Epochs; the configuration's stages are stretched or shrunk to it in proportion. Default: the configuration's. */
  epochs?: number;
  /** Seed of weights, latents, order and quadrature. The same seed gives the same model. Default 0. */
  seed?: number;
  /** Threads to work on; the result does not depend on it. A GPU is driven by one. Default: the machine's, at most 4. */
  threads?: number;
  /**
   * Who multiplies matrices: "native" (onnxruntime), "gpu" (onnxruntime on a GPU, through WebGPU: Vulkan on Linux,
   * Direct3D 12 on Windows, Metal on macOS), "tfjs" (TensorFlow, where @tensorflow/tfjs-node is installed) or "wasm" (our
   * kernels, on any machine). The results agree within single precision, not to the last bit. Default: "native" where
   * onnxruntime-node loads, else "wasm".
   */
  engine?: Engine;
  /** A model of the same population to train on; its configuration is kept, `epochs` may extend it. Default: none. */
  resume?: PpadModel;
  /**
   * File that keeps the run, such as "run.ppad". Where it is there, training goes on from it, to the same model as if
   * it had not been broken off; else from the beginning. It is replaced as a whole, so a killed process loses only what
   * came after the last version. `ppad.read` reads it. Default: none.
   */
  checkpoint?: string;
  /** Seconds between versions of the checkpoint. Default 120. */
  checkpointSec?: number;
  /** Source whose rate is drawn below the progress bar as it improves. Default: the one with most photons. */
  watch?: number;
}

/** How to embed. */
export interface PpadEmbedOptions extends ShownJobOptions {
  /** Seed of start and quadrature. Default 0. */
  seed?: number;
  /** Threads to work on; the result does not depend on it. A GPU is driven by one. Default: the machine's, at most 4. */
  threads?: number;
  /**
   * Who multiplies matrices: "native" (onnxruntime), "gpu" (onnxruntime on a GPU, through WebGPU: Vulkan on Linux,
   * Direct3D 12 on Windows, Metal on macOS), "tfjs" (TensorFlow, where @tensorflow/tfjs-node is installed) or "wasm" (our
   * kernels, on any machine). The results agree within single precision, not to the last bit. Default: "native" where
   * onnxruntime-node loads, else "wasm".
   */
  engine?: Engine;
  /** File that keeps the latents found so far, such as "z.ppad"; called again, it goes on from there. Default: none. */
  checkpoint?: string;
  /** Seconds between versions of the checkpoint. Default 120. */
  checkpointSec?: number;
}

/** Stretches the stages so that their epochs add up to `epochs`. */
function withEpochs(config: PpadConfig, epochs: number | undefined): PpadConfig {
  if (epochs === undefined) return config;
  if (!(Number.isInteger(epochs) && epochs >= 0)) {
    throw new RangeError(`Cannot fit PPAD: epochs must be a non-negative integer: current value is ${epochs}`);
  }
  const planned = config.stages.reduce((sum, stage) => sum + stage.epochs, 0);
  let before = 0;
  let given = 0;
  const stages = config.stages.map((stage) => {
    before += stage.epochs;
    const share = Math.round((epochs * before) / planned) - given;
    given += share;
    return { ...stage, epochs: share };
  });
  return { ...config, stages };
}

function threadCount(threads: number | undefined): number {
  const count = threads ?? Math.min(availableParallelism(), SHARDS);
  if (!(Number.isInteger(count) && count >= 1)) {
    throw new RangeError(`Cannot start PPAD: threads must be a positive integer: current value is ${count}`);
  }
  return count;
}

function watched(source: number | undefined, size: number): number | "brightest" {
  if (source === undefined) return "brightest";
  if (Number.isInteger(source) && source >= 0 && source < size) return source;
  throw new RangeError(`Cannot fit PPAD: watch must be 0–${size - 1}, a source: current value is ${source}`);
}

/** The photons as a job takes them. */
function packed(
  population: Population,
  options: { config: PpadConfig; action: string; rateScale?: number },
): PpadFitJob["photons"] {
  return population instanceof PhotonStore ? population.index : packPopulation(population, options);
}

function checkpointOf(
  action: string,
  { checkpoint, checkpointSec = 120 }: PpadFitOptions | PpadEmbedOptions,
): Pick<PpadFitJob, "checkpoint"> {
  if (checkpoint === undefined) return {};
  if (checkpointSec >= 0) return { checkpoint: { path: resolve(checkpoint), everySec: checkpointSec } };
  throw new RangeError(`Cannot ${action}: checkpointSec must be >= 0: current value is ${checkpointSec}`);
}

/** A model without its methods, which do not travel between threads. */
function partsOf(model: PpadModel): PpadParts {
  const { config, parameters, latents, names, rateScale, history, stopped, optimizer, profileStart } = model;
  return { config, parameters, latents, names, rateScale, history, stopped, optimizer, profileStart };
}

/**
 * Trains a Poisson process autodecoder on a population, off the calling thread.
 *
 * In a notebook it shows its progress, curves of the loss, and the rate of one source as it improves; the Stop button, or aborting `signal`, ends it early with what it has learnt.
 *
 * @param population One record of photons per source, or a store of them: a store's photons stay on disk and are read
 *   batch by batch, to the same result.
 * @throws {RangeError} Naming the source, if one has no photon in band and good time, or disordered or non-finite
 * values; or what differs, if the checkpoint is of another run.
 * @see Song et al. 2025, arXiv:2502.01627.
 */
async function fit(population: Population, options: PpadFitOptions = {}): Promise<PpadModel> {
  const { resume } = options;
  const base = resume?.config ?? options.config ?? ppadCompact;
  const config = withEpochs({ ...base, latentSize: options.latentSize ?? base.latentSize }, options.epochs);
  checkConfig(config);
  if (resume && (resume.latents.shape[0] !== population.length || resume.config.latentSize !== config.latentSize)) {
    throw new RangeError(
      `Cannot resume PPAD: the population must have the model's ${resume.latents.shape[0]} sources and latentSize ${resume.config.latentSize}: current numbers are ${population.length} and ${config.latentSize}`,
    );
  }
  const names =
    population instanceof PhotonStore
      ? population.names
      : population.map((record, index) => record.name ?? `source ${index}`);
  const job: PpadFitJob = {
    photons: packed(population, { config, action: "fit PPAD", ...(resume && { rateScale: resume.rateScale }) }),
    names,
    config,
    seed: resume?.optimizer?.seed ?? options.seed ?? 0,
    module: linalgModule(),
    threads: threadCount(options.threads),
    engine: options.engine,
    shards: SHARDS,
    ...(resume && { resume: partsOf(resume) }),
    ...(options.display !== false && { watch: watched(options.watch, population.length) }),
    ...checkpointOf("fit PPAD", options),
  };
  return new PpadModel(
    await runShownJob<PpadFitJob, PpadParts>({ title: "PPAD fit", worker: WORKER, input: job }, options),
  );
}

/**
 * Latents of a population under a trained model, off the calling thread; the model does not change.
 *
 * Stop, or aborting `signal`, leaves the sources that it did not reach at the model's mean latent.
 *
 * @param population One record of photons per source, or a store of them; need not be the training set.
 * @returns Shape (sources, latentSize).
 * @throws {RangeError} As `fit`, naming the source.
 */
async function embed(
  population: Population,
  model: PpadModel,
  options: PpadEmbedOptions = {},
): Promise<Matrix<Float32Array>> {
  const { config } = model;
  checkConfig(config);
  const { parameters, latents, profileStart, rateScale } = model;
  const job: PpadEmbedJob = {
    photons: packed(population, { config, action: "embed with PPAD", rateScale }),
    config,
    seed: options.seed ?? 0,
    module: linalgModule(),
    threads: threadCount(options.threads),
    engine: options.engine,
    shards: 1,
    ...checkpointOf("embed with PPAD", options),
    model: { config, parameters, latents, profileStart, rateScale },
  };
  return runShownJob({ title: "PPAD embedding", worker: WORKER, input: job }, options);
}

/** Poisson process autodecoder: fitting, embedding, files, configurations and the published preprocessing. */
export const ppad = {
  fit,
  embed,
  save: savePpad,
  load: loadPpad,
  read: readPpad,
  write: writePpad,
  compact: ppadCompact,
  reference: ppadReference,
  published: ppadPublished,
  publishedChunks,
} as const;
