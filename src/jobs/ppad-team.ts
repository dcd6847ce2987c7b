import { Worker } from "node:worker_threads";
import {
  announce,
  CONTROL,
  createRunner,
  type PhotonRecords,
  type RunState,
  TASK,
  type Team,
  takeItems,
} from "../ppad/index.ts";
import type { StoreIndex } from "../store/index.ts";
import { workerModule } from "./job.ts";
import type { HelperData } from "./ppad-helper.ts";
import { libraryOf } from "./product-library.ts";

/** A team with threads of its own. */
export interface ThreadTeam extends Team {
  close(): Promise<void>;
}

/**
 * Starts `threads − 1` helpers beside the calling thread, which must be a worker, because it waits for them.
 *
 * @param state The run; every thread works in its shared memory.
 * @param options.store Where photons lie that the run does not have in memory, for the helpers to open.
 * @param options.records The same, opened by the calling thread.
 */
export async function startTeam(
  state: RunState,
  options: { threads: number; store?: StoreIndex | undefined; records?: PhotonRecords | undefined },
): Promise<ThreadTeam> {
  const { control } = state;
  const { threads, store, records } = options;
  const helpers = Array.from({ length: threads - 1 }, (_, i) => {
    const workerData: HelperData = { state, thread: i + 1, store };
    return new Worker(workerModule(import.meta.url, "./ppad-helper"), { workerData });
  });
  const runner = createRunner(state, 0, { library: libraryOf(state.engine), records });
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
