import type { Matrix } from "../array/index.ts";
import { DISPLAY } from "../host/index.ts";
import type { SpectralFit } from "../spectra/index.ts";
import { pileupFitBundle } from "./display.ts";
import type { PosteriorSamples } from "./fit.ts";
import type { OtherMinimum } from "./search.ts";
import { pileupWarnings } from "./warnings.ts";

/** A credible interval. */
export interface CredibleInterval {
  readonly name: string;
  readonly lower: number;
  readonly median: number;
  readonly upper: number;
}

/** A fit through pile-up with its posterior. Shows itself as the best fit with intervals. */
export class PileupFit {
  readonly best: SpectralFit;
  /** Undefined where no sampling was asked for or it was stopped before it began. */
  readonly posterior: PosteriorSamples | undefined;
  /** Share of the core's events with more than one photon at the best fit. */
  readonly pileupFraction: number;
  /** Other minima that the search met, whose statistic is less than 25 away. */
  readonly alternatives: readonly OtherMinimum[];

  constructor(
    best: SpectralFit,
    posterior: PosteriorSamples | undefined,
    pileupFraction: number,
    alternatives: readonly OtherMinimum[] = [],
  ) {
    this.best = best;
    this.posterior = posterior;
    this.pileupFraction = pileupFraction;
    this.alternatives = alternatives;
  }

  /** What the data do not tell: parameters left free or known only together, other minima, … */
  get warnings(): string[] {
    return pileupWarnings(this);
  }

  /** Posterior samples, shape (nSamples, nFree); columns are `names`. @throws {TypeError} If there is no posterior. */
  get samples(): Matrix {
    return this.#require().samples;
  }

  get names(): readonly string[] {
    return this.best.freeNames;
  }

  /** All samples of one parameter, by full or short name. */
  samplesOf(name: string): Float64Array {
    const { names, samples } = this.#require();
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

  #require(): PosteriorSamples {
    if (this.posterior) return this.posterior;
    throw new TypeError(
      "Cannot give samples: the fit must have a posterior: current fit was made without (nSteps 0 or stopped)",
    );
  }

  [DISPLAY]() {
    return pileupFitBundle(this);
  }
}
