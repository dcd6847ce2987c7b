import type { Matrix, NdArray } from "../array/index.ts";
import { COVARIANCE_TYPES, type CovarianceType } from "./covariance.ts";
import type { MixtureParameters, Nested } from "./gaussian-mixture.ts";

/** A mixture to start from, with covariances or with their inverses. */
export type InitialMixture =
  | Omit<MixtureParameters, "covarianceType">
  | (Omit<MixtureParameters, "covarianceType" | "covariances"> & { precisions: NdArray | readonly Nested[] });

/** How to fit a mixture. */
export interface GmmOptions {
  /** Number of components, 1 to the number of rows. */
  readonly nComponents: number;
  /** Default "full". */
  readonly covarianceType?: CovarianceType;
  /** Seed of the initialisation; the same seed gives the same fit. Default 0. */
  readonly seed?: number;
  /**
   * Where EM starts: "kmeans" (k-means labels), "kmeans++" (rows nearest to k-means++ seeds) or given parameters.
   * Default "kmeans".
   */
  readonly init?: "kmeans" | "kmeans++" | InitialMixture;
  /** Number of initialisations, of which the likeliest fit is kept. Default 1. */
  readonly nInit?: number;
  /** Stop when an iteration raises the mean log-likelihood per row by less than this. Default 1e-3. */
  readonly tolerance?: number;
  /** Most iterations of one initialisation. Default 100. */
  readonly maxIter?: number;
  /** Added to the diagonal of every covariance, in squared units of the data. Default 1e-6. */
  readonly regCovar?: number;
}

/** Options with their defaults filled in. */
export type GmmSettings = Required<GmmOptions>;

/** Fills in defaults and checks every option against the data. */
export function checkOptions(options: GmmOptions, matrix: Matrix): GmmSettings {
  const [n] = matrix.shape;
  const settings: GmmSettings = {
    covarianceType: "full",
    seed: 0,
    init: "kmeans",
    nInit: 1,
    tolerance: 1e-3,
    maxIter: 100,
    regCovar: 1e-6,
    ...options,
  };
  const must = (name: keyof GmmSettings, allowed: string, holds: boolean) => {
    if (!holds) throw new RangeError(`Cannot fit GMM: ${name} must be ${allowed}: current value is ${settings[name]}`);
  };
  const { nComponents, nInit, maxIter } = settings;
  must("nComponents", `1–${n} (number of rows)`, Number.isInteger(nComponents) && nComponents >= 1 && nComponents <= n);
  must("covarianceType", `one of ${COVARIANCE_TYPES.join(", ")}`, COVARIANCE_TYPES.includes(settings.covarianceType));
  must("nInit", "an integer >= 1", Number.isInteger(nInit) && nInit >= 1);
  must("maxIter", "an integer >= 1", Number.isInteger(maxIter) && maxIter >= 1);
  must("tolerance", ">= 0", settings.tolerance >= 0);
  must("regCovar", ">= 0", settings.regCovar >= 0);
  must(
    "init",
    '"kmeans", "kmeans++" or parameters {weights, means, covariances}',
    settings.init === "kmeans" || settings.init === "kmeans++" || typeof settings.init === "object",
  );
  return settings;
}
