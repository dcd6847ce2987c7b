import { type Arena, EPILOGUE, type Kernels, type MatrixProducts, TILE_ROWS } from "../linalg/index.ts";
import type { Extents, ParameterLayout } from "./layout.ts";
import { type DecoderWeights, type LayerProducts, libraryProducts, panelProducts } from "./products.ts";
import type { RowTable } from "./rows.ts";

const PANEL = 8;

/** What `Network.accumulate` may be asked for instead of the address of a flat gradient. */
export const LATENTS_ONLY = 0;
export const LOSS_ONLY = -1;

/** What a Network needs to know about its surroundings; addresses are bytes. */
export interface NetworkOptions {
  readonly kernels: Kernels;
  readonly memory: WebAssembly.Memory;
  readonly extents: Extents;
  readonly layout: ParameterLayout;
  readonly parameters: number;
  readonly weights: DecoderWeights;
  /** Multiplies instead of the WebAssembly kernels. */
  readonly library?: MatrixProducts | undefined;
  /** Rows per chunk; a multiple of 6. */
  readonly chunkRows: number;
  /** Sources per task. */
  readonly slots: number;
}

/**
 * One thread's forward and backward passes over chunks of rows, in memory reserved once.
 *
 * A chunk's activations stay in the second-level cache; the first layer's part that depends on the latent alone is
 * computed once per source and gathered into the rows.
 */
