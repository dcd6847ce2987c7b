import type { NdArray } from "../array/index.ts";
import type { CovarianceType } from "./covariance.ts";
import { GaussianMixture } from "./gaussian-mixture.ts";
import { readPickle } from "./pickle.ts";
import { PickleError } from "./pickle-error.ts";
import { PickledArray } from "./pickled-array.ts";
import { describe, PickledObject } from "./pickled-object.ts";

/** Bounds the time that a hostile file can take to be factorised; 12 features and 1000 components need 2·10⁶. */
const MAX_WORK = 2e9;

/**
 * Reads a fitted mixture from the file that scikit-learn users share: a pickled `sklearn.mixture.GaussianMixture`.
 *
 * No Python is needed and nothing in the file is run: the pickle is read as plain data, and a file from anywhere is
 * safe to open. All covariance types, float64 and float32, pickle protocols 2 to 5; checked on files of scikit-learn
 * 0.23 and 1.9. Files of `joblib.dump` are refused by name. Numbers are taken as they are. Rows that the mixture is
 * applied to must be scaled as its authors scaled theirs.
 *
 * @param bytes The file's content.
 * @param options.name File name for errors. Default "<bytes>".
 * @throws {PickleError} If the bytes are not the pickle of a fitted GaussianMixture; the error says what they are.
 * @example The published CSC classes, from their authors' file
 * const mixture = readSklearnMixture(await readBytes("gmm_model.pkl"));
 * const labels = mixture.labels(PEREZ_DIAZ_2024_SCALING.apply(catalog.features(GMM_FEATURES)));
 */
export function readSklearnMixture(bytes: Uint8Array, options: { readonly name?: string } = {}): GaussianMixture {
  const { name = "<bytes>" } = options;
  const error = (problem: string) => new PickleError(name, problem);
  const root = readPickle(bytes, { name });
  if (!(root instanceof PickledObject) || !/^sklearn\.mixture\._?gaussian_mixture\.GaussianMixture$/.test(root.path)) {
    throw error(`it must hold an sklearn.mixture GaussianMixture: found ${describe(root)}`);
  }
  const { state } = root;
  if (!(state instanceof Map)) throw error(`a mixture must have attributes: found ${describe(state)}`);
  const array = (attribute: string): NdArray => {
    if (!state.has(attribute)) throw error(`the mixture must be fitted: it has no ${attribute}`);
    const value: unknown = state.get(attribute);
    const numbers = value instanceof PickledArray ? value.numbers() : undefined;
    if (!numbers?.data.every(Number.isFinite)) {
      throw error(`${attribute} must be an array of finite numbers: found ${describe(value)}`);
    }
    return numbers;
  };
  const [weights, means, covariances] = [array("weights_"), array("means_"), array("covariances_")];
  const type: unknown = state.get("covariance_type");
  if (typeof type !== "string") throw error(`covariance_type must be a string: found ${describe(type)}`);
  const [nComponents, nFeatures] = [weights.data.length, means.shape[1] ?? 0];
  if (weights.shape.length !== 1 || nFeatures < 1 || nComponents * nFeatures ** 3 > MAX_WORK) {
    throw error(
      `weights_ must be (K), means_ (K, d) with d >= 1 and K·d³ <= ${MAX_WORK}: current shapes are (${weights.shape.join(", ")}), (${means.shape.join(", ")})`,
    );
  }
  try {
    return new GaussianMixture({
      weights: weights.data,
      means,
      covariances,
      covarianceType: type as CovarianceType,
    });
  } catch (cause) {
    throw new PickleError(name, (cause as Error).message, { cause });
  }
}
