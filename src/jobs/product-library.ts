import type { Engine, ProductLibrary } from "../ppad/index.ts";
import { nativeProducts } from "./native-products.ts";
import { tfjsProducts } from "./tfjs-products.ts";

/** What multiplies for an engine; nothing for "wasm", whose kernels PPAD has itself. */
export function libraryOf(engine: Engine): ProductLibrary | undefined {
  if (engine === "native") return { engine, open: nativeProducts };
  if (engine === "tfjs") return { engine, open: tfjsProducts };
  return undefined;
}
