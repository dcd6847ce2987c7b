import { checkShape, finiteMatrix, type Matrix, type NdArray, type Rows } from "../array/index.ts";
import { DISPLAY } from "../host/index.ts";
import { choleskyInto } from "../linalg/index.ts";
import type { Rng } from "../random/index.ts";
import { componentTable } from "./component-table.ts";
import {
  COVARIANCE_TYPES,
  type CovarianceType,
  covarianceParameters,
  covarianceShape,
  expandCovariance,
  whiten,
} from "./covariance.ts";
import {
  BLOCK,
  type DensityKernel,
  densityKernel,
  densityScratch,
  differencesInto,
  logJointBlockInto,
  mahalanobisBlockInto,
  normaliseRowInto,
} from "./density.ts";

/** Numbers nested to any depth, as JSON has them. */
export type Nested = number | readonly Nested[];

/** What describes a mixture. Arrays may be flat typed arrays, `{data, shape}` or nested arrays as in JSON. */
export interface MixtureParameters {
  /** Shares of the components, K numbers that sum to 1. */
  readonly weights: ArrayLike<number>;
  /** Shape (K, d). */
  readonly means: NdArray | readonly Nested[];
  /** Shape by type: full (K, d, d), tied (d, d), diag (K, d), spherical (K). */
  readonly covariances: NdArray | readonly Nested[];
  /** Default "full". */
  readonly covarianceType?: CovarianceType;
}

/**
 * A mixture of K Gaussians in d dimensions, ready to be applied: densities, responsibilities, labels, distances,
 * information criteria, samples. Does not change once made.
 *
 * @example A published mixture, applied
 * const mixture = new GaussianMixture(JSON.parse(text));
 * const labels = mixture.labels(features);
 */
export class GaussianMixture {
  readonly nComponents: number;
  readonly nFeatures: number;
  readonly covarianceType: CovarianceType;
  /** Shape (K,). */
  readonly weights: Float64Array;
  /** Shape (K, d). */
  readonly means: Matrix;
  /** Shape by type: full (K, d, d), tied (d, d), diag (K, d), spherical (K). */
  readonly covariances: NdArray;
  readonly #kernel: DensityKernel;

  /**
   * @throws {TypeError} If shapes do not fit one another.
   * @throws {RangeError} If weights are not shares, or a covariance is not positive definite (named by component).
   */
  constructor(parameters: MixtureParameters) {
    const type = parameters.covarianceType ?? "full";
    if (!COVARIANCE_TYPES.includes(type)) {
      throw new RangeError(
        `Cannot make a mixture: covarianceType must be one of ${COVARIANCE_TYPES.join(", ")}: current value is "${type}"`,
      );
    }
    this.covarianceType = type;
    this.weights = Float64Array.from(parameters.weights);
    this.nComponents = this.weights.length;
    const means = toNdArray(parameters.means);
    checkShape("means", means, [this.nComponents, -1]);
    this.means = means as Matrix;
    this.nFeatures = this.means.shape[1];
    this.covariances = toNdArray(parameters.covariances);
    checkShape("covariances", this.covariances, covarianceShape(type, this.nComponents, this.nFeatures));
    checkWeights(this.weights);
    const whitening = whiten(this.covariances, type, this, { action: "make a mixture", remedy: "" });
    this.#kernel = densityKernel(this.weights, this.means.data, whitening);
  }

  /** ln of the mixture's density at each row, shape (n,). */
  scoreSamples(data: Rows): Float64Array {
    return this.#evaluate("score samples", data).scores;
  }

  /** Sum of the rows' log densities. */
  logLikelihood(data: Rows): number {
    return this.scoreSamples(data).reduce((sum, score) => sum + score, 0);
  }

  /** Each component's responsibility for each row, shape (n, K); rows sum to 1. */
  predictProba(data: Rows): Matrix {
    return this.#evaluate("predict responsibilities", data).responsibilities;
  }

  /** The most responsible component of each row, shape (n,); the lower number where two tie. */
  labels(data: Rows): Int32Array {
    return hardLabels(this.predictProba(data));
  }

  /** Responsibilities, labels and log density in one pass over the rows. */
  assign(data: Rows): { responsibilities: Matrix; labels: Int32Array; scores: Float64Array } {
    const { responsibilities, scores } = this.#evaluate("assign rows", data);
    return { responsibilities, labels: hardLabels(responsibilities), scores };
  }

