import { GaussianMixture, type MixtureParameters } from "../gmm/index.ts";
import { type ReadBytesOptions, readBytes } from "./read-bytes.ts";
import { type PickledObject, pickledArray, unpickle } from "./unpickle.ts";

/**
 * Loads a Gaussian mixture: JSON with weights, means and covariances, or the pickle of a scikit-learn GaussianMixture
 * (full covariances). The pickle is decoded as data; nothing in it is run.
 *
 * @throws {SyntaxError} If it is neither.
 * @example
 * const { path } = await archiveFile("catalogs/umlcaxs/gmm_model.pkl");
 * const published = await loadMixture(path);
 */
export async function loadMixture(source: string | URL, options: ReadBytesOptions = {}): Promise<GaussianMixture> {
  const bytes = await readBytes(source, options);
  if (bytes[0] === 0x80) return new GaussianMixture(fromPickle(unpickle(bytes), String(source)));
  return new GaussianMixture(fromJson(new TextDecoder().decode(bytes), String(source)));
}

function fromJson(text: string, source: string): MixtureParameters {
  const parsed = JSON.parse(text) as Partial<MixtureParameters>;
  const { weights, means, covariances, covarianceType } = parsed;
  if (!weights || !means || !covariances) {
    const keys = Object.keys(parsed).join(", ");
    throw new SyntaxError(
      `Cannot load mixture "${source}": it must have weights, means and covariances: it has ${keys || "nothing"}`,
    );
  }
  return { weights, means, covariances, ...(covarianceType ? { covarianceType } : {}) };
}

function fromPickle(value: unknown, source: string): MixtureParameters {
  const { type, state } = (value ?? {}) as PickledObject;
  const fields = state instanceof Map ? (state as Map<string, unknown>) : new Map<string, unknown>();
  if (!/^sklearn\.mixture\..*GaussianMixture$/.test(type ?? "") || fields.get("covariance_type") !== "full") {
    throw new SyntaxError(
      `Cannot load mixture "${source}": the pickle must hold a GaussianMixture of scikit-learn with full covariances: it holds ${type ?? typeof value} (${fields.get("covariance_type") ?? "no covariance type"})`,
    );
  }
  return {
    weights: pickledArray(fields.get("weights_")).data,
    means: pickledArray(fields.get("means_")),
    covariances: pickledArray(fields.get("covariances_")),
  };
}
