import type { SparseGraph } from "./fuzzy-graph.ts";
import { type GradientTables, lookUp } from "./gradient-table.ts";

/** The pulls of the layout: which edge is due in which epoch. */
export interface EdgeSchedule {
  readonly nRows: number;
  /** Row i's edges are `start[i]..start[i + 1]`. */
  readonly start: Int32Array;
  readonly column: Int32Array;
  /** Epochs from one pull of an edge to the next: 1 for the heaviest edge. */
  readonly period: Float32Array;
  /** Epoch from which each edge is due again; the layout moves it on. */
  readonly due: Float32Array;
}

/** What the layout of one range of rows reads and writes. */
export interface LayoutState {
  /** Coordinates of the rows, row by row; moved. */
  readonly embedding: Float32Array;
  /** Coordinates of the points at the edges' other ends: `embedding` itself, or fixed ones. */
  readonly others: Float32Array;
  readonly nComponents: number;
  readonly schedule: EdgeSchedule;
  readonly tables: GradientTables;
  readonly negativeSampleRate: number;
  /** State of the draws, one word, not 0; moved on. */
  readonly random: Int32Array;
}

/**
 * Schedules each edge so often as its weight asks, the heaviest in every epoch, and leaves out edges too light to
 * come up once in `nEpochs`.
 *
 * @see McInnes, Healy & Melville 2018, arXiv:1802.03426, section 4.2
 */
export function scheduleEdges(graph: SparseGraph, nEpochs: number): EdgeSchedule {
  const { n, start, column, weight } = graph;
  let heaviest = 0;
  for (const value of weight) if (value > heaviest) heaviest = value;
  const least = nEpochs > 0 ? heaviest / nEpochs : 0;
  const starts = new Int32Array(n + 1);
  const columns = new Int32Array(column.length);
  const period = new Float32Array(column.length);
  let to = 0;
  for (let row = 0; row < n; row++) {
    for (let at = start[row]; at < start[row + 1]; at++) {
      if (weight[at] < least) continue;
      columns[to] = column[at];
      period[to++] = heaviest / weight[at];
    }
    starts[row + 1] = to;
  }
  return {
    nRows: n,
    start: starts,
    column: columns.slice(0, to),
    period: period.slice(0, to),
    due: period.slice(0, to),
  };
}

/** How a layout tells how far it is, learns that it should stop, and may be spread over threads. */
export interface LayoutContext {
  report(progress: { done: number; total: number; message?: string }): void;
  stopped(): boolean;
  /**
   * Takes over the epochs of a layout that need not be reproducible, on several threads. Default: none, one thread.
   */
  startTeam?(state: LayoutState): LayoutTeam;
}

/** Threads that share a layout's memory. */
export interface LayoutTeam {
  /** Coordinates in the shared memory; the result. */
  readonly embedding: Float32Array;
  /** One epoch over all rows; returns when all threads have finished it. */
  runEpoch(epoch: number, stepSize: number): void;
  close(): void;
}

/** Least time between reports of the layout, ms. */
const REPORT_MS = 100;

/**
 * Runs the epochs, with a step size that falls to 0 in equal steps; moves `state.embedding`, also where a team did
 * the work.
 */
export function runLayout(
  state: LayoutState,
  options: { nEpochs: number; learningRate: number; team?: LayoutTeam | undefined },
  context: LayoutContext,
): void {
  const { nEpochs, learningRate, team } = options;
  let reported = 0;
  try {
    for (let epoch = 0; epoch < nEpochs && !context.stopped(); epoch++) {
      const stepSize = learningRate * (1 - epoch / nEpochs);
      if (team) team.runEpoch(epoch, stepSize);
      else layoutEpoch(state, 0, state.schedule.nRows, epoch, stepSize);
      if (Date.now() - reported >= REPORT_MS || epoch + 1 === nEpochs) {
        reported = Date.now();
        context.report({ done: epoch + 1, total: nEpochs, message: `layout, epoch ${epoch + 1} of ${nEpochs}` });
      }
    }
    if (team) state.embedding.set(team.embedding);
  } finally {
    team?.close();
  }
}

/**
 * One epoch over rows `from` to `to`: each due edge pulls its ends together, and pushes its row from points drawn at
 * random, `negativeSampleRate` a pull on average.
 */
export function layoutEpoch(state: LayoutState, from: number, to: number, epoch: number, stepSize: number): void {
  if (state.nComponents === 2) planarEpoch(state, from, to, epoch, stepSize);
  else generalEpoch(state, from, to, epoch, stepSize);
}

