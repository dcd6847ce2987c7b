import type { Matrix } from "../array/index.ts";
import { DISPLAY } from "../host/index.ts";
import { checkConfig, type PpadConfig } from "./config.ts";
import { credibleRate } from "./credible.ts";
import { type Decoder, decode } from "./decode.ts";
import { displayModel } from "./display.ts";
import { extentsOf, layoutParameters } from "./layout.ts";
import { PpadLightCurve } from "./light-curve.ts";
import { decoderOnnx } from "./onnx.ts";
import { netCounts, type PhotonRecord, type PreparedRecord, prepareRecord } from "./population.ts";
import type { ProfileStart } from "./start.ts";
import type { PpadEpoch, TrainerProgress } from "./train.ts";

/** What a model needs to train on as if it had never stopped; absent from models that only embed. */
export interface PpadOptimizer {
  readonly seed: number;
  /** Photons in band and good time of the training set: a run goes on with the population it began with. */
  readonly photons: number;
  readonly progress: TrainerProgress;
  readonly moment1: Float32Array;
  readonly moment2: Float32Array;
  readonly latentMoment1: Float32Array;
  readonly latentMoment2: Float32Array;
  readonly latentSteps: Int32Array;
  /** Losses per source when last seen, shape (sources, 4). */
  readonly sourceLoss: Float64Array;
}

/** The parts of a model. */
export interface PpadParts {
  readonly config: PpadConfig;
  /** Flat decoder parameters, see layout.ts. */
  readonly parameters: Float32Array;
  /** Latents of the training set, shape (sources, latentSize). */
  readonly latents: Matrix<Float32Array>;
  /** Names of the training set's sources. */
  readonly names: readonly string[];
  /** Counts per unit of time and band that an output of 0 stands for, where brightness is "latent". */
  readonly rateScale: number;
  readonly history: readonly PpadEpoch[];
  /** Whether training was stopped before its last epoch. */
  readonly stopped: boolean;
  readonly optimizer?: PpadOptimizer | undefined;
  /** Guesses the latents of new sources, where the model was started from profiles. */
  readonly profileStart?: ProfileStart | undefined;
}

/** What turns the decoder's time and output into seconds and counts per second. */
export interface PpadRateOptions {
  /** The observation the latent belongs to: gives the two numbers below. */
  source?: PhotonRecord;
  /** Length of the observation, s; needed where timeScale is "observation". */
  durationSec?: number;
  /** Mean rate over all bands, counts/s; needed where brightness is "source". */
  meanRate?: number;
}

/** A rate in every band along a time axis. */
export interface PpadRateCurve {
  /** Seconds from the start of the observation. */
  readonly timeSec: Float64Array;
  /** Counts/s, shape (times, bands). */
  readonly rate: Matrix;
  /** Counts/s over all bands. */
  readonly total: Float64Array;
  /** Edges of the bands, eV. */
  readonly bandEdgesEv: readonly number[];
}

/**
 * A trained Poisson process autodecoder: a network that turns a source's latent z and a time into rates per band.
 *
 * @see Song et al. 2025, arXiv:2502.01627.
 */
export class PpadModel implements PpadParts {
  readonly config: PpadConfig;
  readonly parameters: Float32Array;
  readonly latents: Matrix<Float32Array>;
  readonly names: readonly string[];
  readonly rateScale: number;
  readonly history: readonly PpadEpoch[];
  readonly stopped: boolean;
  readonly optimizer: PpadOptimizer | undefined;
  readonly profileStart: ProfileStart | undefined;
  readonly #decoder: Decoder;

  /** @throws {RangeError} If the parameters do not have the size that the configuration asks for. */
  constructor(parts: PpadParts) {
    checkConfig(parts.config);
    const extents = extentsOf(parts.config);
    const layout = layoutParameters(extents);
    if (parts.parameters.length !== layout.size) {
      throw new RangeError(
        `Cannot make a PPAD model: parameters must number ${layout.size}: current number is ${parts.parameters.length}`,
      );
    }
    this.config = parts.config;
    this.parameters = parts.parameters;
    this.latents = parts.latents;
    this.names = parts.names;
    this.rateScale = parts.rateScale;
    this.history = parts.history;
    this.stopped = parts.stopped;
    this.optimizer = parts.optimizer;
    this.profileStart = parts.profileStart;
    this.#decoder = { extents, layout, parameters: parts.parameters };
  }

  /** Trainable numbers of the decoder. */
  get parameterCount(): number {
    const { latent, given, features, hidden, blocks, bands } = this.#decoder.extents;
    return (latent + given + features + 1) * hidden + blocks * 2 * (hidden + 1) * hidden + (hidden + 1) * bands;
  }

  /** Latent of training source `index`. */
  latent(index: number): Float32Array {
    const size = this.config.latentSize;
    if (!(Number.isInteger(index) && index >= 0 && index < this.latents.shape[0])) {
      throw new RangeError(
        `Cannot take a latent: index must be 0–${this.latents.shape[0] - 1}: current value is ${index}`,
      );
    }
    return this.latents.data.slice(index * size, (index + 1) * size);
  }

  /**
   * Rate at one time.
   *
   * @param z Latent, length latentSize.
   * @param timeSec Seconds from the start of the observation.
   * @returns Counts/s in each band.
   */
  rate(z: ArrayLike<number>, timeSec: number, options: PpadRateOptions = {}): Float64Array {
    return this.rateCurve(z, [timeSec], options).rate.data;
  }

