import { createRequire } from "node:module";
import type { MatrixProducts } from "../linalg/index.ts";

/** The part of tfjs that multiplies. */
interface TensorFlow {
  tidy<T>(work: () => T): T;
  tensor2d(values: Float32Array, shape: [rows: number, columns: number]): Tensor;
  matMul(a: Tensor, b: Tensor, transposeA?: boolean, transposeB?: boolean): Tensor;
  add(a: Tensor, b: Tensor): Tensor;
}
interface Tensor {
  dataSync(): Float32Array;
  dispose(): void;
}

const PACKAGE = "@tensorflow/tfjs-node";
const load = createRequire(import.meta.url);
let opened: TensorFlow | undefined;

/** tfjs-node beside Photonbook or in the folder of the notebook. */
function tensorFlow(): TensorFlow {
  if (opened) return opened;
  try {
    // tfjs-node 4.22 calls this function, which Node 23 took out.
    load("node:util").isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
    opened = load(load.resolve(PACKAGE, { paths: [import.meta.dirname, process.cwd()] })) as TensorFlow;
    return opened;
  } catch (cause) {
    const reason = (cause as Error).message.split("\n", 1)[0];
    throw new Error(`Cannot multiply with the engine "tfjs": ${PACKAGE} must be installed and load: ${reason}`, {
      cause,
    });
  }
}

/**
 * Matrix products by TensorFlow, through tfjs-node. Each product copies its matrices to tensors and back, and
 * TensorFlow has threads of its own.
 *
 * @throws {Error} Where tfjs-node is not installed or does not load, with the reason.
 */
export function tfjsProducts(memory: { readonly buffer: ArrayBufferLike }): MatrixProducts {
  const tf = tensorFlow();
  const view = (address: number, length: number) => new Float32Array(memory.buffer, address, length);
  const tensor = (address: number, rows: number, columns: number) =>
    tf.tensor2d(view(address, rows * columns).slice(), [rows, columns]);
  const put = (address: number, length: number, product: () => Tensor) => {
    // The values are fetched outside: tidy looks through what it returns, number by number, for tensors.
    const made = tf.tidy(product);
    view(address, length).set(made.dataSync());
    made.dispose();
  };
  return {
    multiply(m, n, k, a, b, c) {
      put(c, m * n, () => tf.matMul(tensor(a, m, k), tensor(b, k, n)));
    },
    multiplyTransposed(m, n, k, a, b, c) {
      put(c, m * n, () => tf.matMul(tensor(a, m, k), tensor(b, n, k), false, true));
    },
    addOuter(m, n, rows, a, b, c) {
      put(c, m * n, () => tf.add(tf.matMul(tensor(a, rows, m), tensor(b, rows, n), true), tensor(c, m, n)));
    },
  };
}
