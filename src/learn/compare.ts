import { finiteMatrix, type Matrix, type Rows } from "../array/index.ts";
import { groupFolds } from "./folds.ts";
import { pickRows } from "./pick-rows.ts";
import { type ForestOptions, growClassifier, growRegressor } from "./random-forest.ts";
import { smote } from "./smote.ts";

/** Features to compare, each with one row per answer wanted: `{ latents: model.latents, handMade }`. */
export type FeatureSets = { readonly [name: string]: Rows };

/** How features are compared. */
export interface CompareOptions {
  /** What each row belongs to; all rows of a group are on one side of every split. Default: each row its own. */
  readonly groups?: readonly (string | number)[];
  /** Splits: each group is asked about once, by a forest grown on the other folds. Default 5. */
  readonly folds?: number;
  /** Fills small classes up in training, never in testing; see `smote`. Default "none". */
  readonly oversample?: "none" | "smote";
  /** The forest's trees, features, leaves. */
  readonly forest?: Omit<ForestOptions, "seed">;
  /** Seed of splits, forests and limits. Default 0. */
  readonly seed?: number;
}

/** How to watch and stop a comparison. */
export interface CompareContext {
  report(progress: { done: number; total: number; message?: string }): void;
  stopped(): boolean;
}

/** Out-of-fold answers, one entry for each kind of features; the trivial answer first. */
export interface Answers<T> {
  readonly names: readonly string[];
  readonly predicted: readonly T[];
}

/** What each row belongs to: as the options say, or itself. */
export function rowGroups({ groups }: CompareOptions, rows: number): readonly (string | number)[] {
  return groups ?? Array.from({ length: rows }, (_, row) => row);
}

interface Split {
  readonly train: readonly number[];
  readonly test: readonly number[];
}

function splits(rows: number, options: CompareOptions, strata?: readonly string[]): Split[] {
  const { folds = 5, seed = 0 } = options;
  const groups = rowGroups(options, rows);
  if (groups.length !== rows) {
    throw new RangeError(
      `Cannot compare features: groups must have one value per row, ${rows}: current number is ${groups.length}`,
    );
  }
  const foldOf = groupFolds(groups, { folds, strata, seed });
  const all = Array.from(foldOf.keys());
  return Array.from({ length: folds }, (_, fold) => ({
    train: all.filter((row) => foldOf[row] !== fold),
    test: all.filter((row) => foldOf[row] === fold),
  }));
}

function prepare(features: FeatureSets, rows: number): [name: string, table: Matrix<Float64Array>][] {
  const sets = Object.entries(features).map(([name, given]): [string, Matrix<Float64Array>] => {
    const table = finiteMatrix(`compare features "${name}"`, given);
    if (table.shape[0] !== rows) {
      throw new RangeError(
        `Cannot compare features: "${name}" must have ${rows} rows, one per target: current number is ${table.shape[0]}`,
      );
    }
    return [name, table];
  });
  if (sets.length > 0) return sets;
  throw new RangeError("Cannot compare features: at least one kind must be given: current number is 0");
}

/** Calls `work` for every split of every kind of features; throws if stopped, as half an answer answers nothing. */
function eachSplit(
  sets: readonly [name: string, table: Matrix<Float64Array>][],
  parts: readonly Split[],
  context: CompareContext,
  work: (table: Matrix<Float64Array>, split: Split, set: number, seed: number) => void,
): void {
  const total = sets.length * parts.length;
  sets.forEach(([name, table], set) => {
    parts.forEach((split, fold) => {
      if (context.stopped()) throw new Error("Cannot compare features: stopped before every split was done");
      work(table, split, set, fold);
      context.report({ done: set * parts.length + fold + 1, total, message: `${name}, fold ${fold + 1}` });
    });
  });
}

/**
 * Classes predicted from each kind of features by random forests, on the same splits by group, beside the most
 * frequent class of the training rows.
 *
 * @throws {RangeError} If a feature is not finite, or numbers of rows differ.
 */
export function compareClassifiers(
  features: FeatureSets,
  labels: readonly string[],
  options: CompareOptions,
  context: CompareContext,
): Answers<readonly string[]> {
  const sets = prepare(features, labels.length);
  const { oversample = "none", forest = {}, seed = 0 } = options;
  const parts = splits(labels.length, options, labels);
  const most: string[] = Array(labels.length).fill("");
  for (const { train, test } of parts) {
    const counts = new Map<string, number>();
    for (const row of train) counts.set(labels[row]!, (counts.get(labels[row]!) ?? 0) + 1);
    const [[frequent] = [""]] = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
    for (const row of test) most[row] = frequent;
  }
  const predicted = sets.map((): string[] => Array(labels.length).fill(""));
  eachSplit(sets, parts, context, (table, { train, test }, set, fold) => {
    const own = { rows: pickRows(table, train), labels: train.map((row) => labels[row]!) };
    const grown = oversample === "smote" ? smote(own.rows, own.labels, { seed: seed + fold }) : own;
    const answers = growClassifier(grown.rows, grown.labels, { ...forest, seed: seed + fold }).predict(
      pickRows(table, test),
    );
    test.forEach((row, i) => {
      predicted[set]![row] = answers[i]!;
    });
  });
  return { names: ["most frequent class", ...sets.map(([name]) => name)], predicted: [most, ...predicted] };
}

/**
 * Numbers predicted from each kind of features by random forests, on the same splits by group, beside the mean of the
 * training rows.
 *
 * @throws {RangeError} If a feature or a number is not finite, or numbers of rows differ.
 */
export function compareRegressors(
  features: FeatureSets,
  values: ArrayLike<number>,
  options: CompareOptions,
  context: CompareContext,
): Answers<Float64Array> {
  const sets = prepare(features, values.length);
  const { forest = {}, seed = 0 } = options;
  const parts = splits(values.length, options);
  const means = new Float64Array(values.length);
  for (const { train, test } of parts) {
    const mean = train.reduce((sum, row) => sum + values[row]!, 0) / train.length;
    for (const row of test) means[row] = mean;
  }
  const predicted = sets.map(() => new Float64Array(values.length));
  eachSplit(sets, parts, context, (table, { train, test }, set, fold) => {
    const own = Float64Array.from(train, (row) => values[row]!);
    const answers = growRegressor(pickRows(table, train), own, { ...forest, seed: seed + fold }).predict(
      pickRows(table, test),
    );
    test.forEach((row, i) => {
      predicted[set]![row] = answers[i]!;
    });
  });
  return { names: ["mean", ...sets.map(([name]) => name)], predicted: [means, ...predicted] };
}
