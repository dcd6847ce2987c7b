/** Builds `dist/`: TypeScript, WebAssembly kernels, the widgets' labextension and AMD file. Safe to run again. */
import { join } from "node:path";
import { node24, root, run } from "./machine.mjs";

run(node24(), [join(root, "node_modules/typescript/lib/tsc.js"), "-b"]);
run(node24(), [join(root, "src/linalg/build-assembly.mjs")]);
run(node24(), [join(root, "widgets/build.mjs")]);
