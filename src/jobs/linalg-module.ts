import { existsSync, readFileSync } from "node:fs";

let read: Uint8Array | undefined;

/**
 * The bytes of the compiled matrix kernels, read once per thread.
 *
 * They lie in `dist/wasm`, two levels up from `dist/src/jobs` and beside `src` for sources that run unbuilt.
 *
 * @throws {Error} If they were not built.
 */
export function linalgModule(): Uint8Array {
  if (read) return read;
  const places = ["../../wasm/linalg.wasm", "../../dist/wasm/linalg.wasm"].map(
    (path) => new URL(path, import.meta.url),
  );
  const found = places.find((place) => existsSync(place));
  if (!found) {
    throw new Error(
      `Cannot load the matrix kernels: "dist/wasm/linalg.wasm" must exist: run "node src/linalg/build-assembly.mjs"`,
    );
  }
  read = new Uint8Array(readFileSync(found));
  return read;
}
