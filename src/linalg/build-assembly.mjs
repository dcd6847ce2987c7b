// Compiles src/linalg/assembly to dist/wasm/linalg.wasm. Run with Node: node src/linalg/build-assembly.mjs
import { mkdirSync, renameSync } from "node:fs";
import { join, resolve } from "node:path";
import asc from "assemblyscript/asc";

const here = import.meta.dirname;
const root = resolve(here, "../..");
const outDir = join(root, "dist", "wasm");
mkdirSync(outDir, { recursive: true });
// Written beside and moved, so that nobody reads half a file.
const target = join(outDir, "linalg.wasm");
const draft = join(outDir, `linalg.${process.pid}.wasm`);
const { error, stderr } = await asc.main([
  join(here, "assembly", "index.ts"),
  "--baseDir",
  root,
  "--outFile",
  draft,
  "-O3",
  "--noAssert",
  "--runtime",
  "stub",
  "--use",
  "abort=",
  "--importMemory",
  "--sharedMemory",
  "--initialMemory",
  "1",
  "--maximumMemory",
  "65536",
  "--enable",
  "simd",
  "--enable",
  "relaxed-simd",
  "--enable",
  "threads",
]);
if (error) {
  console.error(`Cannot compile src/linalg/assembly: ${error.message}\n${stderr.toString()}`);
  process.exitCode = 1;
} else {
  renameSync(draft, target);
}
