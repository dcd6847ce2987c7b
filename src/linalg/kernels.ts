/** What `Kernels.gemm` does with a product AB; the numbers are those of assembly/gemm.ts. */
export const EPILOGUE = {
  /** C = max(0, AB + bias) */
  biasRelu: 0,
  /** C += AB + bias; D = max(0, C) */
  addRelu: 1,
  /** C = AB + bias */
  bias: 2,
  /** C = AB where D > 0, else 0 */
  mask: 3,
  /** C += AB where D > 0 */
  maskAdd: 4,
} as const;

/**
 * Single-precision kernels of one WebAssembly instance. Pointers are byte offsets into its memory, strides and
 * lengths count floats. The sources in `assembly/` document each function.
 */
export interface Kernels {
  readonly heapBase: { readonly value: number };
  packPanels(b: number, ldb: number, k: number, n: number, out: number): void;
  packPanelsTransposed(b: number, ldb: number, k: number, n: number, out: number): void;
  gemm(
    m: number,
    n: number,
    k: number,
    a: number,
    lda: number,
    packed: number,
    c: number,
    ldc: number,
    mode: number,
    bias: number,
    d: number,
  ): void;
  gemmOuter(
    m: number,
    n: number,
    rows: number,
    a: number,
    lda: number,
    b: number,
    ldb: number,
    c: number,
    ldc: number,
    scratch: number,
  ): void;
  finishRows(
    m: number,
    n: number,
    y: number,
    ldy: number,
    c: number,
    ldc: number,
    mode: number,
    bias: number,
    d: number,
  ): void;
  gatherRows(rows: number, n: number, table: number, index: number, out: number, ldOut: number): void;
  scatterAddRows(rows: number, n: number, a: number, lda: number, index: number, table: number): void;
  addColumnSums(rows: number, n: number, a: number, lda: number, out: number): void;
  reluRows(rows: number, n: number, a: number, out: number, ld: number): void;
  addInto(n: number, out: number, a: number): void;
  sumSquares(n: number, a: number): number;
  adam(
    n: number,
    w: number,
    g: number,
    m: number,
    v: number,
    scale: number,
    step: number,
    root: number,
    beta1: number,
    beta2: number,
    eps: number,
  ): void;
  encodeTime(rows: number, t: number, frequencies: number, out: number, ld: number): void;
  expRows(rows: number, n: number, x: number, ldx: number, out: number, ldo: number): void;
  pointProcessLoss(
    rows: number,
    bands: number,
    ld: number,
    out: number,
    slot: number,
    band: number,
    eventWeight: number,
    nodeWeight: number,
    background: number,
    linkWeight: number,
    logScale: number,
    slotWeight: number,
    rate: number,
    gradient: number,
    loss: number,
  ): void;
}

/**
 * Products of row-major single-precision matrices without gaps between rows, by something faster than `Kernels.gemm`.
 * Pointers are byte offsets into the shared memory.
 */
export interface MatrixProducts {
  /** C (m × n) = A (m × k) B (k × n). */
  multiply(m: number, n: number, k: number, a: number, b: number, c: number): void;
  /** C (m × n) = A (m × k) Bᵀ for B (n × k). */
  multiplyTransposed(m: number, n: number, k: number, a: number, b: number, c: number): void;
  /** C (m × n) += Aᵀ B for A (rows × m) and B (rows × n). */
  addOuter(m: number, n: number, rows: number, a: number, b: number, c: number): void;
}

/** Rows per register tile of `gemm`: its first extent must be a multiple. */
export const TILE_ROWS = 6;
/** Columns per register tile of `gemm` and `gemmOuter`: their second extent must be a multiple. */
export const TILE_COLUMNS = 8;

/**
 * An instance of the kernels on a shared memory. Instances on the same memory, one per thread, share all data.
 *
 * @param module The module compiled from `dist/wasm/linalg.wasm` (see build-assembly.mjs), or its bytes.
 * @param memory A shared memory whose maximum is at most 65,536 pages.
 */
export function instantiateKernels(module: WebAssembly.Module | Uint8Array, memory: WebAssembly.Memory): Kernels {
  const compiled = module instanceof Uint8Array ? new WebAssembly.Module(module) : module;
  return new WebAssembly.Instance(compiled, { env: { memory } }).exports as unknown as Kernels;
}

/** Hands out consecutive, aligned blocks of a memory; the same calls give the same addresses on every thread. */
export class Arena {
  #next: number;

  /** @param start First free byte. */
  constructor(start: number) {
    this.#next = start;
  }

  /** Address of a new block, a multiple of 64 bytes. */
  allocate(bytes: number): number {
    const address = Math.ceil(this.#next / 64) * 64;
    this.#next = address + bytes;
    return address;
  }

  /** First byte after the last block. */
  get end(): number {
    return this.#next;
  }
}
