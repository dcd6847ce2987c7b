import { Arena } from "../linalg/index.ts";
import { CONTROL, TASK } from "./control.ts";
import { LatentAdam } from "./latent-adam.ts";
import { LatentSearch } from "./latent-search.ts";
import { LOSS_ONLY } from "./network.ts";
import { trainingSampling } from "./rows.ts";
import { flatView, openNetwork, openWindow, type RunState, type ThreadSupplies } from "./run-state.ts";
import { SourceBatch } from "./source-batch.ts";

/** Does one thread's share of a run. */
export interface Runner {
  /** Does item `index` of the task in `RunState.control`. */
  run(index: number): void;
}

/**
 * The work of thread `thread`. Nothing of size is allocated in `run`.
 *
 * @param thread Number of the thread, 0 up to the number the state was made for.
 */
export function createRunner(state: RunState, thread: number, supplies: ThreadSupplies = {}): Runner {
  const { config, extents, layout, control, ranges } = state;
  const { hidden, latent } = extents;
  const arena = new Arena(state.workspace + thread * state.workspaceBytes);
  const network = openNetwork(arena, state, supplies.library);
  const window = openWindow(state, supplies.records);
  const batch = new SourceBatch(state, { network, parameters: flatView(state, state.parameters), window });
  const gradientViews = state.gradients.map((address) => flatView(state, address));
  const adam = new LatentAdam(state, batch);
  const search = new LatentSearch(state, batch);
  const training = trainingSampling(config);

  /** One shard of a minibatch: the gradient by all parameters and by the latents of its sources. */
  function gradient(shard: number): void {
    const [first, last] = [ranges[shard], ranges[shard + 1]];
    const sums = gradientViews[shard];
    sums.fill(0);
    batch.load(first, last, 1 / control[CONTROL.taken]);
    batch.pass(first, last - first, {
      step: control[CONTROL.step],
      sampling: training,
      wanted: state.gradients[shard],
    });
    const { z, dz, given, inputGradient } = batch;
    for (let slot = 0; slot < last - first; slot++) {
      const row = slot * hidden;
      for (let l = 0; l < latent + extents.given; l++) {
        const value = l < latent ? z[slot * latent + l] : given[slot];
        const weights = layout.latentIn + l * hidden;
        for (let h = 0; h < hidden; h++) sums[weights + h] += value * inputGradient[row + h];
      }
      for (let l = 0; l < latent; l++) state.latentGradient[(first + slot) * latent + l] = dz[slot * latent + l];
      for (let h = 0; h < hidden; h++) sums[layout.biasIn + h] += inputGradient[row + h];
    }
  }

  /** The losses of one group of sources as they are. */
  function evaluate(first: number, last: number): void {
    batch.load(first, last, 1);
    batch.pass(first, last - first, {
      step: control[CONTROL.step],
      sampling: training,
      wanted: LOSS_ONLY,
    });
  }

  return {
    run(index) {
      const task = control[CONTROL.task];
      if (task === TASK.gradient) {
        gradient(index);
        return;
      }
      const first = index * control[CONTROL.group];
      const last = Math.min(first + control[CONTROL.group], control[CONTROL.taken]);
      if (task === TASK.latents) adam.run(first, last);
      else if (task === TASK.search) search.run(first, last);
      else evaluate(first, last);
    },
  };
}

/** The threads of a run, seen from the one that leads it. */
export interface Team {
  /** Has items 0 … count − 1 of a task done and waits for them. */
  run(task: number, count: number): void;
}

const CLOSED = 0xffff;

/**
 * Takes items of the current task until none is left.
 *
 * `next` holds the task's number in its upper half and the next item in its lower one, so a thread that wakes late
 * can take nothing of a task that is over.
 */
export function takeItems(state: RunState, runner: Runner): void {
  const { control } = state;
  for (;;) {
    const ticket = Atomics.load(control, CONTROL.next);
    const index = ticket & CLOSED;
    const count = Atomics.load(control, CONTROL.count);
    if (index >= count) return;
    if (Atomics.compareExchange(control, CONTROL.next, ticket, ticket + 1) !== ticket) continue;
    runner.run(index);
    if (Atomics.add(control, CONTROL.done, 1) === count - 1) Atomics.notify(control, CONTROL.done);
  }
}

/** Announces a task of at most 65,534 items to the threads that wait for one. */
export function announce(state: RunState, task: number, count: number): void {
  const { control } = state;
  const number = Atomics.add(control, CONTROL.generation, 1) + 1;
  const tag = (number & 0x7fff) << 16;
  Atomics.store(control, CONTROL.next, tag | CLOSED);
  Atomics.store(control, CONTROL.task, task);
  Atomics.store(control, CONTROL.count, count);
  Atomics.store(control, CONTROL.done, 0);
  Atomics.store(control, CONTROL.next, tag);
  Atomics.notify(control, CONTROL.generation);
}

/** A team of the calling thread alone. */
export function soloTeam(state: RunState, supplies?: ThreadSupplies): Team {
  const runner = createRunner(state, 0, supplies);
  return {
    run(task, count) {
      announce(state, task, count);
      takeItems(state, runner);
    },
  };
}
