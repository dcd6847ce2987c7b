import { Worker } from "node:worker_threads";
import { type LayoutState, type LayoutTeam, layoutEpoch } from "../umap/index.ts";
import { workerModule } from "./job.ts";

/** Places in the control block. */
const CONTROL = { turn: 0, nextRow: 1, ready: 2, finished: 3, exit: 4, failed: 5 } as const;
const CONTROL_LENGTH = 6;

/** Rows that a thread takes at a time: threads that others slow down take fewer. */
const CHUNK = 512;

/** What the threads of a layout share. */
export interface SharedLayout {
  readonly state: LayoutState;
  readonly control: Int32Array;
  /** Epoch and step size of the present turn. */
  readonly turn: Float64Array;
}

/**
 * Spreads a layout over threads that move the same points without locks. Moves now and then overwrite one another,
 * which costs no quality but makes every run a little different.
 *
 * @param threads The calling thread, which must be a worker because it waits, and `threads − 1` helpers.
 * @see Niu, Recht, Ré & Wright 2011, NIPS: HOGWILD!
 */
export function startLayoutTeam(state: LayoutState, threads: number): LayoutTeam {
  const embedding = shared(state.embedding);
  const { nRows, start, column, period, due } = state.schedule;
  const layout: SharedLayout = {
    state: {
      ...state,
      embedding,
      others: embedding,
      schedule: {
        nRows,
        start: shared(start),
        column: shared(column),
        period: shared(period),
        due: shared(due),
      },
    },
    control: shared(new Int32Array(CONTROL_LENGTH)),
    turn: shared(new Float64Array(2)),
  };
  const { control, turn } = layout;
  const helpers = Array.from({ length: threads - 1 }, (_, i) => {
    const random = Int32Array.of((state.random[0] ^ Math.imul(i + 1, 0x9e3779b9)) | 1);
    const workerData: SharedLayout = { ...layout, state: { ...layout.state, random } };
    return new Worker(workerModule(import.meta.url, "./umap-helper"), { workerData });
  });
  return {
    embedding,
    runEpoch(epoch, stepSize) {
      turn[0] = epoch;
      turn[1] = stepSize;
      Atomics.store(control, CONTROL.nextRow, 0);
      Atomics.store(control, CONTROL.finished, 0);
      const helping = Atomics.load(control, CONTROL.ready);
      Atomics.add(control, CONTROL.turn, 1);
      Atomics.notify(control, CONTROL.turn);
      takeRows(layout);
      for (;;) {
        const finished = Atomics.load(control, CONTROL.finished);
        if (Atomics.load(control, CONTROL.failed) === 1) {
          throw new Error("Cannot fit UMAP: a helper thread failed: its error is on the standard error stream");
        }
        if (finished >= helping) return;
        Atomics.wait(control, CONTROL.finished, finished, 1000);
      }
    },
    close() {
      Atomics.store(control, CONTROL.exit, 1);
      Atomics.add(control, CONTROL.turn, 1);
      Atomics.notify(control, CONTROL.turn);
      for (const helper of helpers) helper.unref();
    },
  };
}

/**
 * A helper's life: joins in, works on each epoch that is called out, ends when told to. One that joins in the middle
 * of an epoch may work on the next before it is waited for, which does no harm.
 */
export function helpWithLayout(layout: SharedLayout): void {
  try {
    helpUntilExit(layout);
  } catch (error) {
    Atomics.store(layout.control, CONTROL.failed, 1);
    Atomics.notify(layout.control, CONTROL.finished);
    throw error;
  }
}

function helpUntilExit(layout: SharedLayout): void {
  const { control } = layout;
  let seen = Atomics.load(control, CONTROL.turn);
  Atomics.add(control, CONTROL.ready, 1);
  for (;;) {
    Atomics.wait(control, CONTROL.turn, seen);
    seen = Atomics.load(control, CONTROL.turn);
    if (Atomics.load(control, CONTROL.exit) === 1) return;
    takeRows(layout);
    Atomics.add(control, CONTROL.finished, 1);
    Atomics.notify(control, CONTROL.finished);
  }
}

/** Works on chunks of rows until none is left. */
function takeRows({ state, control, turn }: SharedLayout): void {
  const { nRows } = state.schedule;
  for (;;) {
    const from = Atomics.add(control, CONTROL.nextRow, CHUNK);
    if (from >= nRows) return;
    layoutEpoch(state, from, Math.min(from + CHUNK, nRows), turn[0], turn[1]);
  }
}

/** A copy in memory that threads share. */
function shared<T extends Float32Array | Float64Array | Int32Array>(array: T): T {
  const Type = array.constructor as new (buffer: SharedArrayBuffer) => T;
  const out = new Type(new SharedArrayBuffer(array.byteLength));
  out.set(array);
  return out;
}
