import { SpectralFit } from "./fit-result.ts";
import type { Groups } from "./grouping.ts";
import { covarianceAt, type LeastSquares, type MinimiseOptions, minimise } from "./minimise.ts";
import { applySettings, type Parameter, type ParameterSettings, parseModel, type SpectralModel } from "./model.ts";
import type { EnergyRange, Spectrum } from "./spectrum.ts";
import { type FitCounts, residualsOf, type Statistic } from "./statistic.ts";

/**
 * What turns incident photons into counts per channel: plain folding, or a detector with effects such as pile-up and
 * parameters of its own, which are fitted along with the model's.
 */
export interface Detector {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  /** @returns Counts per channel, shape (nChannels,). */
  predict(
    spectrum: Spectrum,
    model: SpectralModel,
    modelValues: readonly number[],
    values: readonly number[],
  ): Float64Array;
}

/** Folding through ARF and RMF and nothing else. */
export const LINEAR_DETECTOR: Detector = {
  name: "linear",
  parameters: [],
  predict: (spectrum, model, values) => spectrum.fold(model.photons(spectrum.energies, values)),
};

/** How to fit a spectrum. */
export interface FitOptions {
  /** Expression such as "wabs*powerlaw", or a model. */
  readonly model: string | SpectralModel;
  /** Start values, limits and frozen flags, of the detector's parameters too. Default: the components' own. */
  readonly parameters?: ParameterSettings;
  /** Default "cstat". */
  readonly statistic?: Statistic;
  /** Groups that overlap it take part, keV. Default [0.5, 7]. */
  readonly range?: EnergyRange;
  /** Default: plain folding. */
  readonly detector?: Detector;
  /** Whether to find standard deviations. Default true. */
  readonly errors?: boolean;
  /** Whether to search at all; false evaluates at the start values. Default true. */
  readonly search?: boolean;
}

/** A spectrum, a model and a statistic, ready to be evaluated at parameter vectors. */
export class FitProblem implements LeastSquares {
  readonly spectrum: Spectrum;
  readonly model: SpectralModel;
  readonly detector: Detector;
  readonly statisticName: Statistic;
  readonly range: EnergyRange;
  readonly groups: Groups;
  readonly counts: FitCounts;
  /** All parameters, the model's before the detector's. */
  readonly parameters: readonly Parameter[];
  /** Indices into `parameters` of those that vary. */
  readonly free: readonly number[];
  readonly #residuals: (model: Float64Array) => Float64Array;

  constructor(spectrum: Spectrum, options: FitOptions) {
    this.spectrum = spectrum;
    this.model = typeof options.model === "string" ? parseModel(options.model) : options.model;
    this.detector = options.detector ?? LINEAR_DETECTOR;
    this.statisticName = options.statistic ?? "cstat";
    this.range = options.range ?? [0.5, 7];
    this.groups = spectrum.groups(this.range);
    if (this.groups.n === 0) {
      throw new RangeError(
        `Cannot fit "${spectrum.name}": range must overlap its channels: current value is ${this.range.join("–")} keV`,
      );
    }
    this.counts = fitCounts(spectrum, this.groups);
    this.#residuals = residualsOf(this.statisticName, this.counts);
    this.parameters = applySettings(
      [...this.model.parameters, ...this.detector.parameters],
      options.parameters ?? {},
      `model "${this.model.expression}"`,
    );
    this.free = this.parameters.map((_, index) => index).filter((index) => !this.parameters[index].frozen);
  }

  get start(): number[] {
    return this.free.map((index) => this.parameters[index].value);
  }
  get min(): number[] {
    return this.free.map((index) => this.parameters[index].min);
  }
  get max(): number[] {
    return this.free.map((index) => this.parameters[index].max);
  }

  /** All parameter values with the free ones replaced. */
  values(point: readonly number[]): number[] {
    const values = this.parameters.map((parameter) => parameter.value);
    this.free.forEach((index, k) => {
      values[index] = point[k];
    });
    return values;
  }

  /** Counts per group at a point of the free parameters' space. */
  predict(point: readonly number[]): Float64Array {
    const values = this.values(point);
    const n = this.model.parameters.length;
    return this.groups.sum(this.detector.predict(this.spectrum, this.model, values.slice(0, n), values.slice(n)));
  }

  residuals(point: readonly number[]): Float64Array {
    return this.#residuals(this.predict(point));
  }

  /** The statistic; for every choice of it, −½ of this is the log-likelihood up to a constant. */
  statistic(point: readonly number[]): number {
    return this.residuals(point).reduce((sum, residual) => sum + residual * residual, 0);
  }
}

function fitCounts(spectrum: Spectrum, groups: Groups): FitCounts {
  const { background, backgroundScale } = spectrum;
  const observed = groups.sum(spectrum.counts);
  if (!background || !backgroundScale) return { observed, background: undefined, scale: undefined };
  const width = groups.sum(new Float64Array(spectrum.counts.length).fill(1));
  const scale = groups.sum(backgroundScale).map((sum, group) => sum / width[group]);
  return { observed, background: groups.sum(background.counts), scale };
}

/**
 * Fits a model to a spectrum.
 *
 * Blocks while it works: tens of milliseconds for plain folding, seconds with pile-up. `pileup.fit` runs it in a
 * worker.
 *
 * @param context Progress and early stop. Default: none.
 * @throws {RangeError} If the range is empty or parameters do not fit.
 * @throws {TypeError} If the spectrum has no response.
 * @example fitSpectrum(spectrum, { model: "wabs*powerlaw", statistic: "chi2gehrels", range: [1, 7] })
 */
export function fitSpectrum(
  spectrum: Spectrum,
  options: FitOptions,
  context: Pick<MinimiseOptions, "onStep" | "stopped"> = {},
): SpectralFit {
  const problem = new FitProblem(spectrum, options);
  const found =
    options.search === false
      ? { point: problem.start, statistic: problem.statistic(problem.start), evaluations: 1, converged: true }
      : minimise(problem, context);
  const covariance =
    (options.errors ?? true) && problem.free.length > 0 ? covarianceAt(problem, found.point) : undefined;
  return new SpectralFit(problem, found, covariance);
}
