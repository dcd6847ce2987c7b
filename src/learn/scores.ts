/** How well one class was found. */
export interface ClassScore {
  readonly name: string;
  /** Share of the rows called this class that are of it; 0 where none was called so. */
  readonly precision: number;
  /** Share of the rows of this class that were called so. */
  readonly recall: number;
  /** Harmonic mean of the two. */
  readonly f1: number;
  /** Rows of this class. */
  readonly support: number;
}

/** How well classes were told apart. */
export interface ClassificationScores {
  /** Share of rows that are right. */
  readonly accuracy: number;
  /** Mean recall of the classes that occur: 1/classes for any constant answer. */
  readonly balancedAccuracy: number;
  /** Mean F1 of the classes that occur. */
  readonly macroF1: number;
  readonly classes: readonly ClassScore[];
}

/** How well a number was predicted. */
export interface RegressionScores {
  /** Mean squared error, the number's unit squared. */
  readonly mse: number;
  /** Share of the variance explained: 1 − mse/variance, 0 for the mean of the rows themselves. */
  readonly r2: number;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * Accuracy, balanced accuracy, F1 and each class's precision and recall.
 *
 * @param rows Which rows count; a row may come more than once. Default: all.
 */
export function classificationScores(
  truth: readonly string[],
  predicted: readonly string[],
  rows: ArrayLike<number> = truth.map((_, row) => row),
): ClassificationScores {
  const tally = new Map<string, { right: number; called: number; support: number }>();
  const of = (name: string) => {
    const known = tally.get(name);
    if (known) return known;
    const fresh = { right: 0, called: 0, support: 0 };
    tally.set(name, fresh);
    return fresh;
  };
  let right = 0;
  for (let i = 0; i < rows.length; i++) {
    const [is, called] = [truth[rows[i]!]!, predicted[rows[i]!]!];
    of(is).support++;
    of(called).called++;
    if (is !== called) continue;
    of(is).right++;
    right++;
  }
  const classes = [...tally]
    .filter(([, { support }]) => support > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { right, called, support }]) => ({
      name,
      precision: called > 0 ? right / called : 0,
      recall: right / support,
      f1: (2 * right) / (called + support),
      support,
    }));
  return {
    accuracy: right / rows.length,
    balancedAccuracy: mean(classes.map(({ recall }) => recall)),
    macroF1: mean(classes.map(({ f1 }) => f1)),
    classes,
  };
}

/**
 * Mean squared error and explained share of the variance.
 *
 * @param rows Which rows count; a row may come more than once. Default: all.
 */
export function regressionScores(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  rows: ArrayLike<number> = Array.from(truth, (_, row) => row),
): RegressionScores {
  let [sum, error, spread] = [0, 0, 0];
  for (let i = 0; i < rows.length; i++) sum += truth[rows[i]!]!;
  const centre = sum / rows.length;
  for (let i = 0; i < rows.length; i++) {
    error += (truth[rows[i]!]! - predicted[rows[i]!]!) ** 2;
    spread += (truth[rows[i]!]! - centre) ** 2;
  }
  return { mse: error / rows.length, r2: 1 - error / spread };
}
