import { BETA1, BETA2, EPSILON } from "./adam.ts";
import { CONTROL, SETTING } from "./control.ts";
import { LATENTS_ONLY } from "./network.ts";
import { trainingSampling } from "./rows.ts";
import type { RunState } from "./run-state.ts";
import type { SourceBatch } from "./source-batch.ts";

/** Adam on the latents of one group of sources with the decoder frozen; sources do not influence one another. */
export class LatentAdam {
  readonly #state: RunState;
  readonly #batch: SourceBatch;
  readonly #moment1: Float32Array;
  readonly #moment2: Float32Array;
  readonly #past: Int32Array;

  constructor(state: RunState, batch: SourceBatch) {
    this.#state = state;
    this.#batch = batch;
    this.#moment1 = new Float32Array(batch.z.length);
    this.#moment2 = new Float32Array(batch.z.length);
    this.#past = new Int32Array(state.slots);
  }

  /** Does the steps that the state's settings ask for, on the sources order[first] … order[last − 1]. */
  run(first: number, last: number): void {
    const { settings, control, config } = this.#state;
    const [steps, rate] = [settings[SETTING.steps], settings[SETTING.rate]];
    const cosine = settings[SETTING.cosine] === 1;
    const sampling = trainingSampling(config);
    this.#batch.load(first, last, 1);
    this.#recall(first, last);
    for (let step = 1; step <= steps; step++) {
      this.#batch.pass(first, last - first, {
        step: control[CONTROL.step] + step,
        sampling,
        wanted: LATENTS_ONLY,
      });
      this.#step(last - first, step, cosine ? 0.5 * rate * (1 + Math.cos((Math.PI * (step - 1)) / steps)) : rate);
    }
    this.#remember(first, last, steps);
  }

  #step(count: number, step: number, rate: number): void {
    const { latent } = this.#state.extents;
    const { z, dz } = this.#batch;
    for (let slot = 0; slot < count; slot++) {
      const t = this.#past[slot] + step;
      const scale = rate / (1 - BETA1 ** t);
      const root = 1 / Math.sqrt(1 - BETA2 ** t);
      for (let i = slot * latent; i < (slot + 1) * latent; i++) {
        const m = (this.#moment1[i] = BETA1 * this.#moment1[i] + (1 - BETA1) * dz[i]);
        const v = (this.#moment2[i] = BETA2 * this.#moment2[i] + (1 - BETA2) * dz[i] * dz[i]);
        z[i] -= (scale * m) / (Math.sqrt(v) * root + EPSILON);
      }
    }
  }

  #recall(first: number, last: number): void {
    const { order, latentMoment1, latentMoment2, latentSteps, settings, extents } = this.#state;
    const resume = settings[SETTING.resume] === 1;
    for (let slot = 0; slot < last - first; slot++) {
      const source = order[first + slot];
      this.#past[slot] = resume ? latentSteps[source] : 0;
      for (let l = 0; l < extents.latent; l++) {
        const [to, from] = [slot * extents.latent + l, source * extents.latent + l];
        this.#moment1[to] = resume ? latentMoment1[from] : 0;
        this.#moment2[to] = resume ? latentMoment2[from] : 0;
      }
    }
  }

  #remember(first: number, last: number, steps: number): void {
    const { order, latents, latentMoment1, latentMoment2, latentSteps, extents } = this.#state;
    for (let slot = 0; slot < last - first; slot++) {
      const source = order[first + slot];
      latentSteps[source] = this.#past[slot] + steps;
      for (let l = 0; l < extents.latent; l++) {
        const [from, to] = [slot * extents.latent + l, source * extents.latent + l];
        latents[to] = this.#batch.z[from];
        latentMoment1[to] = this.#moment1[from];
        latentMoment2[to] = this.#moment2[from];
      }
    }
  }
}
