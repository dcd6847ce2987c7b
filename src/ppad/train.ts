import { instantiateKernels, type Kernels } from "../linalg/index.ts";
import { Rng } from "../random/index.ts";
import { BETA1, BETA2, EPSILON } from "./adam.ts";
import type { PpadStage } from "./config.ts";
import { CONTROL, SETTING, TASK } from "./control.ts";
import { packWeights } from "./products.ts";
import { BLOCK_SLOTS, type RunState } from "./run-state.ts";
import type { Team } from "./runner.ts";

/** Means per source of one epoch. */
export interface PpadEpoch {
  readonly epoch: number;
  readonly stage: number;
  /** The whole loss. */
  readonly loss: number;
  /** −Σ log r + ∫ r. */
  readonly negativeLogLikelihood: number;
  readonly totalVariation: number;
  readonly latentPenalty: number;
}

/** How far training has come; with the state's arrays, all that is needed to go on as if it had not stopped. */
export interface TrainerProgress {
  /** Epochs behind it, over all stages. */
  epoch: number;
  /** Minibatches, or blocks of sources, of the current epoch behind it: not 0 where a pause fell inside an epoch. */
  batch: number;
  /** Adam steps of the decoder behind it. */
  steps: number;
  /** Factor of the plateau schedule, the best loss of the stage, and epochs since. */
  factor: number;
  best: number | null;
  waited: number;
}

const PATIENCE = 50;
/**
 * Groups at least that independent work is dealt in, for threads to share; of the work, not of the threads, so that
 * results are too. A GPU takes all it can hold at once.
 */
const GROUPS = 8;
/** Number of the step whose random nodes searches and evaluations use; no training gets that far. */
const EVALUATION_STEP = 0x3fffffff;

/** Where training begins. */
export function newProgress(): TrainerProgress {
  return { epoch: 0, batch: 0, steps: 0, factor: 1, best: null, waited: 0 };
}

/** Trains decoder and latents through the stages of the state's configuration. */
export class Trainer {
  readonly progress: TrainerProgress;
  readonly history: PpadEpoch[] = [];
  readonly #state: RunState;
  readonly #team: Team;
  readonly #kernels: Kernels;
  readonly #rowCounts: Float64Array;
  readonly #loads: Float64Array;
  readonly #dealt: Int32Array;
  #epochShare = 0;

