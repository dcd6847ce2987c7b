import { countOf } from "../array/index.ts";
import { exposureSec, type Gti } from "../gti/index.ts";
import { DISPLAY } from "../host/index.ts";
import { escapeMarkup, formatNumber, xyPlotSvg } from "../plot/index.ts";
import type { TimedPhotons } from "./bands.ts";
import { goodPhotons, type PhotonChoice } from "./good-photons.ts";
import { type GregoryLoredoCurve, gregoryLoredoCurve } from "./gregory-loredo-curve.ts";
import { type BinningOdds, binningOdds } from "./gregory-loredo-odds.ts";
import { gapSpans } from "./light-curve-display.ts";

/** Limits on the models. */
export interface GregoryLoredoOptions extends PhotonChoice {
  /** Least width of a bin, s. Default 50, as the CSC has it. */
  readonly minBinSec?: number;
  /** Most bins. Default 3000. */
  readonly maxBins?: number;
}

/** What the Gregory–Loredo test says of a list of photons. */
export class GregoryLoredo {
  /** Chance that the source varies, S/(1+S): the catalogue's `var_prob`. */
  readonly probability: number;
  /** log₁₀ S, the odds of variability. */
  readonly logOdds: number;
  /** Most bins that were let into the odds. */
  readonly mMax: number;
  /** Photons tested. */
  readonly n: number;
  readonly name: string;
  readonly gti: Gti;
  readonly #timeSec: Float64Array;
  readonly #odds: BinningOdds;
  #curve: GregoryLoredoCurve | undefined;

  /** Use `gregoryLoredo`. @param timeSec Photons within the good time, ascending. */
  constructor(timeSec: Float64Array, gti: Gti, options: { odds: BinningOdds; name?: string }) {
    const { lnS, mMax } = options.odds;
    this.probability = lnS > 0 ? 1 / (1 + Math.exp(-lnS)) : Math.exp(lnS) / (1 + Math.exp(lnS));
    this.logOdds = lnS / Math.LN10;
    this.mMax = mMax;
    this.n = timeSec.length;
    this.name = options.name ?? "";
    this.gti = gti;
    this.#timeSec = timeSec;
    this.#odds = options.odds;
  }