  /** Mahalanobis distance √((x−μ)ᵀ Σ⁻¹ (x−μ)) of each row from each component, shape (n, K). */
  mahalanobis(data: Rows): Matrix {
    const matrix = this.#checked("measure distances", data);
    const [n] = matrix.shape;
    const out = new Float64Array(n * this.nComponents);
    const { differences, squared } = densityScratch(this.nFeatures);
    for (let at = 0; at < n; at += BLOCK) {
      for (let component = 0; component < this.nComponents; component++) {
        differencesInto(differences, this.#kernel, component, matrix.data, at, n);
        mahalanobisBlockInto(squared, this.#kernel, component, differences);
        for (let row = at; row < Math.min(at + BLOCK, n); row++) {
          out[row * this.nComponents + component] = Math.sqrt(squared[row - at]);
        }
      }
    }
    return { data: out, shape: [n, this.nComponents] };
  }

  /** Number of free parameters. */
  get nParameters(): number {
    const { nComponents, nFeatures, covarianceType } = this;
    return nComponents * nFeatures + nComponents - 1 + covarianceParameters(covarianceType, nComponents, nFeatures);
  }

  /** Bayesian information criterion of the data, −2 ln L + p ln n; lower is better. */
  bic(data: Rows): number {
    const { scores } = this.#evaluate("compute BIC", data);
    return -2 * scores.reduce((sum, score) => sum + score, 0) + this.nParameters * Math.log(scores.length);
  }

  /** Akaike information criterion of the data, −2 ln L + 2 p; lower is better. */
  aic(data: Rows): number {
    return -2 * this.logLikelihood(data) + 2 * this.nParameters;
  }

  /** Rows drawn from the mixture, shape (n, d), and the component that each came from. */
  sample(n: number, rng: Rng): { data: Matrix; labels: Int32Array } {
    const { nFeatures: d } = this;
    const factors = Array.from(this.weights, (_, component) => {
      const covariance = expandCovariance(this.covariances, this.covarianceType, component, d);
      choleskyInto(covariance, covariance, d);
      return covariance;
    });
    const data = new Float64Array(n * d);
    const labels = new Int32Array(n);
    const normal = new Float64Array(d);
    for (let row = 0; row < n; row++) {
      let left = rng.uniform();
      let component = 0;
      while (component < this.nComponents - 1 && (left -= this.weights[component]) >= 0) component++;
      labels[row] = component;
      for (let j = 0; j < d; j++) normal[j] = rng.normal();
      for (let i = 0; i < d; i++) {
        let value = this.means.data[component * d + i];
        for (let j = 0; j <= i; j++) value += factors[component][i * d + j] * normal[j];
        data[row * d + i] = value;
      }
    }
    return { data: { data, shape: [n, d] }, labels };
  }

  /** A table of the components. */
  [DISPLAY](): { "text/html": string; "text/plain": string } {
    const { nComponents, nFeatures, covarianceType } = this;
    const title = `Gaussian mixture, ${nComponents} ${covarianceType} components of ${nFeatures} features`;
    return componentTable([title], this.weights);
  }

  /** Parameters as nested arrays; `new GaussianMixture(JSON.parse(JSON.stringify(mixture)))` gives the same numbers. */
  toJSON(): MixtureParameters {
    return {
      covarianceType: this.covarianceType,
      weights: [...this.weights],
      means: nest(this.means) as Nested[],
      covariances: nest(this.covariances) as Nested[],
    };
  }

  #checked(action: string, data: Rows): Matrix {
    const matrix = finiteMatrix(action, data);
    if (matrix.shape[1] !== this.nFeatures) {
      throw new TypeError(
        `Cannot ${action}: data must have ${this.nFeatures} columns like the mixture's means: current shape is (${matrix.shape.join(", ")})`,
      );
    }
    return matrix;
  }

  #evaluate(action: string, data: Rows): { responsibilities: Matrix; scores: Float64Array } {
    const matrix = this.#checked(action, data);
    const [n] = matrix.shape;
    const { nComponents } = this;
    const responsibilities = new Float64Array(n * nComponents);
    const scores = new Float64Array(n);
    const joint = new Float64Array(BLOCK * nComponents);
    const scratch = densityScratch(this.nFeatures);
    for (let at = 0; at < n; at += BLOCK) {
      const rows = Math.min(BLOCK, n - at);
      logJointBlockInto(joint, this.#kernel, matrix.data, at, n, scratch);
      for (let row = 0; row < rows; row++) scores[at + row] = normaliseRowInto(joint, row * nComponents, nComponents);
      responsibilities.set(joint.subarray(0, rows * nComponents), at * nComponents);
    }
    return { responsibilities: { data: responsibilities, shape: [n, nComponents] }, scores };
  }
}

function hardLabels(responsibilities: Matrix): Int32Array {
  const [n, nComponents] = responsibilities.shape;
  return Int32Array.from({ length: n }, (_, row) => {
    let best = 0;
    for (let k = 1; k < nComponents; k++) {
      if (responsibilities.data[row * nComponents + k] > responsibilities.data[row * nComponents + best]) best = k;
    }
    return best;
  });
}

function checkWeights(weights: Float64Array): void {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (weights.length === 0 || weights.some((weight) => !(weight >= 0)) || Math.abs(sum - 1) > 1e-6) {
    throw new RangeError(
      `Cannot make a mixture: weights must be >= 0 and sum to 1: current values are ${[...weights].join(", ")}`,
    );
  }
}

/** Nested arrays as one flat array with its shape; a copy in either case. */
export function toNdArray(value: NdArray | readonly Nested[]): NdArray {
  if ("data" in value) return { data: Float64Array.from(value.data), shape: [...value.shape] };
  const shape: number[] = [];
  for (let level: Nested = value; Array.isArray(level); level = level[0]) shape.push(level.length);
  return { data: Float64Array.from((value as number[]).flat(Infinity) as number[]), shape };
}

function nest(array: NdArray): Nested {
  const [, ...inner] = array.shape;
  if (inner.length === 0) return [...array.data];
  const stride = inner.reduce((product, extent) => product * extent, 1);
  return Array.from({ length: array.shape[0] }, (_, at) =>
    nest({ data: array.data.subarray(at * stride, (at + 1) * stride), shape: inner }),
  );
}
