import { parentPort, workerData } from "node:worker_threads";
import { CONTROL, createRunner, type RunState, TASK, takeItems } from "../ppad/index.ts";
import { PhotonReader, type StoreIndex } from "../store/index.ts";
import { libraryOf } from "./product-library.ts";

/** What a helper is given: the run, its number, and where photons lie that the run does not have in memory. */
export interface HelperData {
  readonly state: RunState;
  readonly thread: number;
  readonly store: StoreIndex | undefined;
}

// A helper thread of a PPAD run: sleeps until a task is announced, takes items of it, sleeps again.
const { state, thread, store } = workerData as HelperData;
const { control } = state;
const records = store && new PhotonReader(store);
const runner = createRunner(state, thread, { library: libraryOf(state.engine), records });
parentPort?.postMessage("ready");
for (let seen = 0; ; ) {
  Atomics.wait(control, CONTROL.generation, seen);
  seen = Atomics.load(control, CONTROL.generation);
  if (Atomics.load(control, CONTROL.task) === TASK.exit) break;
  try {
    takeItems(state, runner);
  } catch (error) {
    Atomics.store(control, CONTROL.failed, 1);
    Atomics.notify(control, CONTROL.done);
    throw error;
  }
}
