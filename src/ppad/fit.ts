import type { Matrix } from "../array/index.ts";
import { Rng } from "../random/index.ts";
import { initializeInto } from "./initialize.ts";
import type { PpadOptimizer, PpadParts } from "./model.ts";
import type { PhotonWindow } from "./photon-window.ts";
import { BLOCK_SLOTS, flatView, type RunState, STARTS } from "./run-state.ts";
import type { Team } from "./runner.ts";
import { type EmbeddingModel, meanLatent, startEmbedding } from "./start.ts";
import { newProgress, Trainer } from "./train.ts";

/** Progress of a fit or an embedding, and the question whether to stop; structurally a job's context. */
export interface PpadContext {
  report(progress: { done: number; total: number; message?: string; values?: { [name: string]: number } }): void;
  stopped(): boolean;
}

const SILENT: PpadContext = { report: () => {}, stopped: () => false };

/** The part of a model that training continues from. */
export type PpadResume = Pick<PpadParts, "parameters" | "latents" | "history" | "optimizer">;

function startFrom(state: RunState, resume: PpadResume, trainer: Trainer): void {
  flatView(state, state.parameters).set(resume.parameters);
  state.latents.set(resume.latents.data);
  trainer.history.push(...resume.history);
  const { optimizer } = resume;
  if (!optimizer) return;
  flatView(state, state.moment1).set(optimizer.moment1);
  flatView(state, state.moment2).set(optimizer.moment2);
  state.latentMoment1.set(optimizer.latentMoment1);
  state.latentMoment2.set(optimizer.latentMoment2);
  state.latentSteps.set(optimizer.latentSteps);
  state.sourceLoss.set(optimizer.sourceLoss);
  Object.assign(trainer.progress, optimizer.progress);
}

/** What training makes of a state: all of a model that the caller does not know. */
export type TrainedParts = Omit<PpadParts, "config" | "names" | "rateScale" | "profileStart">;

/** Where long work leaves what it has from time to time. */
export interface PpadCheckpoint<Kept> {
  /** Whether it is time; asked between steps. */
  due(): boolean;
  write(kept: Kept): void;
}

function trainedParts(state: RunState, trainer: Trainer): TrainedParts {
  return {
    parameters: flatView(state, state.parameters).slice(),
    latents: latentMatrix(state),
    history: [...trainer.history],
    stopped: trainer.progress.epoch < trainer.epochs,
    optimizer: optimizerOf(state, trainer),
  };
}

function reportTo(context: PpadContext, trainer: Trainer, values?: { [name: string]: number }): void {
  const last = trainer.history[trainer.history.length - 1];
  const loss = last ? `, loss ${last.loss.toFixed(3)} per source` : "";
  context.report({
    done: trainer.done,
    total: trainer.epochs,
    message: `${Math.floor(10 * trainer.done) / 10} of ${trainer.epochs} epochs${loss}`,
    ...(values && { values }),
  });
}

/**
 * Trains a decoder and the latents of a population on the calling thread and its team.
 *
 * @param state Made by `createRunState` for the population.
 * @param team Who works; results do not depend on how many threads it has.
 * @param options.start First latents, shape (sources, latentSize). Default: draws from N(0, 1).
 * @param options.resume Model to continue from instead of a fresh one.
 * @param options.context Where progress goes. A stop keeps what is learnt so far.
 * @param options.checkpoint Written at the beginning, whenever it is due, and at the end. Default: none.
 */
export function fitPpad(
  state: RunState,
  team: Team,
  options: {
    start?: Float32Array;
    resume?: PpadResume;
    context?: PpadContext;
    checkpoint?: PpadCheckpoint<TrainedParts>;
  } = {},
): TrainedParts {
  const { context = SILENT, checkpoint } = options;
  const trainer = new Trainer(state, team, newProgress());
  if (options.resume) {
    startFrom(state, options.resume, trainer);
  } else {
    const rng = new Rng(state.seed);
    initializeInto(flatView(state, state.parameters), state.extents, { layout: state.layout, rng: rng.split(1) });
    const normal = rng.split(2);
    if (options.start) state.latents.set(options.start);
    else for (let i = 0; i < state.latents.length; i++) state.latents[i] = normal.normal();
  }
  trainer.refreshWeights();
  checkpoint?.write(trainedParts(state, trainer));
  const paused = () => {
    reportTo(context, trainer);
    return context.stopped() || checkpoint?.due() === true;
  };
  let epochs = trainer.history.length;
  reportTo(context, trainer);
  while (!context.stopped() && trainer.advance(paused)) {
    const last = trainer.history[trainer.history.length - 1];
    if (trainer.history.length > epochs) {
      const { loss, negativeLogLikelihood } = last;
      reportTo(context, trainer, { loss, "−log likelihood": negativeLogLikelihood });
    }
    epochs = trainer.history.length;
    if (checkpoint?.due()) checkpoint.write(trainedParts(state, trainer));
  }
  const parts = trainedParts(state, trainer);
  checkpoint?.write(parts);
  return parts;
}