  /** The light curve averaged over all models, three rows per bin of the finest; made when first asked for. */
  get curve(): GregoryLoredoCurve {
    const { probability } = this;
    const test = { ...this.#odds, probability, onTimeSec: exposureSec(this.gti) };
    this.#curve ??= gregoryLoredoCurve(this.#timeSec, this.gti, test);
    return this.#curve;
  }

  /** The catalogue's variability index, 0–10: above 2 the source is taken for variable. */
  get index(): number {
    const { probability, logOdds } = this;
    // Only there does the curve decide
    const undecided = probability > 0.5 && probability < 0.9;
    const steadiness = undecided ? this.curve : { fraction3Sigma: 1, fraction5Sigma: 1 };
    return variabilityIndex({ probability, logOdds, ...steadiness });
  }

  /** Mean, standard deviation, least and greatest rate of the curve, counts/s: the catalogue's `var_mean` … */
  get statistics(): { mean: number; sigma: number; min: number; max: number } {
    const { rate } = this.curve;
    const mean = rate.reduce((sum, value) => sum + value, 0) / rate.length;
    const variance = rate.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rate.length;
    const min = rate.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    const max = rate.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    return this.n > 0
      ? { mean, sigma: Math.sqrt(variance), min, max }
      : { mean: Number.NaN, sigma: Number.NaN, min: Number.NaN, max: Number.NaN };
  }

  [DISPLAY](): Record<string, string> {
    const text = `variability index ${this.index}, probability ${probabilityText(this)}, log₁₀ odds ${this.logOdds.toFixed(2)}, up to ${countOf(this.mMax, "bin")}, ${this.n} counts`;
    return {
      "text/html": `<div>${this.n > 0 ? curveSvg(this) : ""}<div style="font-size:85%;opacity:.75">${escapeMarkup(text)}</div></div>`,
      "text/plain": `GregoryLoredo ${this.name}: ${text}`,
    };
  }
}

/** The probability; near 1 its distance from 1, which is 1/(1 + odds) and has no digits left in the probability. */
function probabilityText({ probability, logOdds }: GregoryLoredo): string {
  if (probability <= 0.9999) return probability.toPrecision(4);
  return logOdds < 300 ? `1 − ${formatNumber(1 / (1 + 10 ** logOdds), 2)}` : `1 − 10^−${logOdds.toFixed(0)}`;
}

function curveSvg({ curve, gti, name }: GregoryLoredo): string {
  const origin = gti.startSec[0] as number;
  const start = curve.startSec.map((time) => time - origin);
  const stop = curve.stopSec.map((time) => time - origin);
  const middle = start.map((time, row) => 0.5 * (time + (stop[row] as number)));
  const gaps = gapSpans(gti, origin, curve.stopSec.at(-1) as number, origin);
  const bound = (sign: number) => curve.rate.map((rate, row) => rate + sign * (curve.rateErr[row] as number));
  return xyPlotSvg({
    title: `${name ? `${name}, ` : ""}Gregory–Loredo light curve`,
    x: { label: "Time since start", unit: "s" },
    y: { label: "Rate", unit: "counts/s", include: [0] },
    marks: [
      ...gaps,
      { kind: "band", x: middle, low: bound(-1), high: bound(1), opacity: 0.25 },
      { kind: "steps", start, stop, y: curve.rate },
    ],
    legend: gaps.length > 0,
  });
}

/**
 * Gregory–Loredo variability test: the odds that the rate is a step function of 2 … m equal bins against a constant,
 * all step heights equally likely, with the catalogue's choice of m and its index.
 *
 * Bins span the first to the last good time, m up to span/`minBinSec`; their exposure weighs in, so that gaps make no
 * variability. Cost O(photons · bins).
 *
 * @throws {RangeError} If there is no good time or an option is not positive.
 * @see Gregory & Loredo 1992, ApJ 398, 146; https://cxc.cfa.harvard.edu/ciao/ahelp/glvary.html
 * @example
 * gregoryLoredo(events).index;
 */
export function gregoryLoredo(photons: TimedPhotons, options: GregoryLoredoOptions = {}): GregoryLoredo {
  const { timeSec, gti, name } = goodPhotons(photons, options, "test for variability");
  return gregoryLoredoOfTimes(timeSec, gti, { ...options, name });
}

/** The same for photons that are all within the good time, ascending. */
export function gregoryLoredoOfTimes(
  timeSec: Float64Array,
  gti: Gti,
  options: Omit<GregoryLoredoOptions, "band"> & { readonly name?: string } = {},
): GregoryLoredo {
  const { minBinSec = 50, maxBins = 3000, name = "" } = options;
  if (!(minBinSec > 0 && maxBins >= 2)) {
    throw new RangeError(
      `Cannot test for variability: minBinSec must be > 0 and maxBins at least 2: current values are ${minBinSec} and ${maxBins}`,
    );
  }
  const span = (gti.stopSec.at(-1) as number) - (gti.startSec[0] as number);
  const mTop = Math.max(2, Math.min(maxBins, Math.floor(span / minBinSec)));
  return new GregoryLoredo(timeSec, gti, { odds: binningOdds(timeSec, gti, mTop), name });
}

/**
 * The catalogue's index from probability, log₁₀ odds and how much of the light curve stays within 3σ and 5σ.
 *
 * @see https://cxc.cfa.harvard.edu/csc/columns/var_index.html
 */
export function variabilityIndex(test: {
  probability: number;
  logOdds: number;
  fraction3Sigma: number;
  fraction5Sigma: number;
}): number {
  const { probability, logOdds, fraction3Sigma, fraction5Sigma } = test;
  if (probability <= 0.5) return 0;
  if (probability >= 0.9) return [2, 4, 10, 30].filter((limit) => logOdds >= limit).length + 6;
  const steady = fraction3Sigma > 0.997 && fraction5Sigma === 1;
  if (steady) return probability < 2 / 3 ? 1 : 2;
  return probability < 0.6 ? 3 : probability < 2 / 3 ? 4 : 5;
}
