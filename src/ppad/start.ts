import type { Matrix } from "../array/index.ts";
import { Rng } from "../random/index.ts";
import type { PpadConfig } from "./config.ts";
import type { PackedPopulation } from "./population.ts";

/**
 * First latents of a population.
 *
 * @param seed For the draws.
 * @param trained The training set's latents, when embedding: then every source starts at their mean, as published.
 * @returns Row-major (sources, latentSize).
 */
export function startLatents(
  packed: PackedPopulation,
  config: PpadConfig,
  seed: number,
  trained?: Matrix<Float32Array>,
): Float32Array {
  const size = config.latentSize;
  const out = new Float32Array(packed.size * size);
  if (trained) {
    const mean = new Float64Array(size);
    for (const [i, value] of trained.data.entries())
      mean[i % size] = (mean[i % size] as number) + value / trained.shape[0];
    for (let i = 0; i < out.length; i++) out[i] = mean[i % size] as number;
    return out;
  }
  const rng = new Rng(seed, 7);
  for (let i = 0; i < out.length; i++) out[i] = rng.normal();
  return out;
}
