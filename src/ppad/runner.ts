import { Arena } from "../linalg/index.ts";
import { BETA1, BETA2, EPSILON } from "./adam.ts";
import { Network } from "./network.ts";
import { RowWriter, rowKey } from "./rows.ts";
import { CONTROL, flatView, networkOptions, type OpenLibrary, type RunState, SETTING, TASK } from "./run-state.ts";

/** Does one thread's share of a run. */
export interface Runner {
  /** Does item `index` of the task in `RunState.control`. */
  run(index: number): void;
}

/**
 * The work of thread `thread`. Nothing is allocated in `run`.
 *
 * @param thread Number of the thread, 0 up to the number the state was made for.
 * @param openLibrary The same as the state was made with.
 */
export function createRunner(state: RunState, thread: number, openLibrary?: OpenLibrary): Runner {
  const { config, extents, layout, population, latents } = state;
  const { hidden, latent } = extents;
  const network = new Network(
    new Arena(state.workspace + thread * state.workspaceBytes),
    networkOptions(state, openLibrary),
  );
  const parameters = flatView(state, state.parameters);
  const gradientViews = state.gradients.map((address) => flatView(state, address));
  const z = new Float32Array(state.slots * latent);
  const dz = new Float32Array(state.slots * latent);
  const moment1 = new Float32Array(state.slots * latent);
  const moment2 = new Float32Array(state.slots * latent);
  const past = new Int32Array(state.slots);
  let gradientAddress = 0;
  const writer = new RowWriter(network.rows, (count) => network.accumulate(count, gradientAddress));

  /** Loads the sources order[first] … order[last − 1] into slots, with their weight in the gradient. */
  function load(first: number, last: number, weight: number): void {
    for (let i = first; i < last; i++) {
      const source = state.order[i] as number;
      const slot = i - first;
      network.logScale[slot] = population.logScale[source] as number;
      network.slotWeight[slot] = weight;
      for (let l = 0; l < latent; l++) z[slot * latent + l] = latents[source * latent + l] as number;
    }
  }

  /** First-layer input of each slot: bias + z W. */
  function projectLatents(count: number): void {
    const { latentInput } = network;
    for (let slot = 0; slot < count; slot++) {
      const row = slot * hidden;
      for (let h = 0; h < hidden; h++) latentInput[row + h] = parameters[layout.biasIn + h] as number;
      for (let l = 0; l < latent; l++) {
        const value = z[slot * latent + l] as number;
        const weights = layout.latentIn + l * hidden;
        for (let h = 0; h < hidden; h++) {
          latentInput[row + h] = (latentInput[row + h] as number) + value * (parameters[weights + h] as number);
        }
      }
    }
  }

  /** Gradient by the latents: through the first layer, plus the penalty. Also notes each source's losses. */
  function pullBackLatents(first: number, count: number): void {
    const { latentInputGradient, loss, slotWeight } = network;
    for (let slot = 0; slot < count; slot++) {
      const row = slot * hidden;
      let norm = 0;
      for (let l = 0; l < latent; l++) {
        const value = z[slot * latent + l] as number;
        const weights = layout.latentIn + l * hidden;
        let sum = 0;
        for (let h = 0; h < hidden; h++) {
          sum += (latentInputGradient[row + h] as number) * (parameters[weights + h] as number);
        }
        dz[slot * latent + l] = sum + 2 * config.latentPenalty * (slotWeight[slot] as number) * value;
        norm += value * value;
      }
      const source = state.order[first + slot] as number;
      for (let part = 0; part < 3; part++) state.sourceLoss[source * 4 + part] = loss[slot * 4 + part] as number;
      state.sourceLoss[source * 4 + 3] = config.latentPenalty * norm;
    }
  }

  function pass(first: number, count: number, step: number): void {
    projectLatents(count);
    network.begin();
    for (let slot = 0; slot < count; slot++) {
      const source = state.order[first + slot] as number;
      writer.addSource(population, source, slot, config, rowKey(state.seed, step, source));
    }
    writer.finish();
    pullBackLatents(first, count);
  }

  /** One shard of a minibatch: the gradient by all parameters and by the latents of its sources. */
  function gradient(shard: number): void {
    const first = state.ranges[shard] as number;
    const last = state.ranges[shard + 1] as number;
    const count = last - first;
    const sums = gradientViews[shard] as Float32Array;
    sums.fill(0);
    gradientAddress = state.gradients[shard] as number;
    load(first, last, 1 / (state.control[CONTROL.taken] as number));
    pass(first, count, state.control[CONTROL.step] as number);
    const { latentInputGradient } = network;
    for (let slot = 0; slot < count; slot++) {
      const row = slot * hidden;
      for (let l = 0; l < latent; l++) {
        const value = z[slot * latent + l] as number;
        const weights = layout.latentIn + l * hidden;
        for (let h = 0; h < hidden; h++) {
          sums[weights + h] = (sums[weights + h] as number) + value * (latentInputGradient[row + h] as number);
        }
        state.latentGradient[(first + slot) * latent + l] = dz[slot * latent + l] as number;
      }
      for (let h = 0; h < hidden; h++) {
        sums[layout.biasIn + h] = (sums[layout.biasIn + h] as number) + (latentInputGradient[row + h] as number);
      }
    }
  }

  /** Adam on the latents of one group of sources with the decoder frozen; sources do not influence one another. */
  function fitLatents(group: number): void {
    const first = group * state.slots;
    const last = Math.min(first + state.slots, state.control[CONTROL.taken] as number);
    const count = last - first;
    const steps = state.settings[SETTING.steps] as number;
    const rate = state.settings[SETTING.rate] as number;
    const cosine = state.settings[SETTING.cosine] === 1;
    const resume = state.settings[SETTING.resume] === 1;
    gradientAddress = 0;
    load(first, last, 1);
    for (let slot = 0; slot < count; slot++) {
      const source = state.order[first + slot] as number;
      past[slot] = resume ? (state.latentSteps[source] as number) : 0;
      for (let l = 0; l < latent; l++) {
        moment1[slot * latent + l] = resume ? (state.latentMoment1[source * latent + l] as number) : 0;
        moment2[slot * latent + l] = resume ? (state.latentMoment2[source * latent + l] as number) : 0;
      }
    }
    for (let step = 1; step <= steps; step++) {
      pass(first, count, (state.control[CONTROL.step] as number) + step);
      const now = cosine ? 0.5 * rate * (1 + Math.cos((Math.PI * (step - 1)) / steps)) : rate;
      for (let slot = 0; slot < count; slot++) {
        const t = (past[slot] as number) + step;
        const scale = now / (1 - BETA1 ** t);
        const root = 1 / Math.sqrt(1 - BETA2 ** t);
        for (let i = slot * latent; i < (slot + 1) * latent; i++) {
          const g = dz[i] as number;
          const m = (moment1[i] = BETA1 * (moment1[i] as number) + (1 - BETA1) * g);
          const v = (moment2[i] = BETA2 * (moment2[i] as number) + (1 - BETA2) * g * g);
          z[i] = (z[i] as number) - (scale * m) / (Math.sqrt(v) * root + EPSILON);
        }
      }
    }
    for (let slot = 0; slot < count; slot++) {
      const source = state.order[first + slot] as number;
      state.latentSteps[source] = (past[slot] as number) + steps;
      for (let l = 0; l < latent; l++) {
        latents[source * latent + l] = z[slot * latent + l] as number;
        state.latentMoment1[source * latent + l] = moment1[slot * latent + l] as number;
        state.latentMoment2[source * latent + l] = moment2[slot * latent + l] as number;
      }
    }
  }

  /** The losses of one group of sources as they are. */
  function evaluate(group: number): void {
    const first = group * state.slots;
    const last = Math.min(first + state.slots, state.control[CONTROL.taken] as number);
    gradientAddress = 0;
    load(first, last, 1);
    pass(first, last - first, state.control[CONTROL.step] as number);
  }

  return {
    run(index) {
      const task = state.control[CONTROL.task];
      if (task === TASK.gradient) gradient(index);
      else if (task === TASK.latents) fitLatents(index);
      else evaluate(index);
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
export function soloTeam(state: RunState, openLibrary?: OpenLibrary): Team {
  const runner = createRunner(state, 0, openLibrary);
  return {
    run(task, count) {
      announce(state, task, count);
      takeItems(state, runner);
    },
  };
}
