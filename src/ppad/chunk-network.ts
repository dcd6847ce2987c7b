import { type Arena, EPILOGUE, type MatrixProducts, TILE_ROWS } from "../linalg/index.ts";
import type { ParameterLayout } from "./layout.ts";
import { INFORMATION, LOSS_ONLY, Network, type NetworkOptions } from "./network.ts";
import { type DecoderWeights, type LayerProducts, libraryProducts, panelProducts } from "./products.ts";

const PANEL = 8;

/** What a ChunkNetwork needs to know about its surroundings. */
export interface ChunkNetworkOptions extends NetworkOptions {
  readonly weights: DecoderWeights;
  /** Multiplies instead of the WebAssembly kernels. */
  readonly library?: MatrixProducts | undefined;
}

/**
 * A network on the processor: a chunk's activations stay in the second-level cache; the first layer's part that depends
 * on the latent alone is computed once per source and gathered into the rows.
 */
export class ChunkNetwork extends Network {
  readonly #options: ChunkNetworkOptions;
  readonly #products: LayerProducts;
  readonly #stride: number;
  readonly #chunk: { x: number; inner: number; a: number[]; q: number[] };

  /**
   * @param arena Where to reserve; threads that call in the same order do not overlap.
   * @param options.chunkRows A multiple of 6.
   */
  constructor(arena: Arena, options: ChunkNetworkOptions) {
    super(arena, options);
    const { kernels, library, extents, chunkRows } = options;
    const { hidden, blocks } = extents;
    this.#options = options;
    const floats = (count: number) => arena.allocate(4 * count);
    this.#products = library
      ? libraryProducts(kernels, library, floats(chunkRows * hidden))
      : panelProducts(kernels, floats(chunkRows * PANEL));
    this.#stride = this.#products.stride(hidden);
    const activation = () => floats(chunkRows * this.#stride);
    this.#chunk = {
      x: activation(),
      inner: activation(),
      a: Array.from({ length: blocks + 1 }, activation),
      q: Array.from({ length: blocks }, activation),
    };
    this.growTo(arena.end);
  }

  /** Log rates, before the sources' scales, of the first `count` rows, into `output` (count, bandsPadded). */
  forward(count: number): number {
    const { kernels, extents, layout, weights, parameters } = this.#options;
    const { hidden, featuresPadded, bandsPadded } = extents;
    const { at } = this;
    const chunk = this.#chunk;
    const ld = this.#stride;
    const products = this.#products;
    const n = this.pad(count, TILE_ROWS);
    const p = (offset: number) => parameters + 4 * offset;
    const { addRelu, biasRelu, bias } = EPILOGUE;
    this.encodeTime(n);
    kernels.gatherRows(n, hidden, at.latentInput, at.slot, chunk.x, ld);
    let a = chunk.a[0] as number;
    products.forward(n, at.features, featuresPadded, weights.timeIn, chunk.x, ld, addRelu, 0, a);
    for (let i = 0; i < extents.blocks; i++) {
      const { b0, b1 } = layout.blocks[i] as ParameterLayout["blocks"][number];
      const { w0, w1 } = weights.blocks[i] as DecoderWeights["blocks"][number];
      const q = chunk.q[i] as number;
      const next = chunk.a[i + 1] as number;
      products.forward(n, a, ld, w0, q, ld, biasRelu, p(b0), q);
      products.forward(n, q, ld, w1, chunk.x, ld, addRelu, p(b1), next);
      a = next;
    }
    products.forward(n, a, ld, weights.wOut, at.output, bandsPadded, bias, p(layout.bOut), at.output);
    return n;
  }

  accumulate(count: number, wanted: number): void {
    const n = this.forward(count);
    this.addLoss(n);
    if (wanted !== LOSS_ONLY) this.#backward(n, wanted);
  }

  #backward(n: number, wanted: number): void {
    const { kernels, extents, layout, weights } = this.#options;
    const { hidden, featuresPadded, bandsPadded, blocks } = extents;
    const { at } = this;
    const chunk = this.#chunk;
    const ld = this.#stride;
    const products = this.#products;
    const byParameters = wanted > 0;
    const g = (offset: number) => wanted + 4 * offset;
    const { mask, maskAdd } = EPILOGUE;
    const dx = chunk.x;
    const last = chunk.a[blocks] as number;
    if (byParameters) {
      products.addOuter(n, last, ld, at.gradient, bandsPadded, weights.wOut, g(layout.wOut));
      kernels.addColumnSums(n, bandsPadded, at.gradient, bandsPadded, g(layout.bOut));
    }
    products.backward(n, at.gradient, bandsPadded, weights.wOut, dx, ld, mask, last);
    for (let i = blocks - 1; i >= 0; i--) {
      const block = layout.blocks[i] as ParameterLayout["blocks"][number];
      const { w0, w1 } = weights.blocks[i] as DecoderWeights["blocks"][number];
      const q = chunk.q[i] as number;
      const a = chunk.a[i] as number;
      if (byParameters) {
        products.addOuter(n, q, ld, dx, ld, w1, g(block.w1));
        kernels.addColumnSums(n, hidden, dx, ld, g(block.b1));
      }
      products.backward(n, dx, ld, w1, chunk.inner, ld, mask, q);
      if (byParameters) {
        products.addOuter(n, a, ld, chunk.inner, ld, w0, g(block.w0));
        kernels.addColumnSums(n, hidden, chunk.inner, ld, g(block.b0));
      }
      products.backward(n, chunk.inner, ld, w0, dx, ld, maskAdd, a);
    }
    if (byParameters) products.addOuter(n, at.features, featuresPadded, dx, ld, weights.timeIn, g(layout.timeIn));
    if (wanted === INFORMATION) {
      this.#pullBackRows(n, dx);
      this.addInformation(n);
    }
    kernels.scatterAddRows(n, hidden, dx, ld, at.slot, at.latentInputGradient);
  }

  /** Pulls the gradient by the first layer's input, at the byte address `dx`, back to the latent, event by event. */
  #pullBackRows(n: number, dx: number): void {
    const { extents, layout, memory, parameters } = this.#options;
    const { hidden, latent } = extents;
    const floats = new Float32Array(memory.buffer);
    for (let row = 0; row < n; row++) {
      if (this.rows.eventWeight[row] === 0) continue;
      const from = dx / 4 + row * this.#stride;
      for (let l = 0; l < latent; l++) {
        const weights = parameters / 4 + layout.latentIn + l * hidden;
        let sum = 0;
        for (let h = 0; h < hidden; h++) sum += floats[from + h]! * floats[weights + h]!;
        this.rowGradient[row * latent + l] = sum;
      }
    }
  }
}
