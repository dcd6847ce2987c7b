import type { Matrix } from "../array/index.ts";
import { DISPLAY } from "../host/index.ts";
import type { SpectralFit } from "../spectra/index.ts";
import { pileupFitBundle } from "./display.ts";
import type { PosteriorSamples } from "./fit.ts";
import { type CredibleInterval, PileupPosterior } from "./posterior.ts";
import type { OtherMinimum } from "./search.ts";
import { pileupWarnings } from "./warnings.ts";

/** A fit through pile-up with its posterior. Shows itself as the best fit with intervals. */
export class PileupFit {
  readonly best: SpectralFit;
  /** Undefined where no sampling was asked for or it was stopped before it began. */
  readonly posterior: PileupPosterior | undefined;
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
    const units = best.freeNames.map(
      (name) => best.parameters.find((parameter) => parameter.name === name)?.unit ?? "",
    );
    this.posterior = posterior && new PileupPosterior(posterior, units);
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
    return this.#require().samplesOf(name);
  }

  /** Central credible interval. @param level Probability inside, 0–1. Default 0.683. */
  interval(name: string, level = 0.683): CredibleInterval {
    return this.#require().interval(name, level);
  }

  #require(): PileupPosterior {
    if (this.posterior) return this.posterior;
    throw new TypeError(
      "Cannot give samples: the fit must have a posterior: current fit was made without (nSteps 0 or stopped)",
    );
  }

  [DISPLAY]() {
    return pileupFitBundle(this);
  }
}
