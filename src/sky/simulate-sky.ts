import type { SkyField } from "./field.ts";
import { drawPopulation } from "./population.ts";
import type { SkySource } from "./source.ts";

/** Grows whenever the same seed no longer gives the same sky; part of the cache's folder names. */
export const SKY_VERSION = 3;

/** A simulated sky: observations and sources. Photons, tables and files follow from it and its seed. */
export interface Sky {
  readonly seed: number;
  readonly fields: readonly SkyField[];
  readonly sources: readonly SkySource[];
}

/**
 * Simulates a sky of X-ray sources as Chandra's ACIS would have catalogued it.
 *
 * Kinds: constant (62 %), flaring (14 %), dipping (7 %), periodic (7 %), QPE-like (5 %), fast transients (5 %), with
 * spectra of active nuclei, coronae, absorbed and supersoft sources. Each source is observed once. Not simulated:
 * pile-up, dither, red noise, crowding, flares of the background. The same seed gives the same sky on every machine.
 *
 * @param options.nSources Number of sources, 1–9999. Default 1200.
 * @param options.seed Any integer. Default 1.
 * @throws {RangeError} If `nSources` is not an integer within 1–9999.
 */
export function simulateSky(options: { readonly nSources?: number; readonly seed?: number } = {}): Sky {
  const { nSources = 1200, seed = 1 } = options;
  if (!Number.isSafeInteger(nSources) || nSources < 1 || nSources > 9999) {
    throw new RangeError(
      `Cannot simulate a sky: nSources must be an integer within 1–9999: current value is ${nSources}`,
    );
  }
  return { seed, ...drawPopulation(nSources, seed) };
}
