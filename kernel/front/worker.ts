/*
 * The front's thread: everything on sockets, so that heartbeats, completion and the Stop button work whatever the
 * main thread is doing. It binds them before it loads the rest, because a client that finds no socket comes again only
 * after 0.1 s or more.
 */
import { extname } from "node:path";
import { parentPort, Worker, workerData } from "node:worker_threads";
import type { CellLanguage } from "../language/index.ts";
import type { ToFront } from "../protocol/channel.ts";
import { bindSockets, readConnection } from "./sockets.ts";

/** What the main thread hands to the front. */
export interface FrontOptions {
  readonly connectionFile: string;
  readonly notebookDir: string;
  readonly language: CellLanguage;
  /** Module whose exports are in scope in every cell. */
  readonly prelude?: string;
  /** Where its types are. */
  readonly preludeTypes?: string;
}

const PARENT_CHECK_MS = 1000;

const port = parentPort;
if (!port) throw new Error("Cannot start the front: it must run in a worker thread");
const { connectionFile, ...sessionOptions } = workerData as FrontOptions;
const connection = readConnection(connectionFile);
const sockets = await bindSockets(connection);

const { startLanguageSession } = await import("../language/index.ts");
const session = startLanguageSession(sessionOptions);
session.catch((error: Error) => process.stderr.write(`The language server has not started: ${error.message}\n`));

const { Front } = await import("./front.ts");
const front = new Front({
  sockets,
  connection,
  session,
  language: sessionOptions.language,
  post: (message, transfer = []) => port.postMessage(message, transfer),
});
port.on("message", (message: ToFront) => front.receive(message));
front.start();
watchSignals();
watchParent();

function watchSignals(): void {
  const here = new URL(import.meta.url);
  const watcher = new Worker(new URL(`./sigint-watcher${extname(here.pathname)}`, here));
  watcher.on("message", () => void front.interrupt());
  watcher.on("error", (error: Error) => process.stderr.write(`SIGINT is not handled: ${error.message}\n`));
  watcher.unref();
}

/** A kernel whose Jupyter server is gone ends, instead of staying for ever. */
function watchParent(): void {
  if (process.env.JPY_PARENT_PID === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, "SIGTERM");
  }, PARENT_CHECK_MS);
  timer.unref();
}