  /**
   * Rate along a time axis, evaluated in double precision.
   *
   * @param z Latent, length latentSize.
   * @param timeSec Seconds from the start of the observation.
   * @param options Give `source`, or the duration and mean rate, where the configuration scales by them.
   */
  rateCurve(z: ArrayLike<number>, timeSec: ArrayLike<number>, options: PpadRateOptions = {}): PpadRateCurve {
    this.#checkLatent(z);
    const { unitSec, scale } = this.#scales(options);
    const bands = this.config.bandEdgesEv.length - 1;
    const times = Float64Array.from(timeSec as ArrayLike<number>);
    const rate = decode(
      this.#decoder,
      { z, unitSec },
      times.map((time) => time / unitSec),
    );
    const total = new Float64Array(times.length);
    for (let i = 0; i < rate.length; i++) {
      rate[i] = scale * Math.exp(rate[i] as number);
      const at = Math.floor(i / bands);
      total[at] = (total[at] as number) + (rate[i] as number);
    }
    return {
      timeSec: times,
      rate: { data: rate, shape: [times.length, bands] },
      total,
      bandEdgesEv: this.config.bandEdgesEv,
    };
  }

  /**
   * A source's rate with credible limits from its own photons: Laplace's approximation in latent space. See
   * `credibleRate` for the formula, and ARCHITECTURE.md for how often the limits hold.
   *
   * @param source The observation.
   * @param z Its latent: `model.latent(i)` for a training source, or from `ppad.embed`.
   * @param options.sigma Half width of the limits, standard deviations of log rate. Default 1, which is 68.3 %.
   * @param options.nodes Times at most, half of them where the photons are. Default 256.
   * @throws {RangeError} If z does not have latentSize numbers, or the source has no photon in band and good time.
   */
  lightCurve(
    source: PhotonRecord,
    z: ArrayLike<number>,
    options: { readonly sigma?: number; readonly nodes?: number } = {},
  ): PpadLightCurve {
    const { sigma = 1, nodes = 256 } = options;
    this.#checkLatent(z);
    const record = prepareRecord(source, 0, this.config, "draw a PPAD light curve");
    const { unitSec } = record;
    const { scale } = this.#scales({ durationSec: unitSec, meanRate: meanRateOf(record) });
    const curve = credibleRate(this.#decoder, z, { record, config: this.config, scale: scale * unitSec, nodes });
    const seconds = (units: Float64Array) => units.map((value) => value * unitSec);
    const limit = (sign: number) =>
      curve.total.map((rate, i) => (rate / unitSec) * Math.exp(sign * sigma * curve.logSigma[i]!));
    return new PpadLightCurve({
      name: source.name ?? "source",
      timeSec: seconds(curve.time),
      rate: limit(0),
      backgroundRate: record.background.reduce((sum, value) => sum + value, 0) / unitSec,
      rateLow: limit(-1),
      rateHigh: limit(1),
      sigma,
      photonSec: seconds(record.time),
      goodSec: { start: seconds(record.low), stop: seconds(record.high) },
    });
  }

  /**
   * The decoder as an ONNX file for other runtimes: `z` (n, latentSize) and `time` (n, 1) in the decoder's unit give
   * `log_rate` (n, bands). What a unit and a rate of 1 are stands in its metadata; see `decoderOnnx`.
   *
   * @example Write it
   * writeFileSync("decoder.onnx", model.toOnnx());
   */
  toOnnx(): Uint8Array {
    return decoderOnnx(this.#decoder, this);
  }

  #checkLatent(z: ArrayLike<number>): void {
    if (z.length === this.config.latentSize) return;
    throw new RangeError(
      `Cannot evaluate a PPAD rate: z must have ${this.config.latentSize} numbers: current number is ${z.length}`,
    );
  }

  /** Seconds per decoder unit, and counts/s per band at an output of 0. */
  #scales(options: PpadRateOptions): { unitSec: number; scale: number } {
    const { config } = this;
    const bands = config.bandEdgesEv.length - 1;
    const record = options.source && prepareRecord(options.source, 0, config, "evaluate a PPAD rate");
    const needs = (name: string, why: string, value: number | undefined): number => {
      if (value === undefined || !(value > 0)) {
        throw new RangeError(
          `Cannot evaluate a PPAD rate: options.${name} must be > 0, or options.source given, because ${why}: current value is ${value}`,
        );
      }
      return value;
    };
    const unitSec =
      config.timeScale === "observation"
        ? needs("durationSec", 'timeScale is "observation"', options.durationSec ?? record?.unitSec)
        : config.timeScale;
    if (config.brightness === "latent") return { unitSec, scale: this.rateScale / unitSec };
    return {
      unitSec,
      scale: needs("meanRate", 'brightness is "source"', options.meanRate ?? (record && meanRateOf(record))) / bands,
    };
  }

  /** How the model shows itself in a notebook. */
  [DISPLAY](): { [mimeType: string]: string } {
    return displayModel(this);
  }
}

/** Photons per second of exposure without known background, all bands together. */
function meanRateOf(record: PreparedRecord): number {
  return netCounts(record) / (record.live * record.unitSec);
}
