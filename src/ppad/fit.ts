import type { Matrix } from "../array/index.ts";
import { Rng } from "../random/index.ts";
import { initializeInto } from "./initialize.ts";
import type { PpadOptimizer, PpadParts } from "./model.ts";
import { flatView, type RunState } from "./run-state.ts";
import type { Team } from "./runner.ts";
import { newProgress, type PpadEpoch, Trainer } from "./train.ts";

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

function message(trainer: Trainer, epoch: PpadEpoch): string {
  return `epoch ${epoch.epoch} of ${trainer.epochs}, loss ${epoch.loss.toFixed(3)} per source`;
}

/**
 * Trains a decoder and the latents of a population on the calling thread and its team.
 *
 * @param state Made by `createRunState` for the population.
 * @param team Who works; results do not depend on how many threads it has.
 * @param options.start First latents, shape (sources, latentSize). Default: draws from N(0, 1).
 * @param options.resume Model to continue from instead of a fresh one.
 * @param options.context Where progress goes. A stop keeps what is learnt so far.
 */
export function fitPpad(
  state: RunState,
  team: Team,
  options: { start?: Float32Array; resume?: PpadResume; context?: PpadContext } = {},
): Omit<PpadParts, "config" | "names" | "rateScale" | "profileStart"> {
  const context = options.context ?? SILENT;
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
  context.report({ done: trainer.progress.epoch, total: trainer.epochs, message: "starting" });
  while (!context.stopped() && trainer.advance(() => context.stopped())) {
    const last = trainer.history[trainer.history.length - 1];
    if (!last) continue;
    context.report({
      done: trainer.progress.epoch,
      total: trainer.epochs,
      message: message(trainer, last),
      values: { loss: last.loss },
    });
  }
  return {
    parameters: flatView(state, state.parameters).slice(),
    latents: latentMatrix(state),
    history: trainer.history,
    stopped: trainer.progress.epoch < trainer.epochs,
    optimizer: optimizerOf(state, trainer),
  };
}

function latentMatrix(state: RunState): Matrix<Float32Array> {
  return { data: state.latents.slice(), shape: [state.population.size, state.config.latentSize] };
}

function optimizerOf(state: RunState, trainer: Trainer): PpadOptimizer {
  return {
    seed: state.seed,
    progress: { ...trainer.progress },
    moment1: flatView(state, state.moment1).slice(),
    moment2: flatView(state, state.moment2).slice(),
    latentMoment1: state.latentMoment1.slice(),
    latentMoment2: state.latentMoment2.slice(),
    latentSteps: state.latentSteps.slice(),
    sourceLoss: state.sourceLoss.slice(),
  };
}

/** Puts each source at the start of least loss. */
function chooseStarts(state: RunState, trainer: Trainer, starts: readonly Float32Array[]): void {
  state.latents.set(starts[0]);
  if (starts.length === 1) return;
  const size = state.config.latentSize;
  const all = Int32Array.from({ length: state.population.size }, (_, s) => s);
  const least = new Float64Array(state.population.size).fill(Infinity);
  const best = new Float32Array(state.latents.length);
  for (const start of starts) {
    state.latents.set(start);
    trainer.evaluate(all, { coarse: true });
    for (const s of all) {
      let loss = 0;
      for (let part = 0; part < 4; part++) loss += state.sourceLoss[s * 4 + part];
      if (!(loss < least[s])) continue;
      least[s] = loss;
      best.set(start.subarray(s * size, (s + 1) * size), s * size);
    }
  }
  state.latents.set(best);
}

/**
 * Finds the latents of a population under a frozen decoder, as the configuration says: by a quasi-Newton search of
 * each source's few numbers, or by the published Adam.
 *
 * @param options.parameters The decoder's flat parameters.
 * @param options.starts First latents, each of shape (sources, latentSize); every source takes the one of least loss.
 * @returns Latents, and the loss per source with its parts: −Σ log r, ∫ r, total variation, penalty, shape (sources, 4).
 */
export function embedPpad(
  state: RunState,
  team: Team,
  options: { parameters: Float32Array; starts: readonly Float32Array[]; context?: PpadContext },
): { latents: Matrix<Float32Array>; loss: Matrix } {
  const context = options.context ?? SILENT;
  flatView(state, state.parameters).set(options.parameters);
  const trainer = new Trainer(state, team, newProgress());
  const size = state.population.size;
  context.report({ done: 0, total: size, message: "choosing starts" });
  chooseStarts(state, trainer, options.starts);
  const { method, steps, rate, schedule } = state.config.embedding;
  // One call embeds a few groups per thread, so that progress and a stop come through.
  const block = state.slots * 8;
  const all = Int32Array.from({ length: size }, (_, s) => s);
  for (let first = 0; first < size && !context.stopped(); first += block) {
    const sources = all.subarray(first, first + block);
    if (method === "adam") trainer.fitLatents(sources, { steps, rate, cosine: schedule === "cosine" });
    else trainer.searchLatents(sources, steps);
    context.report({
      done: first + sources.length,
      total: size,
      message: `${first + sources.length} of ${size} sources`,
    });
  }
  trainer.evaluate(all);
  return { latents: latentMatrix(state), loss: { data: Float64Array.from(state.sourceLoss), shape: [size, 4] } };
}
