import { DISPLAY } from "../host/index.ts";
import { fitBundle } from "./display.ts";
import type { FitProblem } from "./fit.ts";
import type { Minimum } from "./minimise.ts";
import type { Parameter, SpectralModel } from "./model.ts";
import type { Spectrum } from "./spectrum.ts";
import type { Statistic } from "./statistic.ts";

/** A parameter after a fit. */
export interface FittedParameter extends Parameter {
  /** One standard deviation from the covariance; undefined if frozen or not found. */
  readonly error: number | undefined;
}

/** The outcome of a fit. Shows itself as a table and a plot of data, model and residuals. */
export class SpectralFit {
  readonly spectrum: Spectrum;
  /** The model at the best parameters found. */
  readonly model: SpectralModel;
  readonly detector: string;
  readonly statisticName: Statistic;
  readonly statistic: number;
  /** Groups that took part minus free parameters. */
  readonly dof: number;
  readonly parameters: readonly FittedParameter[];
  /** Names of the free parameters, in the order of `covariance`. */
  readonly freeNames: readonly string[];
  /** Shape (nFree, nFree); undefined where the minimum is degenerate. */
  readonly covariance: readonly (readonly number[])[] | undefined;
  readonly evaluations: number;
  readonly converged: boolean;
  /** Per group: energy bounds (keV), observed counts, background scaled under the source, model, signed √contribution. */
  readonly loKeV: Float64Array;
  readonly hiKeV: Float64Array;
  readonly observed: Float64Array;
  readonly backgroundCounts: Float64Array | undefined;
  readonly predicted: Float64Array;
  readonly residuals: Float64Array;

  constructor(problem: FitProblem, found: Minimum, covariance: number[][] | undefined) {
    const values = problem.values(found.point);
    const { counts, groups, free } = problem;
    this.spectrum = problem.spectrum;
    this.model = problem.model.with(
      Object.fromEntries(
        problem.model.parameters.map((parameter, index) => [
          parameter.name,
          { min: problem.parameters[index].min, max: problem.parameters[index].max, value: values[index] },
        ]),
      ),
    );
    this.detector = problem.detector.name;
    this.statisticName = problem.statisticName;
    this.statistic = found.statistic;
    this.dof = groups.n - free.length;
    this.parameters = problem.parameters.map((parameter, index) => {
      const place = free.indexOf(index);
      const variance = place >= 0 ? covariance?.[place][place] : undefined;
      return { ...parameter, value: values[index], error: variance === undefined ? undefined : Math.sqrt(variance) };
    });
    this.freeNames = free.map((index) => problem.parameters[index].name);
    this.covariance = covariance;
    this.evaluations = found.evaluations;
    this.converged = found.converged;
    this.loKeV = groups.loKeV;
    this.hiKeV = groups.hiKeV;
    this.observed = counts.observed;
    this.backgroundCounts = counts.background?.map((n, group) => n * (counts.scale as Float64Array)[group]);
    this.predicted = problem.predict(found.point);
    this.residuals = problem.residuals(found.point);
  }

  /** A parameter's fitted value by its full or short name. @throws {RangeError} If there is no such parameter. */
  value(name: string): number {
    const parameter = this.parameters.find(
      (candidate) => candidate.name === name || candidate.name.endsWith(`.${name}`),
    );
    if (parameter) return parameter.value;
    const known = this.parameters.map((candidate) => candidate.name).join(", ");
    throw new RangeError(`Cannot look up a parameter: name must be one of ${known}: current name is "${name}"`);
  }

  [DISPLAY]() {
    return fitBundle(this);
  }
}
