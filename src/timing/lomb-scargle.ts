import { DISPLAY } from "../host/index.ts";
import { type FrequencyGrid, fourierSums } from "../linalg/index.ts";
import { escapeMarkup, formatNumber, xyPlotSvg } from "../plot/index.ts";
import { type FalseAlarmMethod, falseAlarm, type Normalization } from "./false-alarm.ts";
import { type FrequencyOptions, frequenciesOf, frequencyGrid, peakOf } from "./frequency-grid.ts";
import { LightCurve } from "./light-curve.ts";

/** Values at uneven times. */
export interface TimeSeries {
  readonly timeSec: ArrayLike<number>;
  readonly value: ArrayLike<number>;
  /** Standard deviations. Default: all the same. */
  readonly error?: ArrayLike<number>;
  readonly name?: string;
}

/** How a periodogram is made. */
export interface LombScargleOptions extends FrequencyOptions {
  /** Whether a constant is fitted along with each sinusoid. Default true. */
  readonly fitMean?: boolean;
  /** Default "standard": the share of the variance that the sinusoid explains, 0–1. */
  readonly normalization?: Normalization;
}

/** A Lomb–Scargle periodogram. */
export class LombScargle {
  readonly frequencyHz: Float64Array;
  readonly power: Float64Array;
  readonly normalization: Normalization;
  readonly name: string;
  readonly #n: number;
  readonly #spread: number;
  readonly #spanSec: number;

  /** Use `lombScargle`. */
  constructor(fields: {
    frequencyHz: Float64Array;
    power: Float64Array;
    normalization: Normalization;
    name: string;
    n: number;
    timeVariance: number;
    spanSec: number;
  }) {
    this.frequencyHz = fields.frequencyHz;
    this.power = fields.power;
    this.normalization = fields.normalization;
    this.name = fields.name;
    this.#n = fields.n;
    this.#spread = fields.timeVariance;
    this.#spanSec = fields.spanSec;
  }

  /** The highest peak, and the chance that noise alone makes one as high among these frequencies (Baluev's bound). */
  get best(): { frequencyHz: number; periodSec: number; power: number; falseAlarm: number } {
    const at = peakOf(this.power);
    const frequencyHz = this.frequencyHz[at] as number;
    const power = this.power[at] as number;
    return { frequencyHz, periodSec: 1 / frequencyHz, power, falseAlarm: this.falseAlarm(power) };
  }

  /**
   * Chance that white noise alone reaches a power somewhere below the highest frequency.
   *
   * Right for white noise only: variable sources are red, see `redNoiseTest`.
   */
  falseAlarm(power: number, method: FalseAlarmMethod = "baluev"): number {
    return falseAlarm(power, {
      method,
      normalization: this.normalization,
      n: this.#n,
      maxHz: this.frequencyHz.at(-1) as number,
      spanSec: this.#spanSec,
      timeVariance: this.#spread,
    });
  }

  [DISPLAY](): Record<string, string> {
    const { best } = this;
    const text = `highest peak at ${best.frequencyHz.toPrecision(6)} Hz (period ${best.periodSec.toPrecision(6)} s), power ${best.power.toPrecision(4)}, false alarm of white noise ${formatNumber(best.falseAlarm, 2)}`;
    const svg = xyPlotSvg({
      title: `${this.name ? `${this.name}, ` : ""}Lomb–Scargle periodogram`,
      x: { label: "Frequency", unit: "Hz" },
      y: { label: `Power (${this.normalization})`, include: [0] },
      marks: [{ kind: "line", ...thinned(this.frequencyHz, this.power) }],
    });
    return {
      "text/html": `<div>${svg}<div style="font-size:85%;opacity:.75">${escapeMarkup(text)}</div></div>`,
      "text/plain": `LombScargle ${this.name}: ${text}`,
    };
  }
}

/** At most 2000 points that keep every peak: the largest of each stretch. */
export function thinned(x: Float64Array, y: Float64Array): { x: Float64Array; y: Float64Array } {
  const stride = Math.ceil(x.length / 2000);
  if (stride === 1) return { x, y };
  const kept = Int32Array.from({ length: Math.ceil(x.length / stride) }, (_, i) => {
    const from = i * stride;
    return from + peakOf(y.subarray(from, from + stride));
  });
  return { x: Float64Array.from(kept, (i) => x[i] as number), y: Float64Array.from(kept, (i) => y[i] as number) };
}

/**
 * Lomb–Scargle periodogram with a floating mean.
 *
 * The least-squares fit of a sinusoid (and a constant) at each frequency, weighted by 1/error². Sums over all
 * frequencies at once, O(n + m log m), with errors below 1e-9 of the power. Of a light curve, the rates of bins with
 * exposure are taken, with the errors that the mean rate would have in each, so that faint bins do not count more.
 *
 * @param options.maxHz Default: half the mean sampling rate.
 * @throws {RangeError} If there are fewer than 4 values, an error is not positive, or the limits are wrong.
 * @see Zechmeister & Kürster 2009, A&A 496, 577; VanderPlas 2018, ApJS 236, 16
 * @example
 * lombScargle(events.lightCurve({ binSec: 100 })).best.periodSec;
 */
