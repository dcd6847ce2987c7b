import { createRequire } from "node:module";

/** The part of onnxruntime-node's addon that runs a graph at once; its public `run` only wraps this in a promise. */
export interface OnnxSession {
  loadModel(buffer: ArrayBufferLike, offset: number, length: number, options: object): void;
  run(feeds: object, fetches: object, options: object): object;
  dispose(): void;
}

/** onnxruntime, loaded. */
export interface Onnxruntime {
  /** Opens a graph on an execution provider. */
  open(graph: Uint8Array, options: { executionProviders: readonly (string | object)[] }): OnnxSession;
  /** A tensor that is a view of numbers, of a shared memory too. */
  tensor(data: Float32Array, shape: readonly number[]): object;
}

const load = createRequire(import.meta.url);

/** @throws {Error} Where onnxruntime-node, an optional dependency without binaries for every platform, does not load. */
export function loadOnnxruntime(): Onnxruntime {
  const { binding, initOrt } = load("onnxruntime-node/dist/binding.js") as {
    binding: { InferenceSession: new () => OnnxSession };
    initOrt(): void;
  };
  const { Tensor } = load("onnxruntime-common") as {
    Tensor: new (type: "float32", data: Float32Array, dims: readonly number[]) => object;
  };
  initOrt();
  return {
    open(graph, options) {
      const session = new binding.InferenceSession();
      session.loadModel(graph.buffer, graph.byteOffset, graph.byteLength, {
        intraOpNumThreads: 1,
        interOpNumThreads: 1,
        logSeverityLevel: 3,
        ...options,
      });
      return session;
    },
    tensor: (data, shape) => new Tensor("float32", data, shape),
  };
}
