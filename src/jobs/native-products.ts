import type { MatrixProducts } from "../linalg/index.ts";
import { type OnnxNode, writeOnnx } from "../onnx/index.ts";
import { loadOnnxruntime, type Onnxruntime, type OnnxSession } from "./onnxruntime.ts";

/**
 * Views are kept by address and rows, 32 and 16 bits of a key: what lies at an address has one number of columns for the
 * whole run.
 */
const ROWS = 65536;

function openSession(runtime: Onnxruntime, name: string, node: OnnxNode): OnnxSession {
  const bytes = writeOnnx({
    name,
    inputs: node.inputs.map((input) => ({ name: input, shape: [`${input}_rows`, `${input}_columns`] })),
    outputs: node.outputs.map((output) => ({ name: output, shape: [`${output}_rows`, `${output}_columns`] })),
    nodes: [node],
  });
  return runtime.open(bytes, { executionProviders: ["cpu"] });
}

/**
 * Matrix products by onnxruntime's own kernels (AVX-512 where the machine has it), straight on a shared memory: three
 * graphs of one operation each, on tensors that are views. One thread; each worker opens its own.
 *
 * @returns Undefined where onnxruntime-node is not installed or does not load.
 */
export function nativeProducts(memory: { readonly buffer: ArrayBufferLike }): MatrixProducts | undefined {
  let runtime: Onnxruntime;
  try {
    runtime = loadOnnxruntime();
  } catch {
    return undefined;
  }
  const tensors = new Map<number, object>();
  const tensor = (address: number, rows: number, columns: number) => {
    const key = address * ROWS + rows;
    const known = tensors.get(key);
    if (known) return known;
    const made = runtime.tensor(new Float32Array(memory.buffer, address, rows * columns), [rows, columns]);
    tensors.set(key, made);
    return made;
  };
  const plain = openSession(runtime, "multiply", { op: "MatMul", inputs: ["A", "B"], outputs: ["C"] });
  const transposed = openSession(runtime, "multiplyTransposed", {
    op: "Gemm",
    inputs: ["A", "B"],
    outputs: ["C"],
    integers: { transB: 1 },
  });
  const outer = openSession(runtime, "addOuter", {
    op: "Gemm",
    inputs: ["A", "B", "S"],
    outputs: ["C"],
    integers: { transA: 1 },
  });
  return {
    multiply(m, n, k, a, b, c) {
      plain.run({ A: tensor(a, m, k), B: tensor(b, k, n) }, { C: tensor(c, m, n) }, {});
    },
    multiplyTransposed(m, n, k, a, b, c) {
      transposed.run({ A: tensor(a, m, k), B: tensor(b, n, k) }, { C: tensor(c, m, n) }, {});
    },
    addOuter(m, n, rows, a, b, c) {
      const sum = tensor(c, m, n);
      outer.run({ A: tensor(a, rows, m), B: tensor(b, rows, n), S: sum }, { C: sum }, {});
    },
  };
}
