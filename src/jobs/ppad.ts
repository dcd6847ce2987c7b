import { availableParallelism } from "node:os";
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
  readPpad,
  startEmbedding,
  startLatents,
  writePpad,
} from "../ppad/index.ts";
import { workerModule } from "./job.ts";
import { linalgModule } from "./linalg-module.ts";
import type { PpadJob } from "./ppad-worker.ts";
import { runShownJob, type ShownJobOptions } from "./shown-job.ts";

const WORKER = workerModule(import.meta.url, "./ppad-worker");

/** Parts of a minibatch; more threads than this do not help in training. */
const SHARDS = 4;

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
  /** Threads to work on; the result does not depend on it. Default: the machine's, at most 4. */
  threads?: number;
  /**
   * Who multiplies matrices: "native" (onnxruntime) or "wasm" (our kernels, on any machine). The results agree within
   * single precision, not to the last bit. Default: "native" where onnxruntime-node loads.
   */
  engine?: Engine;
  /** A model of the same population to train on; its configuration is kept, `epochs` may extend it. Default: none. */
  resume?: PpadModel;
}

/** How to embed. */
export interface PpadEmbedOptions extends ShownJobOptions {
  /** Steps per source at most. Default: the model's configuration, 40 unless as published. */
  steps?: number;
  /** Seed of start and quadrature. Default 0. */
  seed?: number;
  /** Threads to work on; the result does not depend on it. Default: the machine's, at most 4. */
  threads?: number;
  /**
   * Who multiplies matrices: "native" (onnxruntime) or "wasm" (our kernels, on any machine). The results agree within
   * single precision, not to the last bit. Default: "native" where onnxruntime-node loads.
   */
  engine?: Engine;
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

function runPpad<Output>(title: string, input: PpadJob, options: ShownJobOptions): Promise<Output> {
  return runShownJob({ title, worker: WORKER, input }, options);
}

/**
 * Trains a Poisson process autodecoder on a population, off the calling thread.
 *
 * In a notebook it shows its progress; the Stop button, or aborting `signal`, ends it early with what it has learnt.
 *
 * @param population One record of photons per source.
 * @throws {RangeError} Naming the source, if one has no photon in band and good time, or disordered or non-finite
 * values.
 * @see Song et al. 2025, arXiv:2502.01627.
 */
async function fit(population: readonly PhotonRecord[], options: PpadFitOptions = {}): Promise<PpadModel> {
  const { resume } = options;
  const base = resume?.config ?? options.config ?? ppadCompact;
  const config = withEpochs({ ...base, latentSize: options.latentSize ?? base.latentSize }, options.epochs);
  checkConfig(config);
  if (resume && (resume.latents.shape[0] !== population.length || resume.config.latentSize !== config.latentSize)) {
    throw new RangeError(
      `Cannot resume PPAD: the population must have the model's ${resume.latents.shape[0]} sources and latentSize ${resume.config.latentSize}: current numbers are ${population.length} and ${config.latentSize}`,
    );
  }
  const action = "fit PPAD";
  const { packed, rateScale } = packPopulation(population, {
    config,
    action,
    ...(resume && { rateScale: resume.rateScale }),
  });
  const seed = resume?.optimizer?.seed ?? options.seed ?? 0;
  const start = startLatents(packed, config, seed);
  const job: PpadJob = {
    population: packed,
    config,
    seed,
    module: linalgModule(),
    threads: threadCount(options.threads),
    engine: options.engine,
    shards: SHARDS,
    start: start.latents,
    ...(resume && {
      resume: {
        parameters: resume.parameters,
        latents: resume.latents,
        history: resume.history,
        optimizer: resume.optimizer,
      },
    }),
  };
  const parts = await runPpad<Omit<PpadParts, "config" | "names" | "rateScale" | "profileStart">>(
    "PPAD fit",
    job,
    options,
  );
  const names = population.map((record, index) => record.name ?? `source ${index}`);
  return new PpadModel({
    ...parts,
    config,
    names,
    rateScale,
    profileStart: resume ? resume.profileStart : start.profileStart,
  });
}

/**
 * Latents of a population under a trained model, off the calling thread; the model does not change.
 *
 * @param population One record of photons per source; need not be the training set.
 * @returns Shape (sources, latentSize).
 * @throws {RangeError} As `fit`, naming the source.
 */
async function embed(
  population: readonly PhotonRecord[],
  model: PpadModel,
  options: PpadEmbedOptions = {},
): Promise<Matrix<Float32Array>> {
  const { embedding } = model.config;
  const config = { ...model.config, embedding: { ...embedding, steps: options.steps ?? embedding.steps } };
  checkConfig(config);
  const { packed } = packPopulation(population, { config, action: "embed with PPAD", rateScale: model.rateScale });
  const seed = options.seed ?? 0;
  const job: PpadJob = {
    population: packed,
    config,
    seed,
    module: linalgModule(),
    threads: threadCount(options.threads),
    engine: options.engine,
    shards: 1,
    starts: startEmbedding(packed, model),
    parameters: model.parameters,
  };
  const { latents } = await runPpad<{ latents: Matrix<Float32Array> }>("PPAD embedding", job, options);
  return latents;
}

/** Poisson process autodecoder: fitting, embedding, files and configurations. */
export const ppad = {
  fit,
  embed,
  read: readPpad,
  write: writePpad,
  compact: ppadCompact,
  reference: ppadReference,
  published: ppadPublished,
} as const;
