import { DISPLAY } from "../host/index.ts";
import { escapeMarkup } from "../plot/index.ts";
import { bootstrapEstimates, type Estimate } from "./bootstrap.ts";

/** One way to answer, and how good its answers are. */
export interface ComparedAnswer<Answers> {
  /** Name of the features, or what the trivial answer is. */
  readonly name: string;
  /** Answer for each row, given by a forest that saw no row of the same group. */
  readonly predicted: Answers;
}

/** What a comparison is made of. */
export interface ComparisonParts<Answers> {
  /** What was asked, for the title. */
  readonly title: string;
  readonly answers: readonly ComparedAnswer<Answers>[];
  readonly groups: readonly (string | number)[];
  /** Names of the scores, in the order `score` gives them. */
  readonly metrics: readonly string[];
  /** Scores of answers on some rows. */
  readonly score: (predicted: Answers, rows: Uint32Array) => readonly number[];
  readonly seed: number;
}

/** Probability within the limits that are shown. */
const LEVEL = 0.95;

/** Kinds of features beside each other, on the same splits by group, each score with its 95 % limits. */
export class Comparison<Answers = readonly string[] | Float64Array> {
  readonly title: string;
  readonly answers: readonly ComparedAnswer<Answers>[];
  readonly metrics: readonly string[];
  readonly #parts: ComparisonParts<Answers>;
  readonly #estimates: readonly (readonly Estimate[])[];

  constructor(parts: ComparisonParts<Answers>) {
    this.title = parts.title;
    this.answers = parts.answers;
    this.metrics = parts.metrics;
    this.#parts = parts;
    const { groups, seed } = parts;
    this.#estimates = parts.answers.map(({ predicted }) =>
      bootstrapEstimates(groups, (rows) => parts.score(predicted, rows), { level: LEVEL, seed }),
    );
  }

  #indices(name: string, metric: string): [answer: number, metric: number] {
    const answer = this.answers.findIndex((one) => one.name === name);
    const column = this.metrics.indexOf(metric);
    if (answer < 0 || column < 0) {
      const [wrong, allowed] =
        answer < 0 ? [name, this.answers.map((one) => one.name)] : [metric, this.metrics as readonly string[]];
      throw new RangeError(
        `Cannot look into a comparison: names must be among ${allowed.join(", ")}: current value is "${wrong}"`,
      );
    }
    return [answer, column];
  }

  /**
   * A score of one kind of features with its 95 % limits.
   *
   * @throws {RangeError} If there is no such kind or score.
   */
  score(name: string, metric: string): Estimate {
    const [answer, column] = this.#indices(name, metric);
    return this.#estimates[answer]![column]!;
  }

  /**
   * How much the score of one kind exceeds another's, with 95 % limits from the same resampled groups: limits that
   * leave out 0 mean a difference.
   */
  difference(name: string, other: string, metric: string): Estimate {
    const [first, column] = this.#indices(name, metric);
    const [second] = this.#indices(other, metric);
    const { answers, groups, score, seed } = this.#parts;
    const of = (answer: number, rows: Uint32Array) => score(answers[answer]!.predicted, rows)[column]!;
    return bootstrapEstimates(groups, (rows) => [of(first, rows) - of(second, rows)], { level: LEVEL, seed })[0]!;
  }

  [DISPLAY](): { "text/html": string; "text/plain": string } {
    const text = ({ value, low, high }: Estimate) => [value, low, high].map((number) => number.toFixed(3)) as string[];
    const plain = this.answers.map(
      ({ name }, i) =>
        `  ${name}: ${this.metrics
          .map((metric, k) => {
            const [value, low, high] = text(this.#estimates[i]![k]!);
            return `${metric} ${value} (${low} to ${high})`;
          })
          .join(", ")}`,
    );
    const rows = this.answers.map(({ name }, i) => {
      const cells = this.#estimates[i]!.map((estimate) => {
        const [value, low, high] = text(estimate);
        return `<td style="text-align:right"><b>${value}</b> <span style="opacity:.7">${low} – ${high}</span></td>`;
      });
      return `<tr><th style="text-align:left">${escapeMarkup(name)}</th>${cells.join("")}</tr>`;
    });
    const head = this.metrics.map((metric) => `<th style="text-align:right">${escapeMarkup(metric)}</th>`).join("");
    const note = `95 % limits: bootstrap over ${new Set(this.#parts.groups).size} groups`;
    return {
      "text/plain": [this.title, ...plain, note].join("\n"),
      "text/html":
        `<div><b>${escapeMarkup(this.title)}</b><table><thead><tr><th></th>${head}</tr></thead>` +
        `<tbody>${rows.join("")}</tbody></table><div style="font-size:85%;opacity:.75">${note}</div></div>`,
    };
  }
}
