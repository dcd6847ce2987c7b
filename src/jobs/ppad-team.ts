import { Worker } from "node:worker_threads";
import { announce, CONTROL, createRunner, type RunState, TASK, type Team, takeItems } from "../ppad/index.ts";
import { workerModule } from "./job.ts";
import { nativeProducts } from "./native-products.ts";

/** A team with threads of its own. */
export interface ThreadTeam extends Team {
  close(): Promise<void>;
}

/**
 * Starts `threads − 1` helpers beside the calling thread, which must be a worker, because it waits for them.
 *
 * @param state The run; every thread works in its shared memory.
 */
export async function startTeam(state: RunState, threads: number): Promise<ThreadTeam> {
  const { control } = state;
  const helpers = Array.from(
    { length: threads - 1 },
    (_, i) => new Worker(workerModule(import.meta.url, "./ppad-helper"), { workerData: { state, thread: i + 1 } }),
  );
  const runner = createRunner(state, 0, nativeProducts);
  await Promise.all(
    helpers.map((helper) => new Promise((ready, failed) => helper.once("message", ready).once("error", failed))),
  );
  return {
    run(task, count) {
      announce(state, task, count);
      takeItems(state, runner);
      for (;;) {
        const done = Atomics.load(control, CONTROL.done);
        if (Atomics.load(control, CONTROL.failed) !== 0) {
          throw new Error("Cannot go on with PPAD: a helper thread failed: its error is on the standard error stream");
        }
        if (done === count) return;
        Atomics.wait(control, CONTROL.done, done, 1000);
      }
    },
    async close() {
      announce(state, TASK.exit, 0);
      await Promise.all(helpers.map((helper) => helper.terminate()));
    },
  };
}