function latentMatrix(state: RunState): Matrix<Float32Array> {
  return { data: state.latents.slice(), shape: [state.population.size, state.config.latentSize] };
}

function optimizerOf(state: RunState, trainer: Trainer): PpadOptimizer {
  return {
    seed: state.seed,
    photons: state.eventCount.reduce((sum, count) => sum + count, 0),
    progress: { ...trainer.progress },
    moment1: flatView(state, state.moment1).slice(),
    moment2: flatView(state, state.moment2).slice(),
    latentMoment1: state.latentMoment1.slice(),
    latentMoment2: state.latentMoment2.slice(),
    latentSteps: state.latentSteps.slice(),
    sourceLoss: state.sourceLoss.slice(),
  };
}

/** Puts each of some sources at its row of `starts`, shape (sources, latentSize). */
function putLatents(state: RunState, sources: Int32Array, starts: Float32Array): void {
  const size = state.config.latentSize;
  for (const [row, s] of sources.entries()) {
    state.latents.set(starts.subarray(row * size, (row + 1) * size), s * size);
  }
}

/** Multiplications of an embedding between two looks at whether to stop: ten seconds or so of two threads. */
const BLOCK_WORK = 2e12;
/** Blocks are of a multiple of so many sources, which threads can share. */
const BLOCK_STEP = 8;

/** Sources that are embedded between two looks at whether to stop. */
function blockSize({ config, extents, slots }: RunState): number {
  const { embedding, quadrature } = config;
  const rows =
    embedding.method === "adam"
      ? embedding.steps * quadrature.nodes
      : embedding.heats.reduce((sum, { starts, steps, nodes }) => {
          return sum + Math.min(starts, STARTS) * steps * (nodes === "training" ? quadrature.nodes : nodes);
        }, 0);
  // Two layers a block, forward and backward.
  const work = rows * extents.blocks * 4 * extents.hidden ** 2;
  const steps = Math.floor(Math.min(BLOCK_SLOTS * slots, BLOCK_WORK / (work + 1)) / BLOCK_STEP);
  return BLOCK_STEP * Math.max(1, steps);
}

/** Latents of the first `done` sources of a population, the others at the mean latent; shape (sources, latentSize). */
export interface PartialEmbedding {
  readonly done: number;
  readonly latents: Matrix<Float32Array>;
}

/**
 * Finds the latents of a population under a frozen decoder, as the configuration says: by a quasi-Newton search of
 * each source's few numbers from the best of several starts, or by the published Adam. Blocks of sources are done one
 * after another, so memory does not grow with the population.
 *
 * @param options.window Where the leading thread finds photons.
 * @param options.resume What an earlier call found. Default: nothing.
 * @param options.checkpoint Written at the beginning, whenever it is due, and at the end. Default: none.
 * @returns Latents, shape (sources, latentSize). A stop leaves sources that it did not reach at the model's mean latent.
 */
export function embedPpad(
  state: RunState,
  team: Team,
  options: {
    model: EmbeddingModel;
    window: PhotonWindow;
    context?: PpadContext;
    resume?: PartialEmbedding | undefined;
    checkpoint?: PpadCheckpoint<PartialEmbedding>;
  },
): Matrix<Float32Array> {
  const { model, window, context = SILENT, resume, checkpoint } = options;
  flatView(state, state.parameters).set(model.parameters);
  const trainer = new Trainer(state, team, newProgress());
  const { size } = state.population;
  const { embedding } = state.config;
  const mean = meanLatent(model);
  for (let s = 0; s < size; s++) state.latents.set(mean, s * mean.length);
  if (resume) state.latents.set(resume.latents.data);
  const block = blockSize(state);
  const all = Int32Array.from({ length: size }, (_, s) => s);
  let done = resume?.done ?? 0;
  const report = () => context.report({ done, total: size, message: `${done} of ${size} sources` });
  const keep = () => checkpoint?.write({ done, latents: latentMatrix(state) });
  report();
  keep();
  while (done < size && !context.stopped()) {
    const sources = all.subarray(done, done + block);
    const starts = startEmbedding(window, sources, { model, mean });
    if (embedding.method === "adam") {
      const { steps, rate, schedule } = embedding;
      putLatents(state, sources, starts[0]);
      trainer.fitLatents(sources, { steps, rate, cosine: schedule === "cosine" });
    } else {
      trainer.searchLatents(sources, starts);
    }
    done += sources.length;
    report();
    if (checkpoint?.due()) keep();
  }
  keep();
  return latentMatrix(state);
}

/** Losses of a state's sources as they are: −Σ log r, ∫ r, total variation, penalty; shape (sources, 4). */
export function sourceLosses(state: RunState, team: Team): Matrix {
  const { size } = state.population;
  new Trainer(state, team, newProgress()).evaluate(Int32Array.from({ length: size }, (_, s) => s));
  return { data: Float64Array.from(state.sourceLoss), shape: [size, 4] };
}
