import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

let read: Uint8Array | undefined;

const place = (path: string) => new URL(path, import.meta.url);
/** From `dist/src/jobs`, and from `src/jobs` where sources run unbuilt. */
const PLACES = [place("../../wasm/linalg.wasm"), place("../../dist/wasm/linalg.wasm")];
const BUILD = place("../linalg/build-assembly.mjs");

/**
 * The bytes of the compiled matrix kernels, read once per thread. In a checkout that was not built they are compiled
 * first, which takes a second.
 *
 * @throws {Error} If they are not there and cannot be built.
 */
export function linalgModule(): Uint8Array {
  if (read) return read;
  const find = () => PLACES.find((candidate) => existsSync(candidate));
  if (!find() && existsSync(BUILD)) spawnSync(process.execPath, [fileURLToPath(BUILD)], { stdio: "inherit" });
  const found = find();
  if (!found) {
    throw new Error(
      `Cannot load the matrix kernels: "dist/wasm/linalg.wasm" must exist: run "node src/linalg/build-assembly.mjs"`,
    );
  }
  read = new Uint8Array(readFileSync(found));
  return read;
}
