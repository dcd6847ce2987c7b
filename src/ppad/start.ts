import type { Matrix } from "../array/index.ts";
import { principalAxes } from "../linalg/index.ts";
import { Rng } from "../random/index.ts";
import type { PpadConfig } from "./config.ts";
import type { PackedPopulation } from "./population.ts";

/** Time bins of a profile. */
const BINS = 16;
/** Counts added to observed and expected ones, which draws faint bins towards a constant source. */
const PRIOR_COUNTS = 2;

/** A guess of latents from binned profiles: z = axes (profile − mean). */
export interface ProfileStart {
  /** Length 16 × bands + 1. */
  readonly mean: Float32Array;
  /** Shape (latentSize, length of mean). */
  readonly axes: Matrix<Float32Array>;
}

/** Exposure of each of `BINS` equal parts of a source's span, decoder units. */
function exposureInBins(packed: PackedPopulation, source: number, width: number): Float64Array {
  const out = new Float64Array(BINS);
  for (let i = packed.gtiStart[source]; i < packed.gtiStart[source + 1]; i++) {
    for (let bin = 0; bin < BINS; bin++) {
      const low = Math.max(packed.gtiLow[i], bin * width);
      const high = Math.min(packed.gtiHigh[i], (bin + 1) * width);
      if (high > low) out[bin] += high - low;
    }
  }
  return out;
}

/** Log of observed over expected counts, in time bins and bands, shrunk towards 0; last the log of the brightness. */
function profiles(packed: PackedPopulation, config: PpadConfig): Matrix {
  const bands = config.bandEdgesEv.length - 1;
  const d = BINS * bands + 1;
  const data = new Float64Array(packed.size * d);
  const counts = new Float64Array(BINS * bands);
  for (let s = 0; s < packed.size; s++) {
    const [first, last] = [packed.eventStart[s], packed.eventStart[s + 1]];
    const width = packed.gtiHigh[packed.gtiStart[s + 1] - 1] / BINS;
    const exposure = exposureInBins(packed, s, width);
    counts.fill(0);
    for (let i = first; i < last; i++) {
      counts[Math.min(BINS - 1, Math.floor(packed.eventTime[i] / width)) * bands + packed.eventBand[i]]++;
    }
    const meanRate = (last - first) / (packed.live[s] * bands);
    for (let k = 0; k < BINS * bands; k++) {
      const expected = meanRate * exposure[Math.floor(k / bands)];
      data[s * d + k] = Math.log((counts[k] + PRIOR_COUNTS) / (expected + PRIOR_COUNTS));
    }
    if (config.brightness === "latent") data[s * d + d - 1] = Math.log(meanRate);
  }
  return { data, shape: [packed.size, d] };
}

/** Principal axes of a population's profiles, scaled so that the strongest latent has variance 1. */
function fitProfileStart(data: Matrix, latentSize: number, seed: number): ProfileStart {
  const [n, d] = data.shape;
  const mean = new Float32Array(d);
  for (let i = 0; i < data.data.length; i++) mean[i % d] += data.data[i] / n;
  const count = Math.min(latentSize, d - 1);
  const { axes, variances } = principalAxes(data, count, new Rng(seed, 9));
  const scale = 1 / Math.sqrt(variances[0] || 1);
  const flat = new Float32Array(latentSize * d);
  for (const [row, axis] of axes.entries()) for (let j = 0; j < d; j++) flat[row * d + j] = scale * axis[j];
  return { mean, axes: { data: flat, shape: [latentSize, d] } };
}

function applyProfileStart(start: ProfileStart, data: Matrix): Float32Array {
  const [n, d] = data.shape;
  const size = start.axes.shape[0];
  const out = new Float32Array(n * size);
  for (let s = 0; s < n; s++) {
    for (let l = 0; l < size; l++) {
      let sum = 0;
      for (let j = 0; j < d; j++) sum += (data.data[s * d + j] - start.mean[j]) * start.axes.data[l * d + j];
      out[s * size + l] = sum;
    }
  }
  return out;
}

/**
 * First latents of a training population: as the configuration says, draws from N(0, 1) or the principal components
 * of the sources' binned profiles.
 *
 * @returns Row-major (sources, latentSize), and for profiles what maps further sources.
 */
export function startLatents(
  packed: PackedPopulation,
  config: PpadConfig,
  seed: number,
): { latents: Float32Array; profileStart?: ProfileStart } {
  // Fewer than three sources span no axes.
  if (config.start === "profile" && packed.size >= 3) {
    const data = profiles(packed, config);
    const profileStart = fitProfileStart(data, config.latentSize, seed);
    return { latents: applyProfileStart(profileStart, data), profileStart };
  }
  const rng = new Rng(seed, 7);
  return { latents: Float32Array.from({ length: packed.size * config.latentSize }, () => rng.normal()) };
}

/** What embedding starts from: the sources' profiles where the model has axes for them, else its mean latent. */
export function startEmbedding(
  packed: PackedPopulation,
  model: {
    readonly config: PpadConfig;
    readonly latents: Matrix<Float32Array>;
    readonly profileStart?: ProfileStart | undefined;
  },
): Float32Array {
  const { config, latents, profileStart } = model;
  if (profileStart) return applyProfileStart(profileStart, profiles(packed, config));
  const size = config.latentSize;
  const mean = new Float64Array(size);
  for (let i = 0; i < latents.data.length; i++) mean[i % size] += latents.data[i] / latents.shape[0];
  return Float32Array.from({ length: packed.size * size }, (_, i) => mean[i % size]);
}
