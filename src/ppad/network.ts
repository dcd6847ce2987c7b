import { type Arena, EPILOGUE, type Kernels, TILE_ROWS } from "../linalg/index.ts";
import type { Extents, ParameterLayout } from "./layout.ts";
import type { RowTable } from "./rows.ts";

const PANEL = 8;

/** Addresses of the decoder's weights in the packed form the products read; shared by all threads. */
export interface PackedWeights {
  readonly timeIn: number;
  readonly blocks: readonly { readonly w0: number; readonly w0t: number; readonly w1: number; readonly w1t: number }[];
  readonly wOut: number;
  readonly wOutT: number;
}

/** Reserves the packed weights. */
export function allocatePacked(arena: Arena, extents: Extents): PackedWeights {
  const { hidden, features, bandsPadded } = extents;
  const square = 4 * hidden * hidden;
  return {
    timeIn: arena.allocate(4 * features * hidden),
    blocks: Array.from({ length: extents.blocks }, () => ({
      w0: arena.allocate(square),
      w0t: arena.allocate(square),
      w1: arena.allocate(square),
      w1t: arena.allocate(square),
    })),
    wOut: arena.allocate(4 * hidden * bandsPadded),
    wOutT: arena.allocate(4 * hidden * bandsPadded),
  };
}

/** Brings the packed weights up to date with the flat parameters at byte address `parameters`. */
export function packWeights(
  kernels: Kernels,
  extents: Extents,
  options: { layout: ParameterLayout; parameters: number; packed: PackedWeights },
): void {
  const { hidden, features, bandsPadded } = extents;
  const { layout, packed } = options;
  const at = (offset: number) => options.parameters + 4 * offset;
  kernels.packPanels(at(layout.timeIn), hidden, features, hidden, packed.timeIn);
  for (const [i, block] of layout.blocks.entries()) {
    const target = packed.blocks[i] as PackedWeights["blocks"][number];
    kernels.packPanels(at(block.w0), hidden, hidden, hidden, target.w0);
    kernels.packPanelsTransposed(at(block.w0), hidden, hidden, hidden, target.w0t);
    kernels.packPanels(at(block.w1), hidden, hidden, hidden, target.w1);
    kernels.packPanelsTransposed(at(block.w1), hidden, hidden, hidden, target.w1t);
  }
  kernels.packPanels(at(layout.wOut), bandsPadded, hidden, bandsPadded, packed.wOut);
  kernels.packPanelsTransposed(at(layout.wOut), bandsPadded, bandsPadded, hidden, packed.wOutT);
}

