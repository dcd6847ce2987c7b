import { countOf, finiteMatrix, type Matrix, type Rows } from "../array/index.ts";
import {
  type Answers,
  type CompareOptions,
  Comparison,
  classificationScores,
  type FeatureSets,
  growClassifier,
  growRegressor,
  regressionScores,
  rowGroups,
  smote,
} from "../learn/index.ts";
import { workerModule } from "./job.ts";
import type { LearnTask } from "./learn-worker.ts";
import { runShownJob, type ShownJobOptions, splitJobOptions } from "./shown-job.ts";

const WORKER = workerModule(import.meta.url, "./learn-worker");

function asMatrices(features: FeatureSets): { [name: string]: Matrix } {
  return Object.fromEntries(
    Object.entries(features).map(([name, rows]) => [name, finiteMatrix(`compare features "${name}"`, rows)]),
  );
}

/**
 * How well classes can be told from each kind of features: random forests on the same splits by group, beside the
 * most frequent class; accuracy, balanced accuracy and macro F1 with 95 % limits. Off the calling thread.
 *
 * @param features One table per kind, a row for each label, all finite.
 * @param labels Class of each row.
 * @throws {RangeError} If a feature is not finite, or numbers of rows differ.
 * @example
 * await learn.classify({ latents: model.latents, handMade }, kinds, { groups: names, seed: 1 });
 */
async function classify(
  features: FeatureSets,
  labels: readonly string[],
  options: CompareOptions & ShownJobOptions = {},
): Promise<Comparison<readonly string[]>> {
  const { settings, watching } = splitJobOptions(options);
  const input: LearnTask = { kind: "classify", features: asMatrices(features), labels, options: settings };
  const { names, predicted } = await runShownJob<LearnTask, Answers<readonly string[]>>(
    { title: "Classification", worker: WORKER, input },
    watching,
  );
  return new Comparison({
    title: `Classes told apart: ${countOf(new Set(labels).size, "class", "classes")}, ${countOf(labels.length, "row")}`,
    answers: names.map((name, i) => ({ name, predicted: predicted[i]! })),
    groups: rowGroups(settings, labels.length),
    metrics: ["accuracy", "balanced accuracy", "macro F1"],
    score: (answers, rows) => {
      const { accuracy, balancedAccuracy, macroF1 } = classificationScores(labels, answers, rows);
      return [accuracy, balancedAccuracy, macroF1];
    },
    seed: settings.seed ?? 0,
  });
}

/**
 * How well a number can be predicted from each kind of features: random forests on the same splits by group, beside
 * the mean; R² and mean squared error with 95 % limits. Off the calling thread.
 *
 * @param features One table per kind, a row for each number, all finite.
 * @param values Number of each row, all finite.
 * @throws {RangeError} If a feature or a number is not finite, or numbers of rows differ.
 * @example
 * await learn.regress({ latents: model.latents }, csc.column("hard_ms").values, { groups: names });
 */
async function regress(
  features: FeatureSets,
  values: ArrayLike<number>,
  options: CompareOptions & ShownJobOptions = {},
): Promise<Comparison<Float64Array>> {
  const { settings, watching } = splitJobOptions(options);
  const truth = Float64Array.from(values);
  const input: LearnTask = { kind: "regress", features: asMatrices(features), values: truth, options: settings };
  const { names, predicted } = await runShownJob<LearnTask, Answers<Float64Array>>(
    { title: "Regression", worker: WORKER, input },
    watching,
  );
  return new Comparison({
    title: `A number predicted: ${countOf(truth.length, "row")}`,
    answers: names.map((name, i) => ({ name, predicted: predicted[i]! })),
    groups: rowGroups(settings, truth.length),
    metrics: ["R²", "mean squared error"],
    score: (answers, rows) => {
      const { r2, mse } = regressionScores(truth, answers, rows);
      return [r2, mse];
    },
    seed: settings.seed ?? 0,
  });
}

/**
 * How far each row lies from its nearest neighbours, off the calling thread; see `anomalyScores`.
 *
 * @returns One distance per row, in the rows' own unit.
 * @example
 * const score = await learn.anomalies(model.latents);
 */
async function anomalies(
  rows: Rows,
  options: { readonly nNeighbors?: number } & ShownJobOptions = {},
): Promise<Float64Array> {
  const { settings, watching } = splitJobOptions(options);
  const input: LearnTask = { kind: "anomalies", rows: finiteMatrix("score anomalies", rows), options: settings };
  return runShownJob<LearnTask, Float64Array>({ title: "Anomalies", worker: WORKER, input }, watching);
}

/** What an embedding is good for: classes, numbers and anomalies, each beside what is trivial. */
export const learn = { classify, regress, anomalies, growClassifier, growRegressor, smote } as const;
