/*
 * A thread that does nothing but wait for SIGINT. A signal handler of Node's runs on the main thread's event loop,
 * which a busy cell keeps from turning; `breakOnSigint` works in any thread. The outer script keeps the signal caught
 * while the inner one, which it interrupts, is started again.
 */
import { runInThisContext } from "node:vm";
import { parentPort } from "node:worker_threads";

const wait = () =>
  runInThisContext("Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)", { breakOnSigint: true });

/** Waits for signals for ever. */
function watch(): void {
  for (;;) {
    try {
      wait();
    } catch {
      parentPort?.postMessage("SIGINT");
    }
  }
}

(globalThis as { photonbookWatch?: () => void }).photonbookWatch = watch;
runInThisContext("photonbookWatch()", { breakOnSigint: true });