/** What a Network needs to know about its surroundings; addresses are bytes. */
export interface NetworkOptions {
  readonly kernels: Kernels;
  readonly memory: WebAssembly.Memory;
  readonly extents: Extents;
  readonly layout: ParameterLayout;
  readonly parameters: number;
  readonly packed: PackedWeights;
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
  /** Per slot: −Σ log r at events, ∫r, total variation, spare. */
  readonly loss: Float64Array;
  readonly output: Float32Array;
  readonly #options: NetworkOptions;
  readonly #stride: number;
  readonly #at: {
    time: number;
    slot: number;
    band: number;
    eventWeight: number;
    nodeWeight: number;
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
    scratch: number;
    a: number[];
    q: number[];
  };

  /** @param arena Where to reserve; threads that call in the same order do not overlap. */
  constructor(arena: Arena, options: NetworkOptions) {
    const { extents, chunkRows, slots } = options;
    const { hidden, blocks, bandsPadded, featuresPadded } = extents;
    // An odd number of cache lines per row keeps columns out of one cache set.
    this.#stride = hidden + 16;
    this.#options = options;
    const floats = (count: number) => arena.allocate(4 * count);
    const activation = () => floats(chunkRows * this.#stride);
    this.#at = {
      time: arena.allocate(8 * chunkRows),
      slot: floats(chunkRows),
      band: floats(chunkRows),
      eventWeight: floats(chunkRows),
      nodeWeight: floats(chunkRows),
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
      scratch: floats(chunkRows * PANEL),
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
    const { kernels, extents, layout, packed, parameters } = this.#options;
    const { hidden, features, featuresPadded, bandsPadded } = extents;
    const at = this.#at;
    const ld = this.#stride;
    const n = this.#pad(count);
    const p = (offset: number) => parameters + 4 * offset;
    kernels.encodeTime(n, at.time, extents.features >> 1, at.features, featuresPadded);
    kernels.gatherRows(n, hidden, at.latentInput, at.slot, at.x, ld);
    const a0 = at.a[0] as number;
    kernels.gemm(n, hidden, features, at.features, featuresPadded, packed.timeIn, at.x, ld, EPILOGUE.addRelu, 0, a0);
    let a = a0;
    for (let i = 0; i < extents.blocks; i++) {
      const block = layout.blocks[i] as ParameterLayout["blocks"][number];
      const weights = packed.blocks[i] as PackedWeights["blocks"][number];
      const q = at.q[i] as number;
      const next = at.a[i + 1] as number;
      kernels.gemm(n, hidden, hidden, a, ld, weights.w0, q, ld, EPILOGUE.biasRelu, p(block.b0), q);
      kernels.gemm(n, hidden, hidden, q, ld, weights.w1, at.x, ld, EPILOGUE.addRelu, p(block.b1), next);
      a = next;
    }
    const { bias } = EPILOGUE;
    kernels.gemm(n, bandsPadded, hidden, a, ld, packed.wOut, at.output, bandsPadded, bias, p(layout.bOut), at.output);
    return n;
  }

  /**
   * Adds the loss and its gradient of the first `count` rows: by the latents' input always, by the parameters into
   * the flat array at byte address `gradients` unless that is 0.
   */
  accumulate(count: number, gradients: number): void {
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
      at.linkWeight,
      at.logScale,
      at.slotWeight,
      at.rate,
      at.gradient,
      at.loss,
    );
    this.#backward(n, gradients);
  }

  #backward(n: number, gradients: number): void {
    const { kernels, extents, layout, packed } = this.#options;
    const { hidden, featuresPadded, bandsPadded, blocks } = extents;
    const at = this.#at;
    const ld = this.#stride;
    const g = (offset: number) => gradients + 4 * offset;
    const dx = at.x;
    const last = at.a[blocks] as number;
    if (gradients !== 0) {
      kernels.gemmOuter(
        hidden,
        bandsPadded,
        n,
        last,
        ld,
        at.gradient,
        bandsPadded,
        g(layout.wOut),
        bandsPadded,
        at.scratch,
      );
      kernels.addColumnSums(n, bandsPadded, at.gradient, bandsPadded, g(layout.bOut));
    }
    kernels.gemm(n, hidden, bandsPadded, at.gradient, bandsPadded, packed.wOutT, dx, ld, EPILOGUE.mask, 0, last);
    for (let i = blocks - 1; i >= 0; i--) {
      const block = layout.blocks[i] as ParameterLayout["blocks"][number];
      const weights = packed.blocks[i] as PackedWeights["blocks"][number];
      const q = at.q[i] as number;
      const a = at.a[i] as number;
      if (gradients !== 0) {
        kernels.gemmOuter(hidden, hidden, n, q, ld, dx, ld, g(block.w1), hidden, at.scratch);
        kernels.addColumnSums(n, hidden, dx, ld, g(block.b1));
      }
      kernels.gemm(n, hidden, hidden, dx, ld, weights.w1t, at.inner, ld, EPILOGUE.mask, 0, q);
      if (gradients !== 0) {
        kernels.gemmOuter(hidden, hidden, n, a, ld, at.inner, ld, g(block.w0), hidden, at.scratch);
        kernels.addColumnSums(n, hidden, at.inner, ld, g(block.b0));
      }
      kernels.gemm(n, hidden, hidden, at.inner, ld, weights.w0t, dx, ld, EPILOGUE.maskAdd, 0, a);
    }
    if (gradients !== 0) {
      kernels.gemmOuter(
        featuresPadded,
        hidden,
        n,
        at.features,
        featuresPadded,
        dx,
        ld,
        g(layout.timeIn),
        hidden,
        at.scratch,
      );
    }
    kernels.scatterAddRows(n, hidden, dx, ld, at.slot, at.latentInputGradient);
  }
}
