import { countOf, type Matrix } from "../array/index.ts";
import { DISPLAY } from "../host/index.ts";
import { escapeMarkup, formatNumber } from "../plot/index.ts";
import { parameterTable } from "../spectra/index.ts";
import type { PosteriorSamples } from "./fit.ts";

/** A credible interval. */
export interface CredibleInterval {
  readonly name: string;
  readonly lower: number;
  readonly median: number;
  readonly upper: number;
}

/** A parameter's interval for a table. */
export interface IntervalRow {
  readonly name: string;
  readonly value: string;
  readonly unit: string;
}

/** The samples of a posterior. Shows itself as medians with their central 68 % and what the chain is worth. */
export class PileupPosterior implements PosteriorSamples {
  readonly names: readonly string[];
  readonly samples: Matrix;
  readonly logProbability: Float64Array;
  readonly acceptance: number;
  readonly autocorrelationSteps: Float64Array;
  readonly nWalkers: number;
  readonly #units: readonly string[];

  /** @param units Of the parameters, "" where there is none. Default: none. */
  constructor(parts: PosteriorSamples, units: readonly string[] = []) {
    this.names = parts.names;
    this.samples = parts.samples;
    this.logProbability = parts.logProbability;
    this.acceptance = parts.acceptance;
    this.autocorrelationSteps = parts.autocorrelationSteps;
    this.nWalkers = parts.nWalkers;
    this.#units = units;
  }

  /** All samples of one parameter, by full or short name. @throws {RangeError} If there is none of that name. */
  samplesOf(name: string): Float64Array {
    const { names, samples } = this;
    const column = names.findIndex((candidate) => candidate === name || candidate.endsWith(`.${name}`));
    if (column < 0) {
      throw new RangeError(
        `Cannot look up samples: name must be one of ${names.join(", ")}: current name is "${name}"`,
      );
    }
    const [rows, columns] = samples.shape;
    return Float64Array.from({ length: rows }, (_, row) => samples.data[row * columns + column]);
  }

  /** Central credible interval. @param level Probability inside, 0–1. Default 0.683. */
  interval(name: string, level = 0.683): CredibleInterval {
    const sorted = this.samplesOf(name).sort();
    const quantile = (p: number) => {
      const at = p * (sorted.length - 1);
      const low = Math.floor(at);
      const high = Math.min(sorted.length - 1, low + 1);
      return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
    };
    return { name, lower: quantile((1 - level) / 2), median: quantile(0.5), upper: quantile((1 + level) / 2) };
  }

  /** Medians with the central 68 %. @internal */
  rows(): IntervalRow[] {
    return this.names.map((name, column) => {
      const { lower, median, upper } = this.interval(name);
      const value = `${formatNumber(median, 4)} (+${formatNumber(upper - median, 2)} −${formatNumber(median - lower, 2)})`;
      return { name, value, unit: this.#units[column] ?? "" };
    });
  }

  /** How many samples there are, how many of them are independent, and how many would do. @internal */
  summary(): string {
    const tau = Math.max(...this.autocorrelationSteps);
    const samples = this.samples.shape[0];
    const isShort = samples / this.nWalkers < 50 * tau;
    return (
      `Posterior: medians and central 68 % of ${countOf(samples, "sample")}, acceptance ${formatNumber(100 * this.acceptance)} %, ` +
      `autocorrelation ${formatNumber(tau, 2)} steps: ${formatNumber(samples / tau, 2)} independent` +
      (isShort
        ? `; a short chain: limits are rough, nSteps ${(Math.ceil(tau) * 100).toLocaleString("en-US")} would settle them`
        : "")
    );
  }

  [DISPLAY]() {
    const rows = this.rows();
    return {
      "text/plain": [this.summary(), ...rows.map(rowText)].join("\n"),
      "text/html": `<div><div>${escapeMarkup(this.summary())}</div>${parameterTable(rows)}</div>`,
    };
  }
}

/** A row of an interval table as a line of text. */
export function rowText({ name, value, unit }: IntervalRow): string {
  return `  ${name.padEnd(24)} ${value} ${unit}`;
}
