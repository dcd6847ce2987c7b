import { finiteMatrix, type Matrix, type Rows } from "../array/index.ts";
import { Rng } from "../random/index.ts";
import { addAnswer, type DecisionTree, growTree, type Targets } from "./decision-tree.ts";
import { rankRows } from "./ranked-rows.ts";

/** How a forest grows. */
export interface ForestOptions {
  /** Trees. Default 100. */
  readonly nTrees?: number;
  /** Features tried at each split. Default: √features to classify, all for a number, as scikit-learn has it. */
  readonly maxFeatures?: number;
  /** Fewest rows of a leaf. Default 1. */
  readonly minLeafRows?: number;
  /** The same seed gives the same forest. Default 0. */
  readonly seed?: number;
}

function checkCount(name: string, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= most) return;
  throw new RangeError(`Cannot grow a forest: ${name} must be an integer within 1–${most}: current value is ${value}`);
}

/** Means over trees, each grown on rows drawn with replacement. */
class Forest {
  readonly #trees: readonly DecisionTree[];
  readonly #features: number;
  readonly #outputs: number;

  constructor(table: Matrix<Float64Array>, targets: Targets, options: Required<ForestOptions>) {
    const [n, d] = table.shape;
    checkCount("nTrees", options.nTrees, 100_000);
    checkCount("maxFeatures", options.maxFeatures, d);
    checkCount("minLeafRows", options.minLeafRows, n);
    const ranked = rankRows(table);
    this.#features = d;
    this.#outputs = targets.outputs;
    this.#trees = Array.from({ length: options.nTrees }, (_, index) => {
      const rng = new Rng(options.seed, index);
      const sample = Int32Array.from({ length: n }, () => rng.integer(n));
      return growTree(ranked, targets, sample, { ...options, rng });
    });
  }

  /** Mean answers, shape (rows, outputs). */
  answers(rows: Rows): Matrix<Float64Array> {
    const { data, shape } = finiteMatrix("ask a forest", rows);
    if (shape[1] !== this.#features) {
      throw new RangeError(
        `Cannot ask a forest: rows must have the ${this.#features} features it was grown on: current number is ${shape[1]}`,
      );
    }
    const out = new Float64Array(shape[0] * this.#outputs);
    for (let i = 0; i < shape[0]; i++) {
      const own = out.subarray(i * this.#outputs, (i + 1) * this.#outputs);
      for (const tree of this.#trees) addAnswer(tree, data, i * shape[1], own);
      for (let o = 0; o < own.length; o++) own[o]! /= this.#trees.length;
    }
    return { data: out, shape: [shape[0], this.#outputs] };
  }
}

function checkTargets(action: string, rows: number, targets: number): void {
  if (rows === targets) return;
  throw new RangeError(`Cannot ${action}: targets must have one value per row, ${rows}: current number is ${targets}`);
}

/** A random forest that tells classes apart. Make one with `growClassifier`. */
export class ForestClassifier {
  /** Names, in the order of the columns of `probabilities`. */
  readonly classes: readonly string[];
  readonly #forest: Forest;

  constructor(rows: Rows, labels: readonly string[], options: ForestOptions = {}) {
    const table = finiteMatrix("grow a classifier", rows);
    const [n, d] = table.shape;
    checkTargets("grow a classifier", n, labels.length);
    this.classes = [...new Set(labels)].sort();
    const outputs = this.classes.length;
    const data = new Float64Array(n * outputs);
    labels.forEach((label, i) => {
      data[i * outputs + this.classes.indexOf(label)] = 1;
    });
    const maxFeatures = Math.max(1, Math.floor(Math.sqrt(d)));
    const all = { nTrees: 100, maxFeatures, minLeafRows: 1, seed: 0, ...options };
    this.#forest = new Forest(table, { data, outputs }, all);
  }

  /** Share of each class in the leaves a row falls into, mean over trees; shape (rows, classes), rows add up to 1. */
  probabilities(rows: Rows): Matrix<Float64Array> {
    return this.#forest.answers(rows);
  }

  /** The most probable class of each row; among equals the first by name. */
  predict(rows: Rows): string[] {
    const { data, shape } = this.probabilities(rows);
    return Array.from({ length: shape[0] }, (_, i) => {
      const own = data.subarray(i * shape[1], (i + 1) * shape[1]);
      return this.classes[own.indexOf(Math.max(...own))]!;
    });
  }
}

/** A random forest that predicts a number. Make one with `growRegressor`. */
export class ForestRegressor {
  readonly #forest: Forest;

  constructor(rows: Rows, values: ArrayLike<number>, options: ForestOptions = {}) {
    const table = finiteMatrix("grow a regressor", rows);
    checkTargets("grow a regressor", table.shape[0], values.length);
    const { data } = finiteMatrix(
      "grow a regressor",
      Array.from(values, (value) => [value]),
    );
    const all = { nTrees: 100, maxFeatures: table.shape[1], minLeafRows: 1, seed: 0, ...options };
    this.#forest = new Forest(table, { data, outputs: 1 }, all);
  }

  /** Mean over the trees' answers for each row. */
  predict(rows: Rows): Float64Array {
    return this.#forest.answers(rows).data;
  }
}

/**
 * Grows a random forest that tells classes apart.
 *
 * @param rows Features, shape (n, d), all finite.
 * @param labels Class of each row.
 * @throws {RangeError} If a feature is not finite, or labels are not one per row.
 * @see Breiman 2001, Machine Learning 45, 5
 * @example growClassifier(model.latents, kinds).predict(newLatents)
 */
export function growClassifier(rows: Rows, labels: readonly string[], options: ForestOptions = {}): ForestClassifier {
  return new ForestClassifier(rows, labels, options);
}

/**
 * Grows a random forest that predicts a number.
 *
 * @param rows Features, shape (n, d), all finite.
 * @param values Number to predict for each row, all finite.
 * @throws {RangeError} If a feature or value is not finite, or values are not one per row.
 * @see Breiman 2001, Machine Learning 45, 5
 */
export function growRegressor(rows: Rows, values: ArrayLike<number>, options: ForestOptions = {}): ForestRegressor {
  return new ForestRegressor(rows, values, options);
}