  constructor(state: RunState, team: Team, progress: TrainerProgress) {
    this.#state = state;
    this.#team = team;
    this.progress = progress;
    this.#kernels = instantiateKernels(state.module, state.memory);
    const { eventCount, config } = state;
    this.#rowCounts = Float64Array.from(
      eventCount,
      (events) => Math.min(events, config.maxEvents) + config.quadrature.nodes,
    );
    this.#loads = new Float64Array(state.gradients.length);
    this.#dealt = new Int32Array(config.batchSize);
    this.refreshWeights();
  }

  /** Brings what is made of the flat parameters up to date after they changed. */
  refreshWeights(): void {
    this.#state.control[CONTROL.weights]++;
    packWeights(this.#kernels, this.#state.weights);
  }

  /** Epochs of all stages together. */
  get epochs(): number {
    return this.#state.config.stages.reduce((sum, stage) => sum + stage.epochs, 0);
  }

  /** Epochs behind it, with the part of the current one. */
  get done(): number {
    return this.progress.epoch + this.#epochShare;
  }

  /**
   * Does the next epoch, or the rest of one. Returns false when all stages are done.
   *
   * @param paused Asked between steps, so that each call does one or more; a true answer leaves the epoch where it is, to be gone on with later.
   */
  advance(paused: () => boolean): boolean {
    let first = 0;
    for (const [index, stage] of this.#state.config.stages.entries()) {
      const past = this.progress.epoch - first;
      if (past < stage.epochs) {
        if (past === 0 && this.progress.batch === 0) Object.assign(this.progress, { factor: 1, best: null, waited: 0 });
        this.#epoch(stage, index, past, paused);
        return true;
      }
      first += stage.epochs;
    }
    return false;
  }

  #sourcesOf(stage: PpadStage): Int32Array {
    const { eventCount } = this.#state;
    const all = Int32Array.from(eventCount, (_, s) => s);
    if (stage.sources !== "bright") return all;
    const keep = Math.max(1, Math.round((stage.brightFraction ?? 0.14) * all.length));
    return all
      .sort((a, b) => eventCount[b] - eventCount[a] || a - b)
      .slice(0, keep)
      .sort();
  }

  #epoch(stage: PpadStage, index: number, past: number, paused: () => boolean): void {
    const state = this.#state;
    const { progress } = this;
    const sources = this.#sourcesOf(stage);
    const alone = stage.train === "latents";
    if (!alone) new Rng(state.seed, 1000 + progress.epoch).shuffleInto(sources);
    const size = alone ? BLOCK_SLOTS * state.slots : state.config.batchSize;
    const batches = Math.ceil(sources.length / size);
    const began = progress.batch;
    for (; progress.batch < batches; progress.batch++) {
      this.#epochShare = progress.batch / batches;
      if (progress.batch > began && paused()) return;
      const done = (past + this.#epochShare) / stage.epochs;
      const fall = stage.schedule === "cosine" ? 0.5 * (1 + Math.cos(Math.PI * done)) : progress.factor;
      const batch = sources.subarray(progress.batch * size, (progress.batch + 1) * size);
      if (alone) this.fitLatents(batch, { steps: 1, rate: stage.latentRate * fall, cosine: false, resume: true });
      else this.#step(batch, stage, fall);
    }
    this.#epochShare = 0;
    progress.batch = 0;
    progress.epoch++;
    const summary = this.#summarize(sources, index);
    this.history.push(summary);
    if (stage.schedule === "plateau") this.#watchPlateau(summary.loss);
  }

  #watchPlateau(loss: number): void {
    const { progress } = this;
    if (progress.best === null || loss < progress.best - 1e-4 * Math.abs(progress.best)) {
      progress.best = loss;
      progress.waited = 0;
    } else if (++progress.waited > PATIENCE) {
      progress.factor *= 0.5;
      progress.waited = 0;
    }
  }

  #summarize(sources: Int32Array, stage: number): PpadEpoch {
    const sums = [0, 0, 0, 0];
    for (const source of sources) {
      for (let part = 0; part < 4; part++)
        sums[part] = (sums[part] as number) + (this.#state.sourceLoss[source * 4 + part] as number);
    }
    const [event, integral, variation, penalty] = sums.map((sum) => sum / sources.length) as [
      number,
      number,
      number,
      number,
    ];
    return {
      epoch: this.progress.epoch,
      stage,
      loss: event + integral + variation + penalty,
      negativeLogLikelihood: event + integral,
      totalVariation: variation,
      latentPenalty: penalty,
    };
  }

  /** Deals the batch to the shards, always the lightest first, so that shards end together. */
  #deal(batch: Int32Array): void {
    const { order, ranges } = this.#state;
    const shards = ranges.length - 1;
    this.#loads.fill(0);
    for (let i = 0; i < batch.length; i++) {
      let lightest = 0;
      for (let shard = 1; shard < shards; shard++) {
        if ((this.#loads[shard] as number) < (this.#loads[lightest] as number)) lightest = shard;
      }
      this.#loads[lightest] = (this.#loads[lightest] as number) + (this.#rowCounts[batch[i] as number] as number);
      this.#dealt[i] = lightest;
    }
    let next = 0;
    for (let shard = 0; shard < shards; shard++) {
      ranges[shard] = next;
      for (let i = 0; i < batch.length; i++) if (this.#dealt[i] === shard) order[next++] = batch[i] as number;
    }
    ranges[shards] = next;
  }

  #step(batch: Int32Array, stage: PpadStage, fall: number): void {
    const state = this.#state;
    const { layout, control, gradients, config } = state;
    const kernels = this.#kernels;
    this.#deal(batch);
    control[CONTROL.step] = this.progress.steps;
    control[CONTROL.taken] = batch.length;
    this.#team.run(TASK.gradient, gradients.length);
    const sum = gradients[0] as number;
    for (let shard = 1; shard < gradients.length; shard++)
      kernels.addInto(layout.size, sum, gradients[shard] as number);
    let squares = kernels.sumSquares(layout.size, sum);
    const values = batch.length * config.latentSize;
    for (let i = 0; i < values; i++) squares += (state.latentGradient[i] as number) ** 2;
    const norm = Math.sqrt(squares);
    // A step whose gradient is not finite is left out, as the reference does.
    if (!Number.isFinite(norm)) return;
    const scale = norm > config.gradientClip ? config.gradientClip / norm : 1;
    const t = ++this.progress.steps;
    const rate = (stage.decoderRate * fall) / (1 - BETA1 ** t);
    const root = 1 / Math.sqrt(1 - BETA2 ** t);
    kernels.adam(
      layout.size,
      state.parameters,
      sum,
      state.moment1,
      state.moment2,
      scale,
      rate,
      root,
      BETA1,
      BETA2,
      EPSILON,
    );
    this.refreshWeights();
    this.#stepLatents(batch.length, stage.latentRate * fall, scale);
  }

  /** Adam on the batch's latents; each source counts its own steps. */
  #stepLatents(count: number, rate: number, scale: number): void {
    const { order, latents, latentGradient, config, latentSteps } = this.#state;
    const { latentMoment1: moment1, latentMoment2: moment2 } = this.#state;
    const size = config.latentSize;
    for (let i = 0; i < count; i++) {
      const source = order[i] as number;
      const t = (latentSteps[source] = (latentSteps[source] as number) + 1);
      const step = rate / (1 - BETA1 ** t);
      const root = 1 / Math.sqrt(1 - BETA2 ** t);
      for (let l = 0; l < size; l++) {
        const at = source * size + l;
        const g = scale * (latentGradient[i * size + l] as number);
        const m = (moment1[at] = BETA1 * (moment1[at] as number) + (1 - BETA1) * g);
        const v = (moment2[at] = BETA2 * (moment2[at] as number) + (1 - BETA2) * g * g);
        latents[at] = (latents[at] as number) - (step * m) / (Math.sqrt(v) * root + EPSILON);
      }
    }
  }

  /**
   * Adam on the latents of many sources, each on its own, with the decoder frozen.
   *
   * @param options.resume Whether to go on from the sources' own Adam state. Default false.
   */
  fitLatents(sources: Int32Array, options: { steps: number; rate: number; cosine: boolean; resume?: boolean }): void {
    const state = this.#state;
    state.settings[SETTING.steps] = options.steps;
    state.settings[SETTING.rate] = options.rate;
    state.settings[SETTING.cosine] = options.cosine ? 1 : 0;
    state.settings[SETTING.resume] = options.resume ? 1 : 0;
    this.#runGroups(TASK.latents, sources, this.progress.steps + this.progress.epoch);
  }

  /**
   * Finds the latents of sources with the decoder frozen, as the settings' heats say.
   *
   * @param starts What to begin from, each of shape (sources, latentSize).
   */
  searchLatents(sources: Int32Array, starts: readonly Float32Array[]): void {
    this.#state.control[CONTROL.starts] = starts.length;
    for (const [k, start] of starts.entries()) this.#state.starts.set(start, k * start.length);
    this.#runGroups(TASK.search, sources, EVALUATION_STEP);
  }

  /** Brings the losses of sources up to date without changing anything. */
  evaluate(sources: Int32Array): void {
    this.#runGroups(TASK.evaluate, sources, EVALUATION_STEP);
  }

  /** Has a task done on sources that do not influence one another, in groups that many threads can share. */
  #runGroups(task: number, sources: Int32Array, step: number): void {
    const { control, order, slots, engine } = this.#state;
    const groups = engine === "gpu" ? 1 : GROUPS;
    const group = Math.max(1, Math.min(slots, Math.ceil(sources.length / groups)));
    order.set(sources);
    control[CONTROL.step] = step;
    control[CONTROL.taken] = sources.length;
    control[CONTROL.group] = group;
    this.#team.run(task, Math.ceil(sources.length / group));
  }
}
