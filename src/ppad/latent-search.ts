import type { PpadConfig, PpadHeat } from "./config.ts";
import { CONTROL } from "./control.ts";
import { INFORMATION, LATENTS_ONLY, LOSS_ONLY } from "./network.ts";
import { QuasiNewton } from "./quasi-newton.ts";
import { type Sampling, trainingSampling } from "./rows.ts";
import { type RunState, STARTS } from "./run-state.ts";
import type { SourceBatch } from "./source-batch.ts";

/** How a heat sees a source. */
export function heatSampling(config: PpadConfig, { nodes, maxEvents = Infinity }: PpadHeat): Sampling {
  const training = trainingSampling(config);
  return nodes === "training" ? { ...training, maxEvents } : { ...training, rule: "adaptive", nodes, maxEvents };
}

/**
 * Quasi-Newton search for the latents of one group of sources with the decoder frozen, in heats: many starts go down a
 * few steps on few nodes, the best go on on more. Each heat begins with the curvature that the photons have where it
 * begins, see `Network.information`. The nodes of a source stay the same from step to step, so that its loss is one
 * function.
 */
export class LatentSearch {
  readonly #state: RunState;
  readonly #batch: SourceBatch;
  readonly #heats: readonly { readonly starts: number; readonly steps: number; readonly sampling: Sampling }[];
  readonly #tolerance: number;
  /** The candidates of this heat and of the one before: problem k × slots + slot is the k-th of a slot. */
  #now: QuasiNewton;
  #before: QuasiNewton;
  /** Per problem of the heat before, its loss there. */
  readonly #value: Float64Array;
  readonly #ranking: number[] = [];

  constructor(state: RunState, batch: SourceBatch) {
    const { embedding } = state.config;
    const heats = embedding.method === "quasiNewton" ? embedding.heats : [];
    this.#state = state;
    this.#batch = batch;
    this.#heats = heats.map((heat) => ({ ...heat, sampling: heatSampling(state.config, heat) }));
    this.#tolerance = embedding.method === "quasiNewton" ? embedding.tolerance : 0;
    const problems = heats.length > 0 ? STARTS * state.slots : 0;
    this.#now = new QuasiNewton(problems, state.extents.latent);
    this.#before = new QuasiNewton(problems, state.extents.latent);
    this.#value = new Float64Array(problems);
  }

  /** Moves the latents of the sources order[first] … order[last − 1] from the state's starts to the best minimum found. */
  run(first: number, last: number): void {
    const { latents, order, control, slots, extents } = this.#state;
    const { latent } = extents;
    const count = last - first;
    this.#batch.load(first, last, 1);
    let candidates = control[CONTROL.starts];
    for (const [number, { starts, steps, sampling }] of this.#heats.entries()) {
      const kept = Math.min(starts, candidates);
      if (number === 0) {
        this.#value.fill(0);
        if (kept < candidates) this.#tryStarts(first, count, sampling);
      }
      [this.#now, this.#before] = [this.#before, this.#now];
      for (let slot = 0; slot < count; slot++) {
        const best = this.#rank(slot, candidates);
        for (let k = 0; k < kept; k++) {
          if (number === 0) this.#now.begin(k * slots + slot, this.#state.starts, this.#startOf(first, slot, best[k]));
          else this.#now.begin(k * slots + slot, this.#before.best, (best[k] * slots + slot) * latent);
        }
      }
      for (let k = 0; k < kept; k++) this.#descend(first, count, { problem: k * slots, sampling, steps });
      this.#value.set(this.#now.value);
      candidates = kept;
    }
    for (let slot = 0; slot < count; slot++) {
      const best = this.#rank(slot, candidates)[0] * slots + slot;
      for (let l = 0; l < latent; l++) latents[order[first + slot] * latent + l] = this.#now.best[best * latent + l];
    }
  }

  /** Where the k-th start of the source in a slot lies. */
  #startOf(first: number, slot: number, k: number): number {
    const { control, extents } = this.#state;
    return (k * control[CONTROL.taken] + first + slot) * extents.latent;
  }

  /** The candidates of a slot, least loss first; one that is not a number comes last, equals in their order. */
  #rank(slot: number, candidates: number): readonly number[] {
    const { slots } = this.#state;
    const key = (k: number) => (Number.isNaN(this.#value[k * slots + slot]) ? Infinity : this.#value[k * slots + slot]);
    this.#ranking.length = 0;
    for (let k = 0; k < candidates; k++) this.#ranking.push(k);
    return this.#ranking.sort((a, b) => (key(a) === key(b) ? a - b : key(a) - key(b)));
  }

  /** Losses of the sources at each of their starts. */
  #tryStarts(first: number, count: number, sampling: Sampling): void {
    const { starts, control, slots, extents } = this.#state;
    const { latent } = extents;
    const request = { step: control[CONTROL.step], sampling, wanted: LOSS_ONLY };
    for (let k = 0; k < control[CONTROL.starts]; k++) {
      const from = this.#startOf(first, 0, k);
      this.#batch.z.set(starts.subarray(from, from + count * latent));
      this.#batch.active.fill(1, 0, count);
      this.#batch.pass(first, count, request);
      for (let slot = 0; slot < count; slot++) this.#value[k * slots + slot] = this.#batch.loss(first, slot);
    }
  }

  /** Takes steps of the problems from `problem` on, one of each slot. */
  #descend(
    first: number,
    count: number,
    { problem, sampling, steps }: { problem: number; sampling: Sampling; steps: number },
  ): void {
    const { config, control, extents } = this.#state;
    const { latent } = extents;
    const { z, dz, active, information } = this.#batch;
    const search = this.#now;
    for (let step = 0; step < steps; step++) {
      let wanting = 0;
      for (let slot = 0; slot < count; slot++) {
        active[slot] = search.active[problem + slot];
        wanting += active[slot];
      }
      if (wanting === 0) return;
      for (let i = 0; i < count * latent; i++) z[i] = search.trial[problem * latent + i];
      const wanted = step === 0 ? INFORMATION : LATENTS_ONLY;
      this.#batch.pass(first, count, { step: control[CONTROL.step], sampling, wanted });
      for (let slot = 0; slot < count; slot++) {
        if (active[slot] === 0) continue;
        if (step === 0) search.curve(problem + slot, information, slot * latent * latent, 2 * config.latentPenalty);
        search.advance(problem + slot, this.#batch.loss(first, slot), dz, slot * latent, this.#tolerance);
      }
    }
  }
}
