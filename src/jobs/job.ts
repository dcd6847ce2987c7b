import { extname } from "node:path";
import { isMainThread, parentPort, type Transferable, Worker, workerData } from "node:worker_threads";
import { kernelHost, type Progress } from "../host/index.ts";

/** How far a job has come. */
export type JobProgress = Progress;

/** How to watch and stop long work. */
export interface JobOptions {
  /** Called on each report of progress. Default: none. */
  onProgress?: (progress: JobProgress) => void;
  /** Aborting asks the job to finish early with what it has; a job that has nothing yet rejects. Default: none. */
  signal?: AbortSignal;
}

/** What a job's function is given inside its worker. */
export interface JobContext {
  /** Tells the caller how far the work is. */
  report(progress: JobProgress): void;
  /** Whether the caller asked to stop; check it between steps and return what there is. */
  stopped(): boolean;
}

const STOP = 0;

/** What a job's worker says. */
interface JobMessage<Output> {
  progress?: JobProgress;
  output?: Output;
  error?: unknown;
  /** Name of the error: cloning keeps only those of the language. */
  name?: string;
}

/**
 * Runs a function in a worker thread of its own, with progress, early stop and errors whose stacks go on to the caller.
 *
 * Inside a kernel, the Stop button asks the job to stop (see KernelHost.onInterrupt).
 *
 * @param worker The worker's module, from `workerModule(import.meta.url, "./name")`; it must call `serveJob`.
 * @param input What the job works on; cloned, except SharedArrayBuffers (shared) and `transfer` (moved).
 * @returns What the worker's function returned.
 * @throws What the worker's function threw.
 */
export async function runJob<Input, Output>(
  worker: URL,
  input: Input,
  options: JobOptions & { transfer?: readonly Transferable[] } = {},
): Promise<Output> {
  const calledFrom = framesAbove(new Error().stack);
  const control = new Int32Array(new SharedArrayBuffer(4));
  const stop = () => Atomics.store(control, STOP, 1);
  if (options.signal?.aborted) stop();
  options.signal?.addEventListener("abort", stop);
  const removeInterrupt = kernelHost()?.onInterrupt(stop);
  const thread = new Worker(worker, {
    workerData: { control, input },
    transferList: [...(options.transfer ?? [])],
    execArgv: ["--disable-warning=ExperimentalWarning"],
  });
  try {
    return await new Promise<Output>((resolve, reject) => {
      thread.on("message", (message: JobMessage<Output>) => {
        if (message.progress) options.onProgress?.(message.progress);
        else if ("error" in message) reject(restoredError(message.error, message.name));
        else resolve(message.output as Output);
      });
      thread.on("error", reject);
      thread.on("exit", (code) =>
        reject(new Error(`Cannot finish the job in "${worker}": worker exited with ${code}`)),
      );
    });
  } catch (error) {
    if (error instanceof Error) error.stack = `${error.stack ?? error}\n${calledFrom}`;
    throw error;
  } finally {
    removeInterrupt?.();
    options.signal?.removeEventListener("abort", stop);
    await thread.terminate();
  }
}

/**
 * Makes the calling worker module answer `runJob`.
 *
 * @param work The job. It may return typed arrays; list their buffers with `transfer` to move rather than copy them.
 */
export function serveJob<Input, Output>(
  work: (input: Input, context: JobContext) => Output | Promise<Output>,
  transfer: (output: Output) => readonly Transferable[] = () => [],
): void {
  if (isMainThread || !parentPort) throw new Error("Cannot serve a job: this module must run in a worker thread");
  const port = parentPort;
  const { control, input } = workerData as { control: Int32Array; input: Input };
  const context: JobContext = {
    report: (progress) => port.postMessage({ progress }),
    stopped: () => Atomics.load(control, STOP) === 1,
  };
  Promise.resolve()
    .then(() => work(input, context))
    .then(
      (output) => port.postMessage({ output }, [...transfer(output)]),
      (error) => port.postMessage({ error, name: error instanceof Error ? error.name : undefined }),
    );
}

/**
 * The URL of a worker module beside the caller, with the caller's own extension: `.ts` when sources run unbuilt
 * under Node, `.js` in `dist`.
 */
export function workerModule(callerUrl: string, name: string): URL {
  return new URL(`${name}${extname(new URL(callerUrl).pathname)}`, callerUrl);
}

/** An error from a worker under the name it had there. */
function restoredError(error: unknown, name: string | undefined): unknown {
  if (error instanceof Error && name !== undefined && error.name !== name) error.name = name;
  return error;
}

/** The frames of a stack, without the title and the frame of the function that took it. */
function framesAbove(stack = ""): string {
  return stack.split("\n").slice(2).join("\n");
}
