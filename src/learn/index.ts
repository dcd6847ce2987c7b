/**
 * What an embedding is good for: forests, oversampling, splits by source, scores with limits, and anomalies.
 *
 * @module
 */
export { anomalyScores } from "./anomaly.ts";
export { bootstrapEstimates, type Estimate } from "./bootstrap.ts";
export {
  type Answers,
  type CompareOptions,
  compareClassifiers,
  compareRegressors,
  type FeatureSets,
  rowGroups,
} from "./compare.ts";
export { type ComparedAnswer, Comparison } from "./comparison.ts";
export { groupFolds } from "./folds.ts";
export {
  type ForestClassifier,
  type ForestOptions,
  type ForestRegressor,
  growClassifier,
  growRegressor,
} from "./random-forest.ts";
export {
  type ClassificationScores,
  type ClassScore,
  classificationScores,
  type RegressionScores,
  regressionScores,
} from "./scores.ts";
export { type LabelledRows, smote } from "./smote.ts";
