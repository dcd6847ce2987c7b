import { countOf, type Matrix } from "../array/index.ts";
import { DISPLAY } from "../host/index.ts";
import { componentTable } from "./component-table.ts";
import type { GaussianMixture } from "./gaussian-mixture.ts";

/** A fitted mixture with what it says about the rows it was fitted to. */
export class GaussianMixtureFit {
  readonly mixture: GaussianMixture;
  /** Most responsible component of each row, shape (n,). */
  readonly labels: Int32Array;
  /** Shape (n, K); rows sum to 1. */
  readonly responsibilities: Matrix;
  /** ln density of each row, shape (n,). */
  readonly scores: Float64Array;
  /** Sum of the rows' log densities under the final parameters. */
  readonly logLikelihood: number;
  /** Bayesian information criterion; lower is better. */
  readonly bic: number;
  /** Akaike information criterion; lower is better. */
  readonly aic: number;
  /** Whether the likelihood settled before the iterations ran out or the fit was stopped. */
  readonly converged: boolean;
  /** Iterations of the kept initialisation. */
  readonly nIter: number;
  /** Rows that each component is most responsible for, shape (K,). */
  readonly sizes: Int32Array;

  constructor(parts: {
    mixture: GaussianMixture;
    labels: Int32Array;
    responsibilities: Matrix;
    scores: Float64Array;
    converged: boolean;
    nIter: number;
  }) {
    this.mixture = parts.mixture;
    this.labels = parts.labels;
    this.responsibilities = parts.responsibilities;
    this.scores = parts.scores;
    this.converged = parts.converged;
    this.nIter = parts.nIter;
    this.logLikelihood = parts.scores.reduce((sum, score) => sum + score, 0);
    const { nParameters, nComponents } = parts.mixture;
    this.bic = nParameters * Math.log(parts.scores.length) - 2 * this.logLikelihood;
    this.aic = 2 * nParameters - 2 * this.logLikelihood;
    this.sizes = new Int32Array(nComponents);
    for (const label of parts.labels) this.sizes[label]++;
  }

  /** A table of the components under a line with the fit's figures. */
  [DISPLAY](): { "text/html": string; "text/plain": string } {
    const { weights, nComponents, covarianceType } = this.mixture;
    const state = this.converged
      ? `converged after ${countOf(this.nIter, "iteration")}`
      : `not converged (${countOf(this.nIter, "iteration")})`;
    const title = `Gaussian mixture, ${nComponents} ${covarianceType} components, ${countOf(this.labels.length, "row")}: ${state}`;
    const figures = `ln L = ${this.logLikelihood.toFixed(2)}, BIC = ${this.bic.toFixed(2)}, AIC = ${this.aic.toFixed(2)}`;
    return componentTable([title, figures], weights, this.sizes);
  }
}
