import { givenNumber } from "./layout.ts";
import { LATENTS_ONLY, type Network } from "./network.ts";
import type { PhotonWindow } from "./photon-window.ts";
import type { PackedPopulation } from "./population.ts";
import { RowWriter, rowKey, type Sampling } from "./rows.ts";
import type { RunState } from "./run-state.ts";

/** The sources that one thread has in hand: their latents, and passes of the network over all their rows at once. */
export class SourceBatch {
  /** Latents and the loss's gradient by them, shape (slots, latentSize). */
  readonly z: Float32Array;
  readonly dz: Float32Array;
  /** What the decoder is given of each slot's source beside its latent, shape (slots, given). */
  readonly given: Float32Array;
  /** 1 for slots that passes look at. */
  readonly active: Uint8Array;
  /** The network's gradient by each slot's first-layer input, shape (slots, hidden). */
  readonly inputGradient: Float32Array;
  /** What the events of each slot say of its loss's curvature, after a pass for INFORMATION; see `Network.information`. */
  readonly information: Float64Array;
  readonly #state: RunState;
  readonly #network: Network;
  readonly #parameters: Float32Array;
  readonly #window: PhotonWindow;
  /** Where the source of each slot lies in the window. */
  readonly #place: Int32Array;
  /** Background counts expected of the source of each slot. */
  readonly #backgroundCounts: Float64Array;
  readonly #writer: RowWriter;
  #wanted = LATENTS_ONLY;

  /** @param options.parameters The decoder's flat parameters. */
  constructor(state: RunState, options: { network: Network; parameters: Float32Array; window: PhotonWindow }) {
    const { slots, extents } = state;
    const { network, parameters, window } = options;
    this.#state = state;
    this.#network = network;
    this.#parameters = parameters;
    this.#window = window;
    this.#place = new Int32Array(slots);
    this.#backgroundCounts = new Float64Array(slots);
    this.z = new Float32Array(slots * extents.latent);
    this.dz = new Float32Array(slots * extents.latent);
    this.given = new Float32Array(slots * extents.given);
    this.active = new Uint8Array(slots);
    this.information = network.information;
    this.inputGradient = network.latentInputGradient;
    this.#writer = new RowWriter(network.rows, state.config, (count) => network.accumulate(count, this.#wanted));
  }

  /** Loads the sources order[first] … order[last − 1] into slots, all active, with their weight in the gradient. */
  load(first: number, last: number, weight: number): void {
    const { order, latents, extents } = this.#state;
    const { latent, given } = extents;
    for (let slot = 0; slot < last - first; slot++) {
      const source = order[first + slot];
      const place = this.#window.load(source, slot);
      this.active[slot] = 1;
      this.#place[slot] = place;
      this.#network.logScale[slot] = this.#window.packed.logScale[place];
      this.#network.slotWeight[slot] = weight;
      this.#backgroundCounts[slot] = expectedBackground(this.#window.packed, place);
      for (let l = 0; l < latent; l++) this.z[slot * latent + l] = latents[source * latent + l];
      if (given > 0) this.given[slot] = givenNumber(this.#window.packed.unitSec[place]);
    }
  }

  /**
   * One pass over the rows of the active slots: brings their losses in the state and `dz` up to date.
   *
   * @param first Place in the order of the source in slot 0.
   * @param options.step Chooses the random nodes, together with seed and source.
   * @param options.wanted Address of the flat gradient to add to, or LATENTS_ONLY, LOSS_ONLY or INFORMATION.
   */
  pass(first: number, count: number, options: { step: number; sampling: Sampling; wanted: number }): void {
    const { order, seed } = this.#state;
    const { packed } = this.#window;
    this.#wanted = options.wanted;
    this.#projectLatents(count);
    this.#network.begin();
    for (let slot = 0; slot < count; slot++) {
      if (this.active[slot] === 0) continue;
      const source = order[first + slot];
      const key = rowKey(seed, options.step, source);
      this.#writer.addSource(packed, this.#place[slot], slot, options.sampling, key);
    }
    this.#writer.finish();
    this.#pullBackLatents(first, count);
  }

  /** Loss of the source in a slot when last passed over, order[first] being in slot 0. */
  loss(first: number, slot: number): number {
    const at = 4 * this.#state.order[first + slot];
    const { sourceLoss } = this.#state;
    return sourceLoss[at] + sourceLoss[at + 1] + sourceLoss[at + 2] + sourceLoss[at + 3];
  }

  /** First-layer input of each slot: bias + [z, what is given] W. */
  #projectLatents(count: number): void {
    const { extents, layout } = this.#state;
    const { hidden, latent, given } = extents;
    const { latentInput } = this.#network;
    const parameters = this.#parameters;
    for (let slot = 0; slot < count; slot++) {
      const row = slot * hidden;
      for (let h = 0; h < hidden; h++) latentInput[row + h] = parameters[layout.biasIn + h];
      for (let l = 0; l < latent + given; l++) {
        const value = l < latent ? this.z[slot * latent + l] : this.given[slot];
        const weights = layout.latentIn + l * hidden;
        for (let h = 0; h < hidden; h++) latentInput[row + h] += value * parameters[weights + h];
      }
    }
  }

  /** Gradient by the latents: through the first layer, plus the penalty. Also notes each source's losses. */
  #pullBackLatents(first: number, count: number): void {
    const { extents, layout, order, sourceLoss, config } = this.#state;
    const { hidden, latent } = extents;
    const { latentInputGradient, loss, slotWeight } = this.#network;
    const parameters = this.#parameters;
    for (let slot = 0; slot < count; slot++) {
      if (this.active[slot] === 0) continue;
      const row = slot * hidden;
      let norm = 0;
      for (let l = 0; l < latent; l++) {
        const value = this.z[slot * latent + l];
        const weights = layout.latentIn + l * hidden;
        let sum = 0;
        for (let h = 0; h < hidden; h++) sum += latentInputGradient[row + h] * parameters[weights + h];
        this.dz[slot * latent + l] = sum + 2 * config.latentPenalty * slotWeight[slot] * value;
        norm += value * value;
      }
      const source = order[first + slot];
      for (let part = 0; part < 3; part++) sourceLoss[source * 4 + part] = loss[slot * 4 + part];
      // The integral is over all that the region records.
      sourceLoss[source * 4 + 1] += this.#backgroundCounts[slot];
      sourceLoss[source * 4 + 3] = config.latentPenalty * norm;
    }
  }
}

/** Counts of background in a source's exposure, all bands together. */
function expectedBackground({ background, live, size }: PackedPopulation, source: number): number {
  const bands = background.length / size;
  let sum = 0;
  for (let band = 0; band < bands; band++) sum += background[source * bands + band];
  return sum * live[source];
}
