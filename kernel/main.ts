/*
 * The kernel's main thread: user code and nothing else that could keep it waiting. Started by Jupyter as
 *
 *   node --no-force-async-hooks-checks … main.js --connection-file FILE [--prelude MODULE] [--prelude-types FILE]
 *     [--language javascript]
 *
 * from `dist`, or unbuilt from the sources. Everything on sockets happens in a worker: see front/worker.ts.
 */
import { writeSync } from "node:fs";
import { extname, isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import type { FrontOptions } from "./front/worker.ts";
import { MAX_STACK_FRAMES, type ToEngine, type ToFront } from "./protocol/channel.ts";

// `jupyter run` and others hand their own arguments on to the kernel, which ignores them as ipykernel does.
const { values } = parseArgs({
  strict: false,
  options: {
    "connection-file": { type: "string" },
    language: { type: "string", default: "typescript" },
    prelude: { type: "string" },
    "prelude-types": { type: "string" },
  },
});
const given = (name: keyof typeof values) => (typeof values[name] === "string" ? values[name] : undefined);
const connectionFile = given("connection-file");
if (connectionFile === undefined) {
  throw new Error("Cannot start the kernel: --connection-file must name the file that Jupyter made");
}

Error.stackTraceLimit = MAX_STACK_FRAMES;

const notebookDir = process.cwd();
const [prelude, preludeTypes] = [given("prelude"), given("prelude-types")];
const workerData: FrontOptions = {
  connectionFile,
  notebookDir,
  language: given("language") === "javascript" ? "javascript" : "typescript",
  ...(prelude !== undefined && { prelude }),
  ...(preludeTypes !== undefined && { preludeTypes }),
};
/** Messages and syntax trees die young: a large nursery would only delay that, and keep 60 MB more for it. */
const FRONT_LIMITS = { maxYoungGenerationSizeMb: 12 };

const here = new URL(import.meta.url);
const front = new Worker(new URL(`./front/worker${extname(here.pathname)}`, here), {
  workerData,
  resourceLimits: FRONT_LIMITS,
  stdout: true,
  stderr: true,
});
// The engine captures this process's streams for cells; what the front has to say goes past that.
front.stdout.on("data", (bytes: Uint8Array) => writeSync(2, bytes));
front.stderr.on("data", (bytes: Uint8Array) => writeSync(2, bytes));
front.on("error", (error) => {
  writeSync(2, `The kernel's front has failed: ${error.stack ?? error.message}\n`);
  process.exit(1);
});
front.on("exit", (code) => process.exit(code));

// The engine loads while the front starts; what that says meanwhile waits.
const early: ToEngine[] = [];
const keep = (message: ToEngine) => void early.push(message);
front.on("message", keep);
const { Engine } = await import("./engine/engine.ts");
const engine = new Engine({
  notebookDir,
  prelude: prelude !== undefined && isAbsolute(prelude) ? pathToFileURL(prelude).href : prelude,
  post: (message: ToFront, transfer = []) => front.postMessage(message, transfer),
});
front.off("message", keep);
front.on("message", (message) => engine.receive(message));
for (const message of early) engine.receive(message);
