import type { MatrixProducts } from "../linalg/index.ts";
import { type OnnxNode, type OnnxTensor, writeOnnx } from "../onnx/index.ts";
import { loadOnnxruntime, type Onnxruntime, type OnnxSession } from "./onnxruntime.ts";

/**
 * Views are kept by address and rows, 32 and 16 bits of a key: what lies at an address has one number of columns for the
 * whole run.
 */
const ROWS = 65536;

function openSession(runtime: Onnxruntime, { node, constant }: { node: OnnxNode; constant?: OnnxTensor }): OnnxSession {
  const inputs = node.inputs.filter((input) => input !== constant?.name);
  const bytes = writeOnnx({
    name: node.op,
    inputs: inputs.map((input) => ({ name: input, shape: [`${input}_rows`, `${input}_columns`] })),
    outputs: node.outputs.map((output) => ({ name: output, shape: [`${output}_rows`, `${output}_columns`] })),
    nodes: [node],
    ...(constant && { tensors: [constant] }),
  });
  return runtime.open(bytes, { executionProviders: ["cpu"] });
}

/**
 * Matrix products by onnxruntime's own kernels (AVX-512 where the machine has it), straight on a shared memory: graphs of
 * one operation each, on tensors that are views. One thread; each worker opens its own.
 *
 * @param options.frozen Whether a second factor keeps the numbers that it has at its first product; each then is a constant
 * of a graph of its own, which packs it once instead of at each product.
 * @returns Undefined where onnxruntime-node is not installed or does not load.
 */
export function nativeProducts(
  memory: { readonly buffer: ArrayBufferLike },
  { frozen }: { frozen: boolean },
): MatrixProducts | undefined {
  let runtime: Onnxruntime;
  try {
    runtime = loadOnnxruntime();
  } catch {
    return undefined;
  }
  const view = (address: number, rows: number, columns: number) =>
    new Float32Array(memory.buffer, address, rows * columns);
  const tensors = new Map<number, object>();
  const tensor = (address: number, rows: number, columns: number) => {
    const key = address * ROWS + rows;
    const known = tensors.get(key);
    if (known) return known;
    const made = runtime.tensor(view(address, rows, columns), [rows, columns]);
    tensors.set(key, made);
    return made;
  };
  /** C = A B, B being rows × columns numbers at an address, or what else the operation makes of them. */
  const product = (node: OnnxNode) => {
    if (!frozen) {
      const session = openSession(runtime, { node });
      return (a: object, b: number, rows: number, columns: number, c: object) =>
        session.run({ A: a, B: tensor(b, rows, columns) }, { C: c }, {});
    }
    const sessions = new Map<number, OnnxSession>();
    return (a: object, b: number, rows: number, columns: number, c: object) => {
      let session = sessions.get(b);
      if (!session) {
        const constant = { name: "B", shape: [rows, columns], data: view(b, rows, columns) };
        session = openSession(runtime, { node, constant });
        sessions.set(b, session);
      }
      session.run({ A: a }, { C: c }, {});
    };
  };
  const plain = product({ op: "MatMul", inputs: ["A", "B"], outputs: ["C"] });
  const transposed = product({ op: "Gemm", inputs: ["A", "B"], outputs: ["C"], integers: { transB: 1 } });
  const outer = openSession(runtime, {
    node: { op: "Gemm", inputs: ["A", "B", "S"], outputs: ["C"], integers: { transA: 1 } },
  });
  return {
    multiply(m, n, k, a, b, c) {
      plain(tensor(a, m, k), b, k, n, tensor(c, m, n));
    },
    multiplyTransposed(m, n, k, a, b, c) {
      transposed(tensor(a, m, k), b, n, k, tensor(c, m, n));
    },
    addOuter(m, n, rows, a, b, c) {
      const sum = tensor(c, m, n);
      outer.run({ A: tensor(a, rows, m), B: tensor(b, rows, n), S: sum }, { C: sum }, {});
    },
  };
}
