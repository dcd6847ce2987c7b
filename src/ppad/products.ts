import { type Arena, EPILOGUE, type Kernels, type MatrixProducts } from "../linalg/index.ts";
import type { Extents, ParameterLayout } from "./layout.ts";

/** Who multiplies matrices: onnxruntime, TensorFlow, our WebAssembly kernels, which run anywhere, or a GPU. */
export type Engine = "native" | "tfjs" | "wasm" | "gpu";

/** One weight matrix, (inputs, outputs); addresses are bytes of the shared memory. */
export interface Weight {
  readonly inputs: number;
  readonly outputs: number;
  /** Where it lies, row-major. */
  readonly matrix: number;
  /** Where the packed panels of it and of its transpose lie, for the WebAssembly engine; else 0. */
  readonly panels: number;
  readonly transposedPanels: number;
}

/** The decoder's weight matrices; plain numbers, which threads share by cloning. */
export interface DecoderWeights {
  readonly timeIn: Weight;
  readonly blocks: readonly { readonly w0: Weight; readonly w1: Weight }[];
  readonly wOut: Weight;
}

/** Says where the weights lie in the flat parameters at byte address `parameters`, and reserves their panels. */
export function allocateWeights(
  arena: Arena,
  extents: Extents,
  options: { layout: ParameterLayout; parameters: number; engine: Engine },
): DecoderWeights {
  const { hidden, featuresPadded, bandsPadded } = extents;
  const { layout, parameters, engine } = options;
  const weight = (offset: number, inputs: number, outputs: number): Weight => {
    const panels = () => (engine === "wasm" ? arena.allocate(4 * inputs * outputs) : 0);
    return { inputs, outputs, matrix: parameters + 4 * offset, panels: panels(), transposedPanels: panels() };
  };
  return {
    timeIn: weight(layout.timeIn, featuresPadded, hidden),
    blocks: layout.blocks.map(({ w0, w1 }) => ({ w0: weight(w0, hidden, hidden), w1: weight(w1, hidden, hidden) })),
    wOut: weight(layout.wOut, hidden, bandsPadded),
  };
}

/** Brings the packed panels, where there are any, up to date with the flat parameters. */
export function packWeights(kernels: Kernels, weights: DecoderWeights): void {
  for (const { inputs, outputs, matrix, panels, transposedPanels } of [
    weights.timeIn,
    ...weights.blocks.flatMap(({ w0, w1 }) => [w0, w1]),
    weights.wOut,
  ]) {
    if (panels === 0) continue;
    kernels.packPanels(matrix, outputs, inputs, outputs, panels);
    // The gradient by time is not asked for, so the first layer has no way back.
    if (matrix !== weights.timeIn.matrix) {
      kernels.packPanelsTransposed(matrix, outputs, outputs, inputs, transposedPanels);
    }
  }
}

/** The products of a network's layers, each with its epilogue; addresses are bytes, strides floats. */
export interface LayerProducts {
  /** Floats between rows of `columns` numbers. */
  stride(columns: number): number;
  /** C = epilogue(A W), see EPILOGUE. */
  forward(
    rows: number,
    a: number,
    lda: number,
    weight: Weight,
    c: number,
    ldc: number,
    mode: number,
    bias: number,
    d: number,
  ): void;
  /** C = epilogue(A Wᵀ), with D the activations that mask it. */
  backward(rows: number, a: number, lda: number, weight: Weight, c: number, ldc: number, mode: number, d: number): void;
  /** The matrix at `gradient`, of the weight's shape, += Aᵀ B. */
  addOuter(rows: number, a: number, lda: number, b: number, ldb: number, weight: Weight, gradient: number): void;
}

/**
 * Products by the WebAssembly kernels, from packed panels.
 *
 * @param scratch Room for one panel of a chunk: rows × 8 floats.
 */
export function panelProducts(kernels: Kernels, scratch: number): LayerProducts {
  return {
    // An odd number of cache lines per row keeps columns out of one cache set.
    stride: (columns) => columns + 16,
    forward(rows, a, lda, { inputs, outputs, panels }, c, ldc, mode, bias, d) {
      kernels.gemm(rows, outputs, inputs, a, lda, panels, c, ldc, mode, bias, d);
    },
    backward(rows, a, lda, { inputs, outputs, transposedPanels }, c, ldc, mode, d) {
      kernels.gemm(rows, inputs, outputs, a, lda, transposedPanels, c, ldc, mode, 0, d);
    },
    addOuter(rows, a, lda, b, ldb, { inputs, outputs }, gradient) {
      kernels.gemmOuter(inputs, outputs, rows, a, lda, b, ldb, gradient, outputs, scratch);
    },
  };
}

/**
 * Products by a library, with the epilogues in WebAssembly while the rows are in cache.
 *
 * @param spare Room for one product: rows × hidden floats.
 */
export function libraryProducts(kernels: Kernels, library: MatrixProducts, spare: number): LayerProducts {
  const adds = (mode: number) => mode === EPILOGUE.addRelu || mode === EPILOGUE.maskAdd;
  return {
    stride: (columns) => columns,
    forward(rows, a, _lda, { inputs, outputs, matrix }, c, ldc, mode, bias, d) {
      const product = adds(mode) ? spare : c;
      library.multiply(rows, outputs, inputs, a, matrix, product);
      kernels.finishRows(rows, outputs, product, outputs, c, ldc, mode, bias, d);
    },
    backward(rows, a, _lda, { inputs, outputs, matrix }, c, ldc, mode, d) {
      const product = adds(mode) ? spare : c;
      library.multiplyTransposed(rows, inputs, outputs, a, matrix, product);
      kernels.finishRows(rows, inputs, product, inputs, c, ldc, mode, 0, d);
    },
    addOuter(rows, a, _lda, b, _ldb, { inputs, outputs }, gradient) {
      library.addOuter(inputs, outputs, rows, a, b, gradient);
    },
  };
}
