import type { Rng } from "../random/index.ts";
import type { RankedRows } from "./ranked-rows.ts";

/** A binary tree in flat arrays; node 0 is the root, a leaf has feature −1. */
export interface DecisionTree {
  readonly feature: Int32Array;
  /** Rows with a smaller value go to `left`, others to `left + 1`. */
  readonly threshold: Float64Array;
  readonly left: Int32Array;
  /** Mean target of the rows that reached a node in training, shape (nodes, outputs). */
  readonly value: Float64Array;
}

/** How a tree grows. */
export interface TreeOptions {
  /** Features tried at each node. */
  readonly maxFeatures: number;
  /** Fewest rows of a leaf. */
  readonly minLeafRows: number;
  readonly rng: Rng;
}

/** What each row is to be told by: shape (rows, outputs). */
export interface Targets {
  readonly data: Float64Array;
  readonly outputs: number;
}

/** Rows of ranks up to `rank` go left. */
interface Split {
  feature: number;
  rank: number;
  threshold: number;
  gain: number;
}

/** Rows that a sort key leaves room for. */
const KEY_ROWS = 2 ** 26;

/**
 * Grows a regression tree with several outputs, to the end: until no split lowers the squared error.
 *
 * With one output per class, 1 for the row's own and 0 for others, the squared error is Gini's impurity, so the same
 * tree classifies.
 *
 * @param sample Rows to grow on; a row may come more than once. Reordered.
 * @see Breiman et al. 1984, Classification and Regression Trees.
 */
export function growTree(table: RankedRows, targets: Targets, sample: Int32Array, options: TreeOptions): DecisionTree {
  return new Growth(table, targets, sample, options).grow();
}

class Growth {
  readonly #table: RankedRows;
  readonly #targets: Targets;
  readonly #sample: Int32Array;
  readonly #options: TreeOptions;
  readonly #feature: number[] = [];
  readonly #threshold: number[] = [];
  readonly #left: number[] = [];
  readonly #value: number[] = [];
  readonly #order: Uint32Array;
  readonly #keys: Float64Array;
  readonly #total: Float64Array;
  readonly #below: Float64Array;
  readonly #spare: Int32Array;

  constructor(table: RankedRows, targets: Targets, sample: Int32Array, options: TreeOptions) {
    this.#table = table;
    this.#targets = targets;
    this.#sample = sample;
    this.#options = options;
    this.#order = Uint32Array.from({ length: table.features }, (_, j) => j);
    this.#keys = new Float64Array(sample.length);
    this.#total = new Float64Array(targets.outputs);
    this.#below = new Float64Array(targets.outputs);
    this.#spare = new Int32Array(sample.length);
  }

