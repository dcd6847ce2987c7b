import { choleskyInto, solveLowerInto } from "../linalg/index.ts";
import type { PpadConfig } from "./config.ts";
import type { Decoder } from "./decode.ts";
import { exposureNodes } from "./exposure-nodes.ts";
import { excessVariance } from "./misfit.ts";
import type { PreparedRecord } from "./population.ts";
import { decodeTangents } from "./tangents.ts";

/** A rate over all bands with its uncertainty, at times of the good time. */
export interface CredibleRate {
  /** Decoder units, ascending. */
  readonly time: Float64Array;
  /** Counts per decoder unit, all bands together. */
  readonly total: Float64Array;
  /** Standard deviation of log `total`. */
  readonly logSigma: Float64Array;
}

/**
 * Laplace's approximation to the posterior of a source's latent, carried to its rate.
 *
 * The loss is minus a log posterior: the Poisson likelihood and a normal prior of variance 1/(2 λ_z) on each latent
 * number. Its curvature is taken as expected under the model, F = Σ_b ∫ r_b²/(r_b + B_b) g_b g_bᵀ dt + 2 λ_z 1 with
 * g_b = ∂ log r_b/∂z and the known background B_b, which is positive whatever the photons; a rate's log then has the
 * variance gᵀ F⁻¹ g. Where brightness is the source's mean rate, its own uncertainty is one more number, with a flat prior.
 *
 * What no latent can make the decoder say is not in F. So the scatter of the photons about the rate beyond Poisson
 * noise, see `excessVariance`, is added. The total variation, which would narrow the limits, is left out.
 *
 * @param source.scale Counts per decoder unit and band at an output of 0.
 * @param source.nodes Times at most.
 * @see MacKay 2003, Information Theory, Inference and Learning Algorithms, chapter 27
 */
export function credibleRate(
  decoder: Decoder,
  z: ArrayLike<number>,
  source: {
    readonly record: PreparedRecord;
    readonly config: PpadConfig;
    readonly scale: number;
    readonly nodes: number;
  },
): CredibleRate {
  const { record, config, scale } = source;
  const nodes = exposureNodes(record, source.nodes);
  const { time, weight } = nodes;
  const { log, slope } = decodeTangents(decoder, { z, unitSec: record.unitSec }, time);
  const bands = config.bandEdgesEv.length - 1;
  const latent = config.latentSize;
  const size = latent + (config.brightness === "source" ? 1 : 0);
  const information = new Float64Array(size * size);
  for (let l = 0; l < latent; l++) information[l * size + l] = 2 * config.latentPenalty;
  const gradient = new Float64Array(size).fill(1);
  const total = new Float64Array(time.length);
  // g of the total: the bands' own, weighted by their rates.
  const totalSlope = new Float64Array(time.length * size);
  for (let i = 0; i < time.length; i++) {
    for (let b = 0; b < bands; b++) {
      const at = i * bands + b;
      const rate = scale * Math.exp(log[at]!);
      total[i]! += rate;
      for (let l = 0; l < latent; l++) gradient[l] = slope[at * latent + l]!;
      // Of the photons that come, a share is the source's: background tells nothing of the latent.
      const told = (rate * rate) / (rate + record.background[b]!);
      for (let l = 0; l < size; l++) {
        totalSlope[i * size + l]! += rate * gradient[l]!;
        for (let m = 0; m <= l; m++) information[l * size + m]! += weight[i]! * told * gradient[l]! * gradient[m]!;
      }
    }
  }
  const factor = new Float64Array(size * size);
  const bad = choleskyInto(factor, information, size);
  if (bad >= 0) {
    throw new RangeError(
      `Cannot find a rate's limits: latentPenalty must be > 0, or the photons fix every latent number: number ${bad} is free`,
    );
  }
  const background = record.background.reduce((sum, rate) => sum + rate, 0);
  const recorded = background === 0 ? total : total.map((rate) => rate + background);
  const misfit = Math.sqrt(Math.log1p(excessVariance(record, nodes, recorded)));
  const logSigma = total.map((rate, i) => {
    const g = totalSlope.slice(i * size, (i + 1) * size).map((value) => value / rate);
    // The scatter is a share of what is recorded.
    return Math.hypot((misfit * recorded[i]!) / rate, ...solveLowerInto(g, factor, g));
  });
  return { time, total, logSigma };
}
