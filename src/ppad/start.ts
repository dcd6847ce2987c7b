import type { Matrix } from "../array/index.ts";
import { principalAxes } from "../linalg/index.ts";
import { Rng } from "../random/index.ts";
import type { PpadConfig } from "./config.ts";
import type { PhotonWindow } from "./photon-window.ts";
import type { PackedPopulation } from "./population.ts";
import { STARTS } from "./run-state.ts";

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
  /** Guesses for the training sources, shape (sources, latentSize). */
  readonly guesses: Matrix<Float32Array>;
}

/** Nearest training sources, by guess, whose trained latents a new source may start from: with its own guess and the mean. */
const NEIGHBOURS = STARTS - 2;
/** Training sources at most, spread over all, that neighbours are sought among: a search grows with the population. */
const CANDIDATES = 4096;
/** Sources at most, spread over all, whose profiles span the axes. */
const AXES_SOURCES = 16_384;
/** Sources whose profiles are in memory at once where only their guesses are wanted. */
const GUESS_BLOCK = 1024;

/** At most `most` of the numbers 0 … size − 1, spread evenly. */
function spread(size: number, most: number): Int32Array {
  const count = Math.min(size, most);
  return Int32Array.from({ length: count }, (_, i) => Math.floor((i * size) / count));
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
function profiles(window: PhotonWindow, sources: Int32Array, config: PpadConfig): Matrix {
  const bands = config.bandEdgesEv.length - 1;
  const d = BINS * bands + 1;
  const data = new Float64Array(sources.length * d);
  const counts = new Float64Array(BINS * bands);
  for (let row = 0; row < sources.length; row++) {
    const s = window.load(sources[row], 0);
    const { packed } = window;
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
      data[row * d + k] = Math.log((counts[k] + PRIOR_COUNTS) / (expected + PRIOR_COUNTS));
    }
    if (config.brightness === "latent") data[row * d + d - 1] = Math.log(meanRate);
  }
  return { data, shape: [sources.length, d] };
}

/** Principal axes of a population's profiles, scaled so that the strongest latent has variance 1. */
function fitProfileStart(data: Matrix, latentSize: number, seed: number): Omit<ProfileStart, "guesses"> {
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

function applyProfileStart(start: Omit<ProfileStart, "guesses">, data: Matrix): Float32Array {
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
 * @param window Where the photons are.
 * @param size Sources of the population.
 * @returns Row-major (sources, latentSize), and what finds training sources with profiles like those of new ones.
 */
export function startLatents(
  window: PhotonWindow,
  size: number,
  { config, seed }: { config: PpadConfig; seed: number },
): { latents: Float32Array; profileStart?: ProfileStart } {
  const rng = new Rng(seed, 7);
  const normal = () => Float32Array.from({ length: size * config.latentSize }, () => rng.normal());
  // Fewer than three sources span no axes.
  if (size < 3) return { latents: normal() };
  const fitted = fitProfileStart(profiles(window, spread(size, AXES_SOURCES), config), config.latentSize, seed);
  const guesses: Matrix<Float32Array> = {
    data: new Float32Array(size * config.latentSize),
    shape: [size, config.latentSize],
  };
  const all = spread(size, size);
  for (let first = 0; first < size; first += GUESS_BLOCK) {
    const block = applyProfileStart(fitted, profiles(window, all.subarray(first, first + GUESS_BLOCK), config));
    guesses.data.set(block, first * config.latentSize);
  }
  return {
    latents: config.start === "profile" ? guesses.data.slice() : normal(),
    profileStart: { ...fitted, guesses },
  };
}

/** Those of the candidate rows that are nearest to a point, nearest first, as many as `out` holds. */
function nearestInto(
  out: Int32Array,
  point: Float32Array,
  { rows, candidates }: { rows: Matrix<Float32Array>; candidates: Int32Array },
): void {
  const size = point.length;
  const wanted = out.length;
  const distances = new Float64Array(wanted).fill(Infinity);
  for (const j of candidates) {
    let distance = 0;
    for (let l = 0; l < size; l++) distance += (point[l] - rows.data[j * size + l]) ** 2;
    let place = wanted;
    while (place > 0 && distance < distances[place - 1]) place--;
    if (place === wanted) continue;
    distances.copyWithin(place + 1, place, wanted - 1);
    out.copyWithin(place + 1, place, wanted - 1);
    distances[place] = distance;
    out[place] = j;
  }
}

/** Trained latents of the training source whose guess is the k-th nearest, for every source and k. */
function neighbourStarts(
  guess: Float32Array,
  trained: Matrix<Float32Array>,
  guesses: Matrix<Float32Array>,
): Float32Array[] {
  const [n, size] = trained.shape;
  const nearest = new Int32Array(Math.min(NEIGHBOURS, n));
  const starts = Array.from(nearest, () => new Float32Array(guess.length));
  const candidates = spread(n, CANDIDATES);
  for (let at = 0; at < guess.length; at += size) {
    nearestInto(nearest, guess.subarray(at, at + size), { rows: guesses, candidates });
    for (const [k, j] of nearest.entries()) starts[k].set(trained.data.subarray(j * size, (j + 1) * size), at);
  }
  return starts;
}

/** The part of a model that embeds. */
export interface EmbeddingModel {
  readonly config: PpadConfig;
  readonly parameters: Float32Array;
  /** Trained latents of the training set, shape (sources, latentSize). */
  readonly latents: Matrix<Float32Array>;
  readonly profileStart?: ProfileStart | undefined;
}

/** The mean latent of a model's training set. */
export function meanLatent({ latents }: EmbeddingModel): Float32Array {
  const [n, size] = latents.shape;
  const mean = new Float64Array(size);
  for (let i = 0; i < latents.data.length; i++) mean[i % size] += latents.data[i] / n;
  return Float32Array.from(mean);
}

/**
 * What embedding may start from, each of shape (sources, latentSize): the model's mean latent, from which the published
 * Adam starts; the trained latents of training sources with the most similar profiles; and where training began at
 * profiles, the source's own.
 *
 * @param window Where the photons of the sources are.
 * @param options.mean From `meanLatent`.
 */
export function startEmbedding(
  window: PhotonWindow,
  sources: Int32Array,
  { model, mean }: { model: EmbeddingModel; mean: Float32Array },
): Float32Array[] {
  const { config, latents, profileStart } = model;
  const centre = Float32Array.from({ length: sources.length * mean.length }, (_, i) => mean[i % mean.length]);
  if (!profileStart || config.embedding.method === "adam") return [centre];
  const guess = applyProfileStart(profileStart, profiles(window, sources, config));
  const neighbours = neighbourStarts(guess, latents, profileStart.guesses);
  return config.start === "profile" ? [centre, guess, ...neighbours] : [centre, ...neighbours];
}
