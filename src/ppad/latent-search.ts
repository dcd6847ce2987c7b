import type { PpadConfig } from "./config.ts";
import { LATENTS_ONLY } from "./network.ts";
import { QuasiNewton } from "./quasi-newton.ts";
import { type Sampling, trainingSampling } from "./rows.ts";
import { CONTROL, type RunState, SETTING } from "./run-state.ts";
import type { SourceBatch } from "./source-batch.ts";

/** Most events of a source on the way to its minimum; the last steps take all that training would. */
const COARSE_EVENTS = 256;

/** The cheap view of a source on which starts are compared and most steps are taken. */
export function coarseSampling(config: PpadConfig): Sampling {
  const training = trainingSampling(config);
  const nodes = Math.min(config.embedding.nodes, training.nodes);
  return { ...training, rule: "adaptive", nodes, maxEvents: Math.min(COARSE_EVENTS, training.maxEvents) };
}

/**
 * Quasi-Newton search for the latents of one group of sources with the decoder frozen: first on few nodes placed where
 * the photons are, then some last steps on the nodes of training. The nodes of a source stay the same from step to
 * step, so that its loss is one function.
 */
export class LatentSearch {
  readonly #state: RunState;
  readonly #batch: SourceBatch;
  readonly #search: QuasiNewton;

  constructor(state: RunState, batch: SourceBatch) {
    this.#state = state;
    this.#batch = batch;
    this.#search = new QuasiNewton(state.slots, state.extents.latent);
  }

  /**
   * Moves the latents of the sources order[first] … order[last − 1] to a minimum near where they are; of the cheap view,
   * where the settings ask for it.
   */
  run(first: number, last: number): void {
    const { config, settings, latents, order, extents } = this.#state;
    const { latent } = extents;
    const search = this.#search;
    const count = last - first;
    this.#batch.load(first, last, 1);
    for (let slot = 0; slot < count; slot++) search.begin(slot, this.#batch.z, slot * latent);
    this.#descend(first, count, coarseSampling(config), settings[SETTING.steps]);
    if (settings[SETTING.coarse] === 0) {
      for (let slot = 0; slot < count; slot++) search.continue(slot);
      this.#descend(first, count, trainingSampling(config), config.embedding.lastSteps);
    }
    for (let slot = 0; slot < count; slot++) {
      for (let l = 0; l < latent; l++) latents[order[first + slot] * latent + l] = search.best[slot * latent + l];
    }
  }

  #descend(first: number, count: number, sampling: Sampling, steps: number): void {
    const { config, control, extents } = this.#state;
    const { latent } = extents;
    const { z, dz, active } = this.#batch;
    const search = this.#search;
    const request = { step: control[CONTROL.step], sampling, wanted: LATENTS_ONLY };
    for (let step = 0; step < steps; step++) {
      let wanting = 0;
      for (let slot = 0; slot < count; slot++) {
        active[slot] = search.active[slot];
        wanting += active[slot];
      }
      if (wanting === 0) return;
      for (let i = 0; i < count * latent; i++) z[i] = search.trial[i];
      this.#batch.pass(first, count, request);
      for (let slot = 0; slot < count; slot++) {
        if (active[slot] === 0) continue;
        search.advance(slot, this.#batch.loss(first, slot), dz, slot * latent, config.embedding.tolerance);
      }
    }
  }
}
