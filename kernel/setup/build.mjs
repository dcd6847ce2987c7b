/** Builds `dist/`: TypeScript, WebAssembly kernels, the widgets' labextension and AMD file. Safe to run again. */
import { join } from "node:path";
import { node24, root, run } from "./machine.mjs";

const projects = ["src", "edge", "kernel", "widgets", "browser"].map((name) => join(root, `tsconfig.${name}.json`));
run(node24(), [join(root, "node_modules/typescript/lib/tsc.js"), "-b", ...projects]);
run(node24(), [join(root, "src/linalg/build-assembly.mjs")]);
run(node24(), [join(root, "widgets/build.mjs")]);