export function lombScargle(series: TimeSeries | LightCurve, options: LombScargleOptions = {}): LombScargle {
  const { timeSec, value, error, name } = series instanceof LightCurve ? seriesOfCurve(series) : series;
  const origin = timeSec[0] ?? 0;
  const times = Float64Array.from(timeSec, (time) => time - origin);
  const weights = normalisedWeights(times.length, error);
  const [first, last] = extremes(times);
  const spanSec = last - first;
  const { normalization = "standard", fitMean = true } = options;
  const grid = frequencyGrid(spanSec, { ...options, maxHz: options.maxHz ?? (0.5 * times.length) / spanSec });
  const values = centred(value, weights.share);
  const variance = values.reduce((sum, y, i) => sum + (weights.share[i] as number) * y * y, 0);
  const fitted = explainedVariance({ times, values, weights: weights.share, grid, fitMean });
  return new LombScargle({
    frequencyHz: frequenciesOf(grid),
    power: fitted.map((power) => normalised(power, { variance, normalization, total: weights.total })),
    normalization,
    name: name ?? "",
    n: times.length,
    timeVariance: weightedVariance(times, weights.share),
    spanSec,
  });
}

/** Rates of exposed bins, each with the error of the mean rate. */
function seriesOfCurve(curve: LightCurve): TimeSeries {
  const used = Array.from(curve.exposureSec.keys()).filter((bin) => (curve.exposureSec[bin] as number) > 0);
  const middle = curve.midSec;
  const take = (from: ArrayLike<number>) => Float64Array.from(used, (bin) => from[bin] as number);
  const exposure = take(curve.exposureSec);
  const mean = Math.max(curve.meanRate, Number.MIN_VALUE);
  return {
    timeSec: take(middle),
    value: take(curve.rate),
    error: exposure.map((seconds) => Math.sqrt(mean / seconds)),
    name: curve.name,
  };
}

function normalisedWeights(n: number, error: ArrayLike<number> | undefined): { share: Float64Array; total: number } {
  if (n < 4) throw new RangeError(`Cannot make a periodogram: at least 4 values are needed: current number is ${n}`);
  const weights = Float64Array.from({ length: n }, (_, i) => (error ? (error[i] as number) ** -2 : 1));
  const bad = weights.findIndex(
    (weight, i) => !(weight > 0 && weight < Infinity && (!error || (error[i] as number) > 0)),
  );
  if (bad >= 0) {
    throw new RangeError(`Cannot make a periodogram: errors must be positive: value ${bad} is ${error?.[bad]}`);
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return { share: weights.map((weight) => weight / total), total };
}

function extremes(times: Float64Array): [number, number] {
  return [
    times.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
    times.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
  ];
}

function centred(value: ArrayLike<number>, share: Float64Array): Float64Array {
  let mean = 0;
  for (let i = 0; i < share.length; i++) mean += (share[i] as number) * (value[i] as number);
  return Float64Array.from(value, (y) => y - mean);
}

function weightedVariance(times: Float64Array, share: Float64Array): number {
  const mean = times.reduce((sum, time, i) => sum + time * (share[i] as number), 0);
  return times.reduce((sum, time, i) => sum + (time - mean) ** 2 * (share[i] as number), 0);
}

/** Weighted variance that the best sinusoid of each frequency takes away: YC²/CC + YS²/SS at the phase τ. */
function explainedVariance(input: {
  times: Float64Array;
  values: Float64Array;
  weights: Float64Array;
  grid: FrequencyGrid;
  fitMean: boolean;
}): Float64Array {
  const { times, values, weights, grid, fitMean } = input;
  const y = fourierSums(
    times,
    grid,
    values.map((value, i) => value * (weights[i] as number)),
  );
  const double = fourierSums(times, { ...grid, first: 2 * grid.first, step: 2 * grid.step }, weights);
  const single = fitMean ? fourierSums(times, grid, weights) : undefined;
  return Float64Array.from({ length: grid.count }, (_, k) => {
    const c = single ? (single.re[k] as number) : 0;
    const s = single ? (single.im[k] as number) : 0;
    const c2 = double.re[k] as number;
    const s2 = double.im[k] as number;
    const tau = 0.5 * Math.atan2(s2 - 2 * s * c, c2 - (c * c - s * s));
    const [cos, sin] = [Math.cos(tau), Math.sin(tau)];
    const yc = (y.re[k] as number) * cos + (y.im[k] as number) * sin;
    const ys = (y.im[k] as number) * cos - (y.re[k] as number) * sin;
    const turned = c2 * (cos * cos - sin * sin) + s2 * 2 * cos * sin;
    const cc = 0.5 * (1 + turned) - (c * cos + s * sin) ** 2;
    const ss = 0.5 * (1 - turned) - (s * cos - c * sin) ** 2;
    return (cc > 1e-14 ? (yc * yc) / cc : 0) + (ss > 1e-14 ? (ys * ys) / ss : 0);
  });
}

function normalised(
  power: number,
  { variance, normalization, total }: { variance: number; normalization: Normalization; total: number },
): number {
  switch (normalization) {
    case "standard":
      return power / variance;
    case "model":
      return power / (variance - power);
    case "log":
      return -Math.log(1 - power / variance);
    case "psd":
      return 0.5 * total * power;
  }
}
