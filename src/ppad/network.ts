import type { Arena, Kernels } from "../linalg/index.ts";
import type { Extents, ParameterLayout } from "./layout.ts";
import type { RowTable } from "./rows.ts";

/** What `Network.accumulate` may be asked for instead of the address of a flat gradient, which is above 0. */
export const LATENTS_ONLY = 0;
export const LOSS_ONLY = -1;
/** The gradient by the latents, and the information that the events have of them. */
export const INFORMATION = -2;

/** Log rates are held between these, here and in src/linalg/assembly, so that rates stay finite. */
export const SMALLEST_LOG_RATE = -80;
export const LARGEST_LOG_RATE = 60;

/** What a Network needs to know about its surroundings; addresses are bytes. */
export interface NetworkOptions {
  readonly kernels: Kernels;
  readonly memory: WebAssembly.Memory;
  readonly extents: Extents;
  readonly layout: ParameterLayout;
  readonly parameters: number;
  /** Rows per chunk. */
  readonly chunkRows: number;
  /** Sources per task. */
  readonly slots: number;
}

/** One thread's forward and backward passes over chunks of rows, in memory reserved once. */
export abstract class Network {
  readonly rows: RowTable;
  /** Per slot: first-layer input from the latent and the bias, shape (slots, hidden); and its gradient. */
  readonly latentInput: Float32Array;
  readonly latentInputGradient: Float32Array;
  readonly logScale: Float32Array;
  readonly slotWeight: Float32Array;
  /** Per slot: −Σ log (r + background) at events, ∫r, total variation, spare. */
  readonly loss: Float64Array;
  /**
   * Per slot, after a pass for INFORMATION: Σ k g gᵀ over its events, g = ∂ log r/∂z at one and k how many it stands
   * for, shape (slots, latentSize, latentSize). Its mean is the Fisher information of the photons where the rate is right.
   */
  readonly information: Float64Array;
  /** The loss's gradient by the latent in rows of events, for INFORMATION, shape (chunkRows, latentSize). */
  protected readonly rowGradient: Float32Array;
  /** Log rates before the sources' scales, shape (rows, bandsPadded). */
  readonly output: Float32Array;
  readonly #options: NetworkOptions;
  /** Byte addresses of what every network has. */
  protected readonly at: {
    readonly time: number;
    readonly slot: number;
    readonly band: number;
    readonly eventWeight: number;
    readonly nodeWeight: number;
    readonly background: number;
    readonly linkWeight: number;
    readonly latentInput: number;
    readonly latentInputGradient: number;
    readonly logScale: number;
    readonly slotWeight: number;
    readonly loss: number;
    readonly features: number;
    readonly output: number;
    readonly rate: number;
    readonly gradient: number;
  };

  constructor(arena: Arena, options: NetworkOptions) {
    const { extents, chunkRows, slots, memory } = options;
    const { hidden, bandsPadded, featuresPadded } = extents;
    this.#options = options;
    const floats = (count: number) => arena.allocate(4 * count);
    this.at = {
      time: arena.allocate(8 * chunkRows),
      slot: floats(chunkRows),
      band: floats(chunkRows),
      eventWeight: floats(chunkRows),
      nodeWeight: floats(chunkRows),
      background: floats(chunkRows),
      linkWeight: floats(chunkRows),
      latentInput: floats(slots * hidden),
      latentInputGradient: floats(slots * hidden),
      logScale: floats(slots),
      slotWeight: floats(slots),
      loss: arena.allocate(32 * slots),
      features: floats(chunkRows * featuresPadded),
      output: floats(chunkRows * bandsPadded),
      rate: floats(chunkRows * bandsPadded),
      gradient: floats(chunkRows * bandsPadded),
    };
    this.growTo(arena.end);
    const { at } = this;
    const { buffer } = memory;
    const view = (address: number, count: number) => new Float32Array(buffer, address, count);
    this.rows = {
      capacity: chunkRows,
      time: new Float64Array(buffer, at.time, chunkRows),
      slot: new Int32Array(buffer, at.slot, chunkRows),
      band: new Int32Array(buffer, at.band, chunkRows),
      eventWeight: view(at.eventWeight, chunkRows),
      nodeWeight: view(at.nodeWeight, chunkRows),
      background: view(at.background, chunkRows),
      linkWeight: view(at.linkWeight, chunkRows),
    };
    this.latentInput = view(at.latentInput, slots * hidden);
    this.latentInputGradient = view(at.latentInputGradient, slots * hidden);
    this.logScale = view(at.logScale, slots);
    this.slotWeight = view(at.slotWeight, slots);
    this.loss = new Float64Array(buffer, at.loss, 4 * slots);
    this.information = new Float64Array(slots * extents.latent ** 2);
    this.rowGradient = new Float32Array(chunkRows * extents.latent);
    this.output = view(at.output, chunkRows * bandsPadded);
  }