  grow(): DecisionTree {
    const open = [{ node: this.#addNode(), from: 0, to: this.#sample.length }];
    for (let task = open.pop(); task; task = open.pop()) {
      const { node, from, to } = task;
      this.#sumUp(from, to);
      for (let o = 0; o < this.#targets.outputs; o++) {
        this.#value[node * this.#targets.outputs + o] = this.#total[o]! / (to - from);
      }
      const split = this.#bestSplit(from, to);
      if (!split) continue;
      const middle = this.#partition(from, to, split);
      const left = this.#addNode();
      this.#addNode();
      this.#feature[node] = split.feature;
      this.#threshold[node] = split.threshold;
      this.#left[node] = left;
      open.push({ node: left + 1, from: middle, to }, { node: left, from, to: middle });
    }
    return {
      feature: Int32Array.from(this.#feature),
      threshold: Float64Array.from(this.#threshold),
      left: Int32Array.from(this.#left),
      value: Float64Array.from(this.#value),
    };
  }

  #addNode(): number {
    this.#threshold.push(0);
    this.#left.push(0);
    for (let o = 0; o < this.#targets.outputs; o++) this.#value.push(0);
    return this.#feature.push(-1) - 1;
  }

  #sumUp(from: number, to: number): void {
    const { data, outputs } = this.#targets;
    this.#total.fill(0);
    for (let i = from; i < to; i++) {
      const at = this.#sample[i]! * outputs;
      for (let o = 0; o < outputs; o++) this.#total[o]! += data[at + o]!;
    }
  }

  /** The best split over features in random order: at least `maxFeatures` of them, more until one can be split. */
  #bestSplit(from: number, to: number): Split | undefined {
    const { maxFeatures, minLeafRows, rng } = this.#options;
    if (to - from < 2 * minLeafRows) return undefined;
    const best: Split = { feature: -1, rank: 0, threshold: 0, gain: 0 };
    const order = this.#order;
    for (let tried = 0; tried < order.length; tried++) {
      if (tried >= maxFeatures && best.feature >= 0) break;
      const other = tried + rng.integer(order.length - tried);
      const feature = order[other]!;
      order[other] = order[tried]!;
      order[tried] = feature;
      this.#tryFeature(feature, from, to, best);
    }
    return best.feature < 0 ? undefined : best;
  }

  /** Rows of a node by ascending rank, as keys that hold rank and row. */
  #sorted(feature: number, from: number, to: number): Float64Array {
    const { rank, rows } = this.#table;
    const keys = this.#keys.subarray(0, to - from);
    for (let i = from; i < to; i++) {
      const row = this.#sample[i]!;
      keys[i - from] = rank[feature * rows + row]! * KEY_ROWS + row;
    }
    return keys.sort();
  }

  #tryFeature(feature: number, from: number, to: number, best: Split): void {
    const { data, outputs } = this.#targets;
    const [below, total] = [this.#below, this.#total];
    const { minLeafRows } = this.#options;
    const keys = this.#sorted(feature, from, to);
    let whole = 0;
    for (let o = 0; o < outputs; o++) whole += total[o]! ** 2;
    whole /= to - from;
    // What rounding leaves of an impurity of nothing is no gain.
    const least = 1e-12 * (1 + whole);
    below.fill(0);
    let rank = Math.floor(keys[0]! / KEY_ROWS);
    for (let i = 0; i < keys.length - 1; i++) {
      const at = (keys[i]! % KEY_ROWS) * outputs;
      let [low, high] = [0, 0];
      for (let o = 0; o < outputs; o++) {
        below[o]! += data[at + o]!;
        low += below[o]! ** 2;
        high += (total[o]! - below[o]!) ** 2;
      }
      const left = rank;
      rank = Math.floor(keys[i + 1]! / KEY_ROWS);
      const rows = i + 1;
      const rest = keys.length - rows;
      if (rank === left || rows < minLeafRows || rest < minLeafRows) continue;
      const gain = low / rows + high / rest - whole;
      if (gain <= best.gain || gain <= least) continue;
      const distinct = this.#table.distinct[feature]!;
      Object.assign(best, { feature, rank: left, threshold: between(distinct[left]!, distinct[rank]!), gain });
    }
  }

  /** Brings the rows of the left side to the front, each side in its order; returns where the right one begins. */
  #partition(from: number, to: number, { feature, rank }: Split): number {
    const column = feature * this.#table.rows;
    let [left, right] = [from, 0];
    for (let i = from; i < to; i++) {
      const row = this.#sample[i]!;
      if (this.#table.rank[column + row]! <= rank) this.#sample[left++] = row;
      else this.#spare[right++] = row;
    }
    this.#sample.set(this.#spare.subarray(0, right), left);
    return left;
  }
}

/** A number above `low` and not above `high`, halfway where there is one. */
function between(low: number, high: number): number {
  const middle = 0.5 * (low + high);
  return middle > low ? middle : high;
}

/** Adds a tree's answer for a row, which starts at `at` in `values`, to `out`. */
export function addAnswer(tree: DecisionTree, values: Float64Array, at: number, out: Float64Array): void {
  let node = 0;
  while (tree.feature[node]! >= 0) {
    node = tree.left[node]! + (values[at + tree.feature[node]!]! < tree.threshold[node]! ? 0 : 1);
  }
  for (let o = 0; o < out.length; o++) out[o]! += tree.value[node * out.length + o]!;
}