/** Greatest move along one axis before the step size: keeps near-coincident points from flying off. */
const LIMIT = 4;

function clip(move: number): number {
  return Math.max(-LIMIT, Math.min(LIMIT, move));
}

/** Number of pushes that fall due by an epoch for an edge pulled every `period` epochs. */
function pushesUntil(epoch: number, rate: number, period: number): number {
  return ((epoch * rate) / period) | 0;
}

function planarEpoch(state: LayoutState, from: number, to: number, epoch: number, stepSize: number): void {
  const { embedding, others, negativeSampleRate } = state;
  const { start, column, period, due } = state.schedule;
  const { attraction, repulsion } = state.tables;
  const moveOthers = embedding === others;
  const scale = others.length / 2 / 4294967296;
  let random = state.random[0];
  for (let row = from; row < to; row++) {
    let x = embedding[2 * row];
    let y = embedding[2 * row + 1];
    for (let edge = start[row]; edge < start[row + 1]; edge++) {
      const dueAt = due[edge];
      if (dueAt > epoch) continue;
      const every = period[edge];
      const other = 2 * column[edge];
      const dx = x - others[other];
      const dy = y - others[other + 1];
      const squared = dx * dx + dy * dy;
      if (squared > 0) {
        const pull = lookUp(attraction, squared);
        const moveX = clip(pull * dx) * stepSize;
        const moveY = clip(pull * dy) * stepSize;
        x += moveX;
        y += moveY;
        if (moveOthers) {
          others[other] -= moveX;
          others[other + 1] -= moveY;
        }
      }
      due[edge] = dueAt + every;
      const before = dueAt > every * 1.5 ? pushesUntil(Math.ceil(dueAt - every), negativeSampleRate, every) : 1;
      for (let push = pushesUntil(epoch, negativeSampleRate, every) - before; push > 0; push--) {
        random ^= random << 13;
        random ^= random >>> 17;
        random ^= random << 5;
        const drawn = 2 * (((random >>> 0) * scale) | 0);
        if (moveOthers && drawn === 2 * row) continue;
        const ex = x - others[drawn];
        const ey = y - others[drawn + 1];
        const apart = ex * ex + ey * ey;
        if (apart === 0) continue;
        const force = lookUp(repulsion, apart);
        x += clip(force * ex) * stepSize;
        y += clip(force * ey) * stepSize;
      }
    }
    embedding[2 * row] = x;
    embedding[2 * row + 1] = y;
  }
  state.random[0] = random;
}

function generalEpoch(state: LayoutState, from: number, to: number, epoch: number, stepSize: number): void {
  const { embedding, others, negativeSampleRate, nComponents: d } = state;
  const { start, column, period, due } = state.schedule;
  const { attraction, repulsion } = state.tables;
  const moveOthers = embedding === others;
  const scale = others.length / d / 4294967296;
  let random = state.random[0];
  for (let row = from; row < to; row++) {
    const here = d * row;
    for (let edge = start[row]; edge < start[row + 1]; edge++) {
      const dueAt = due[edge];
      if (dueAt > epoch) continue;
      const every = period[edge];
      const other = d * column[edge];
      const pull = lookUp(attraction, squaredGap(embedding, here, others, other, d));
      for (let j = 0; j < d; j++) {
        const move = clip(pull * (embedding[here + j] - others[other + j])) * stepSize;
        embedding[here + j] += move;
        if (moveOthers) others[other + j] -= move;
      }
      due[edge] = dueAt + every;
      const before = dueAt > every * 1.5 ? pushesUntil(Math.ceil(dueAt - every), negativeSampleRate, every) : 1;
      for (let push = pushesUntil(epoch, negativeSampleRate, every) - before; push > 0; push--) {
        random ^= random << 13;
        random ^= random >>> 17;
        random ^= random << 5;
        const drawn = d * (((random >>> 0) * scale) | 0);
        if (moveOthers && drawn === here) continue;
        const force = lookUp(repulsion, squaredGap(embedding, here, others, drawn, d));
        for (let j = 0; j < d; j++) {
          embedding[here + j] += clip(force * (embedding[here + j] - others[drawn + j])) * stepSize;
        }
      }
    }
  }
  state.random[0] = random;
}

function squaredGap(left: Float32Array, a: number, right: Float32Array, b: number, d: number): number {
  let sum = 0;
  for (let j = 0; j < d; j++) {
    const difference = left[a + j] - right[b + j];
    sum += difference * difference;
  }
  return sum;
}
