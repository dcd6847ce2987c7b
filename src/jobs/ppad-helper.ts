import { parentPort, workerData } from "node:worker_threads";
import { CONTROL, createRunner, type RunState, TASK, takeItems } from "../ppad/index.ts";
import { nativeProducts } from "./native-products.ts";

// A helper thread of a PPAD run: sleeps until a task is announced, takes items of it, sleeps again.
const { state, thread } = workerData as { state: RunState; thread: number };
const { control } = state;
const runner = createRunner(state, thread, nativeProducts);
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