  /** Makes the memory reach to a byte address. */
  protected growTo(end: number): void {
    const { memory } = this.#options;
    const missing = end - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / 65536));
  }

  /** Clears what a task adds up. */
  begin(): void {
    this.latentInputGradient.fill(0);
    this.loss.fill(0);
    this.information.fill(0);
  }

  /** Fills rows up to a whole multiple with rows of no weight; returns how many there are then. */
  protected pad(count: number, multiple: number): number {
    const padded = Math.ceil(count / multiple) * multiple;
    const { rows } = this;
    rows.linkWeight[count - 1] = 0;
    for (let row = count; row < padded; row++) {
      rows.time[row] = 0;
      rows.slot[row] = 0;
      rows.band[row] = 0;
      rows.eventWeight[row] = 0;
      rows.nodeWeight[row] = 0;
      rows.background[row] = 0;
      rows.linkWeight[row] = 0;
    }
    return padded;
  }

  protected encodeTime(count: number): void {
    const { kernels, extents } = this.#options;
    kernels.encodeTime(count, this.at.time, extents.features >> 1, this.at.features, extents.featuresPadded);
  }

  /** Adds the rows' losses from `output`, and leaves the loss's derivative by it at `gradient`. */
  protected addLoss(count: number): void {
    const { kernels, extents } = this.#options;
    const { at } = this;
    kernels.pointProcessLoss(
      count,
      extents.bands,
      extents.bandsPadded,
      at.output,
      at.slot,
      at.band,
      at.eventWeight,
      at.nodeWeight,
      at.background,
      at.linkWeight,
      at.logScale,
      at.slotWeight,
      at.rate,
      at.gradient,
      at.loss,
    );
  }

  /**
   * Adds the events' information from `rowGradient`: −k g in a row but for the total variation, which is left in, as it
   * bends the loss too.
   */
  protected addInformation(count: number): void {
    const { latent } = this.#options.extents;
    const { rows, rowGradient, information } = this;
    for (let row = 0; row < count; row++) {
      if (rows.eventWeight[row] === 0) continue;
      const slot = rows.slot[row]!;
      const weight = this.slotWeight[slot]! * rows.eventWeight[row]!;
      const from = row * latent;
      const to = slot * latent * latent;
      for (let l = 0; l < latent; l++) {
        const share = rowGradient[from + l]! / weight;
        for (let m = 0; m <= l; m++) information[to + l * latent + m]! += share * rowGradient[from + m]!;
      }
    }
  }

  /** Log rates, before the sources' scales, of the first `count` rows, into `output`; returns the rows computed. */
  abstract forward(count: number): number;

  /**
   * Adds the loss of the first `count` rows, and its gradient by the latents' input and by the parameters.
   *
   * @param wanted Byte address of the flat array that the parameters' gradient is added to, or LATENTS_ONLY, LOSS_ONLY
   * or INFORMATION.
   */
  abstract accumulate(count: number, wanted: number): void;
}
