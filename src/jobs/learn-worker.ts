import type { Matrix } from "../array/index.ts";
import { anomalyScores, type CompareOptions, compareClassifiers, compareRegressors } from "../learn/index.ts";
import { serveJob } from "./job.ts";

/** What the worker is asked. */
export type LearnTask =
  | {
      readonly kind: "classify";
      readonly features: { readonly [name: string]: Matrix };
      readonly labels: readonly string[];
      readonly options: CompareOptions;
    }
  | {
      readonly kind: "regress";
      readonly features: { readonly [name: string]: Matrix };
      readonly values: Float64Array;
      readonly options: CompareOptions;
    }
  | { readonly kind: "anomalies"; readonly rows: Matrix; readonly options: { readonly nNeighbors?: number } };

serveJob((task: LearnTask, context) => {
  switch (task.kind) {
    case "classify":
      return compareClassifiers(task.features, task.labels, task.options, context);
    case "regress":
      return compareRegressors(task.features, task.values, task.options, context);
    case "anomalies":
      return anomalyScores(task.rows, task.options, context);
  }
});
