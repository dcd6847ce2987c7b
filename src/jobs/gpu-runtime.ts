import type { GraphRuntime, GraphSession, GraphTensor } from "../ppad/index.ts";
import { loadOnnxruntime, type Onnxruntime, type OnnxSession } from "./onnxruntime.ts";

/** "simple" keeps each buffer for the next of its size; to make one anew costs more than a product does. */
const WEBGPU = { name: "webgpu", storageBufferCacheMode: "simple", validationMode: "disabled" };

/**
 * Whole graphs by onnxruntime on a GPU, through WebGPU: Vulkan on Linux, Direct3D 12 on Windows, Metal on macOS. One
 * thread at a time.
 */
export function gpuRuntime(): GraphRuntime {
  return {
    engine: "gpu",
    open(graph): GraphSession {
      let runtime: Onnxruntime;
      let session: OnnxSession;
      try {
        runtime = loadOnnxruntime();
        session = runtime.open(graph, { executionProviders: [WEBGPU] });
      } catch (cause) {
        const reason = (cause as Error).message.split("was false. ").at(-1)!.trim();
        throw new Error(`Cannot multiply with the engine "gpu": onnxruntime-node must find a GPU: ${reason}`, {
          cause,
        });
      }
      const tensors = (values: { readonly [name: string]: GraphTensor }) =>
        Object.fromEntries(
          Object.entries(values).map(([name, { data, shape }]) => [name, runtime.tensor(data, shape)] as const),
        );
      return {
        run(inputs, outputs) {
          session.run(tensors(inputs), tensors(outputs), {});
        },
        close() {
          session.dispose();
        },
      };
    },
  };
}
