import { linalgModule } from "../../../src/jobs/linalg-module.ts";
import type { ComputeLibrary, PhotonRecord, PpadConfig } from "../../../src/ppad/index.ts";
import { createRunState, packPopulation, ppadReference } from "../../../src/ppad/index.ts";
import { extentsOf, layoutParameters } from "../../../src/ppad/layout.ts";
import { Rng } from "../../../src/random/index.ts";

/** Bytes of the compiled kernels. */
export const kernelBytes = linalgModule;

/** A configuration small enough for finite differences, with every part of the loss switched on. */
export const tiny: PpadConfig = {
  ...ppadReference,
  latentSize: 3,
  hiddenSize: 16,
  blocks: 2,
  frequencies: 4,
  timeScale: "observation",
  quadrature: { rule: "stratified", nodes: 40 },
  totalVariation: { weight: 0.3, norm: "mean" },
  latentPenalty: 0.7,
  batchSize: 4,
};

/** A record of photons whose rate follows `shape` (at most 1) along the fraction of the observation. */
export function record(
  shape: (fraction: number) => number,
  options: { photons: number; rng: Rng; lengthSec?: number; hardness?: number; name?: string },
): PhotonRecord {
  const { photons, rng, lengthSec = 20_000, hardness = 0.3, name } = options;
  const times: number[] = [];
  while (times.length < photons) {
    const fraction = rng.uniform();
    if (rng.uniform() < shape(fraction)) times.push(5e8 + fraction * lengthSec);
  }
  return {
    timeSec: Float64Array.from(times.sort((a, b) => a - b)),
    energyKeV: Float32Array.from(times, () => (rng.uniform() < hardness ? 3 : rng.uniform() < 0.5 ? 0.8 : 1.5)),
    gti: { startSec: Float64Array.of(5e8), stopSec: Float64Array.of(5e8 + lengthSec) },
    ...(name !== undefined && { name }),
  };
}

/** A run state for a population, with every parameter random and non-zero. */
export function stateFor(
  population: readonly PhotonRecord[],
  options: {
    config?: PpadConfig;
    seed?: number;
    threads?: number;
    shards?: number;
    parameters?: Float32Array;
    library?: ComputeLibrary | undefined;
    frozen?: boolean;
  } = {},
) {
  const { config = tiny, seed = 5, threads = 1, shards = 2, library, frozen = false } = options;
  const { packed } = packPopulation(population, { config, action: "test" });
  const state = createRunState(packed, { config, seed, module: kernelBytes(), threads, shards, library, frozen });
  const flat = new Float32Array(state.memory.buffer, state.parameters, state.layout.size);
  flat.set(options.parameters ?? randomParameters(config, seed));
  const rng = new Rng(seed, 3);
  for (let i = 0; i < state.latents.length; i++) state.latents[i] = rng.normal();
  return { state, packed, flat };
}

/** Flat parameters, random where the layout has room for real ones and zero where it pads. */
export function randomParameters(config: PpadConfig, seed: number): Float32Array {
  const extents = extentsOf(config);
  const layout = layoutParameters(extents);
  const { hidden, latent, given, features, bands, bandsPadded } = extents;
  const out = new Float32Array(layout.size);
  const rng = new Rng(seed, 1);
  const fill = (at: number, count: number, sigma: number) => {
    for (let i = 0; i < count; i++) out[at + i] = sigma * rng.normal();
  };
  fill(layout.latentIn, (latent + given) * hidden, 0.3);
  fill(layout.timeIn, features * hidden, 0.3);
  fill(layout.biasIn, hidden, 0.3);
  for (const block of layout.blocks) {
    fill(block.w0, hidden * hidden, 0.25);
    fill(block.b0, hidden, 0.2);
    fill(block.w1, hidden * hidden, 0.15);
    fill(block.b1, hidden, 0.2);
  }
  for (let row = 0; row < hidden; row++) fill(layout.wOut + row * bandsPadded, bands, 0.2);
  fill(layout.bOut, bands, 0.2);
  return out;
}
