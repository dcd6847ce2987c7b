import type { ComputeLibrary, Engine } from "../ppad/index.ts";
import { gpuRuntime } from "./gpu-runtime.ts";
import { nativeProducts } from "./native-products.ts";
import { tfjsProducts } from "./tfjs-products.ts";

/** What computes for an engine; nothing for "wasm", whose kernels PPAD has itself. */
export function libraryOf(engine: Engine): ComputeLibrary | undefined {
  if (engine === "native") return { engine, open: nativeProducts };
  if (engine === "tfjs") return { engine, open: tfjsProducts };
  if (engine === "gpu") return gpuRuntime();
  return undefined;
}
