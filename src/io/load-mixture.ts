import { GaussianMixture, type MixtureParameters, readSklearnMixture } from "../gmm/index.ts";
import { type ReadBytesOptions, readBytes } from "./read-bytes.ts";

/**
 * Loads a Gaussian mixture: JSON with weights, means and covariances, or the pickle of a scikit-learn GaussianMixture
 * (see `readSklearnMixture`; nothing in it is run).
 *
 * @throws {SyntaxError} If it is neither.
 * @example
 * const { path } = await archiveFile("catalogs/umlcaxs/gmm_model.pkl");
 * const published = await loadMixture(path);
 */
export async function loadMixture(source: string | URL, options: ReadBytesOptions = {}): Promise<GaussianMixture> {
  const bytes = await readBytes(source, options);
  if (bytes[0] === 0x80) return readSklearnMixture(bytes, { name: String(source) });
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