export class Network {
  readonly rows: RowTable;
  /** Per slot: first-layer input from the latent and the bias, shape (slots, hidden); and its gradient. */
  readonly latentInput: Float32Array;
  readonly latentInputGradient: Float32Array;
  readonly logScale: Float32Array;
  readonly slotWeight: Float32Array;
  /** Per slot: −Σ log (r + background) at events, ∫r, total variation, spare. */
  readonly loss: Float64Array;
  readonly output: Float32Array;
  readonly #options: NetworkOptions;
  readonly #products: LayerProducts;
  readonly #stride: number;
  readonly #at: {
    time: number;
    slot: number;
    band: number;
    eventWeight: number;
    nodeWeight: number;
    background: number;
    linkWeight: number;
    latentInput: number;
    latentInputGradient: number;
    logScale: number;
    slotWeight: number;
    loss: number;
    features: number;
    x: number;
    inner: number;
    output: number;
    rate: number;
    gradient: number;
    a: number[];
    q: number[];
  };

  /** @param arena Where to reserve; threads that call in the same order do not overlap. */
  constructor(arena: Arena, options: NetworkOptions) {
    const { extents, chunkRows, slots } = options;
    const { hidden, blocks, bandsPadded, featuresPadded } = extents;
    this.#options = options;
    const floats = (count: number) => arena.allocate(4 * count);
    const { kernels, library } = options;
    this.#products = library
      ? libraryProducts(kernels, library, floats(chunkRows * hidden))
      : panelProducts(kernels, floats(chunkRows * PANEL));
    this.#stride = this.#products.stride(hidden);
    const activation = () => floats(chunkRows * this.#stride);
    this.#at = {
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
      x: activation(),
      inner: activation(),
      output: floats(chunkRows * bandsPadded),
      rate: floats(chunkRows * bandsPadded),
      gradient: floats(chunkRows * bandsPadded),
      a: Array.from({ length: blocks + 1 }, activation),
      q: Array.from({ length: blocks }, activation),
    };
    const at = this.#at;
    const grow = arena.end - options.memory.buffer.byteLength;
    if (grow > 0) options.memory.grow(Math.ceil(grow / 65536));
    const buffer = options.memory.buffer;
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
    this.output = view(at.output, chunkRows * bandsPadded);
  }

  /** Clears what a task adds up. */
  begin(): void {
    this.latentInputGradient.fill(0);
    this.loss.fill(0);
  }

  /** Fills rows up to a whole tile with rows of no weight; returns how many there are then. */
  #pad(count: number): number {
    const padded = Math.ceil(count / TILE_ROWS) * TILE_ROWS;
    const { rows } = this;
    rows.linkWeight[count - 1] = 0;
    for (let row = count; row < padded; row++) {
      rows.time[row] = 0;
      rows.slot[row] = 0;
      rows.band[row] = 0;
      rows.eventWeight[row] = 0;
      rows.nodeWeight[row] = 0;
      rows.linkWeight[row] = 0;
    }
    return padded;
  }

  /** Log rates, before the sources' scales, of the first `count` rows, into `output` (count, bandsPadded). */
  forward(count: number): number {
    const { kernels, extents, layout, weights, parameters } = this.#options;
    const { hidden, featuresPadded, bandsPadded } = extents;
    const at = this.#at;
    const ld = this.#stride;
    const products = this.#products;
    const n = this.#pad(count);
    const p = (offset: number) => parameters + 4 * offset;
    const { addRelu, biasRelu, bias } = EPILOGUE;
    kernels.encodeTime(n, at.time, extents.features >> 1, at.features, featuresPadded);
    kernels.gatherRows(n, hidden, at.latentInput, at.slot, at.x, ld);
    let a = at.a[0] as number;
    products.forward(n, at.features, featuresPadded, weights.timeIn, at.x, ld, addRelu, 0, a);
    for (let i = 0; i < extents.blocks; i++) {
      const { b0, b1 } = layout.blocks[i] as ParameterLayout["blocks"][number];
      const { w0, w1 } = weights.blocks[i] as DecoderWeights["blocks"][number];
      const q = at.q[i] as number;
      const next = at.a[i + 1] as number;
      products.forward(n, a, ld, w0, q, ld, biasRelu, p(b0), q);
      products.forward(n, q, ld, w1, at.x, ld, addRelu, p(b1), next);
      a = next;
    }
    products.forward(n, a, ld, weights.wOut, at.output, bandsPadded, bias, p(layout.bOut), at.output);
    return n;
  }

  /**
   * Adds the loss of the first `count` rows, and its gradient by the latents' input and by the parameters.
   *
   * @param wanted Byte address of the flat array that the parameters' gradient is added to, or LATENTS_ONLY, or
   * LOSS_ONLY.
   */
  accumulate(count: number, wanted: number): void {
    const n = this.forward(count);
    const { kernels, extents } = this.#options;
    const at = this.#at;
    const { bands, bandsPadded } = extents;
    kernels.pointProcessLoss(
      n,
      bands,
      bandsPadded,
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
    if (wanted !== LOSS_ONLY) this.#backward(n, wanted);
  }

  #backward(n: number, gradients: number): void {
    const { kernels, extents, layout, weights } = this.#options;
    const { hidden, featuresPadded, bandsPadded, blocks } = extents;
    const at = this.#at;
    const ld = this.#stride;
    const products = this.#products;
    const g = (offset: number) => gradients + 4 * offset;
    const { mask, maskAdd } = EPILOGUE;
    const dx = at.x;
    const last = at.a[blocks] as number;
    if (gradients !== LATENTS_ONLY) {
      products.addOuter(n, last, ld, at.gradient, bandsPadded, weights.wOut, g(layout.wOut));
      kernels.addColumnSums(n, bandsPadded, at.gradient, bandsPadded, g(layout.bOut));
    }
    products.backward(n, at.gradient, bandsPadded, weights.wOut, dx, ld, mask, last);
    for (let i = blocks - 1; i >= 0; i--) {
      const block = layout.blocks[i] as ParameterLayout["blocks"][number];
      const { w0, w1 } = weights.blocks[i] as DecoderWeights["blocks"][number];
      const q = at.q[i] as number;
      const a = at.a[i] as number;
      if (gradients !== LATENTS_ONLY) {
        products.addOuter(n, q, ld, dx, ld, w1, g(block.w1));
        kernels.addColumnSums(n, hidden, dx, ld, g(block.b1));
      }
      products.backward(n, dx, ld, w1, at.inner, ld, mask, q);
      if (gradients !== LATENTS_ONLY) {
        products.addOuter(n, a, ld, at.inner, ld, w0, g(block.w0));
        kernels.addColumnSums(n, hidden, at.inner, ld, g(block.b0));
      }
      products.backward(n, at.inner, ld, w0, dx, ld, maskAdd, a);
    }
    if (gradients !== LATENTS_ONLY) {
      products.addOuter(n, at.features, featuresPadded, dx, ld, weights.timeIn, g(layout.timeIn));
    }
    kernels.scatterAddRows(n, hidden, dx, ld, at.slot, at.latentInputGradient);
  }
}
