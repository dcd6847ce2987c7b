import { DISPLAY } from "../host/index.ts";
import { fourierSums } from "../linalg/index.ts";
import { escapeMarkup, formatMeasured, formatNumber, xyPlotSvg } from "../plot/index.ts";
import type { TimedPhotons } from "./bands.ts";
import { chanceOfFold, foldExposure, foldStatistic } from "./fold.ts";
import { areFrameTimes, spreadOverFrames } from "./frame-times.ts";
import { type FrequencyOptions, frequenciesOf, frequencyGrid, peakOf } from "./frequency-grid.ts";
import { type GoodPhotons, goodPhotons, type PhotonChoice } from "./good-photons.ts";
import { thinned } from "./lomb-scargle.ts";
import { type PeriodWarning, periodWarnings } from "./period-warnings.ts";
import { chiSquareTail, lnGamma } from "./special.ts";

/** What is searched, and where. */
export interface PeriodSearchOptions extends PhotonChoice, FrequencyOptions {
  /** Lowest frequency, Hz. Default: two cycles in the observation. */
  readonly minHz?: number;
  /** Highest frequency, Hz. Default: 1/(2 frame time) where it is known, else 0.5 Hz. */
  readonly maxHz?: number;
  /** Seed that spreads the photons of a CCD over their frames. Default 1. */
  readonly seed?: number;
}

/** A statistic at many trial frequencies. */
export class PeriodSearch {
  /** Such as "Z²₂". */
  readonly statistic: string;
  readonly frequencyHz: Float64Array;
  readonly values: Float64Array;
  readonly name: string;
  readonly #chance: (value: number) => number;
  readonly #crossings: (value: number) => number;
  readonly #exact: (frequencyHz: number) => number;
  readonly #spanSec: number;
  readonly #photons: TimedPhotons;
  readonly #spreadSec: number;

  /** Use `zSquaredSearch`, `hTestSearch` or `epochFoldingSearch`. */
  constructor(fields: {
    statistic: string;
    frequencyHz: Float64Array;
    values: Float64Array;
    chance: (value: number) => number;
    /** Mean number of peaks above a value per independent frequency, 1/span. */
    crossings: (value: number) => number;
    exact: (frequencyHz: number) => number;
    spanSec: number;
    /** Frame time over which arrival times were spread, s; 0 where they were not. */
    spreadSec: number;
    photons: TimedPhotons;
  }) {
    this.statistic = fields.statistic;
    this.frequencyHz = fields.frequencyHz;
    this.values = fields.values;
    this.name = fields.photons.name ?? "";
    this.#chance = fields.chance;
    this.#crossings = fields.crossings;
    this.#exact = fields.exact;
    this.#spanSec = fields.spanSec;
    this.#photons = fields.photons;
    this.#spreadSec = fields.spreadSec;
  }

  /** Independent frequencies: the searched range times the span. */
  get trials(): number {
    return ((this.frequencyHz.at(-1) as number) - (this.frequencyHz[0] as number)) * this.#spanSec;
  }

  /** Chance that a constant source reaches a value at one frequency. */
  pValue(value: number): number {
    return this.#chance(value);
  }

  /**
   * Chance that a constant source reaches a value anywhere in the search: 1 − (1 − p) e^{−trials · crossings}, crossings
   * being the peaks above the value per independent frequency.
   *
   * @see Baluev 2008, MNRAS 385, 1279, for one harmonic; for n the same field has χ² with 2n degrees of freedom
   */
  pValueOfSearch(value: number): number {
    return -Math.expm1(Math.log1p(-Math.min(this.#chance(value), 1 - 2 ** -53)) - this.trials * this.#crossings(value));
  }

  /**
   * The highest value, with the chance of it in all trials, the uncertainty of its frequency, and what else could have
   * made it.
   *
   * The 1σ error is (−½ d²S/df²)^−½ at the peak: S/2 is the log likelihood of a weak signal near its frequency.
   */
  get best(): {
    frequencyHz: number;
    frequencyErrHz: number;
    periodSec: number;
    periodErrSec: number;
    value: number;
    pValue: number;
    warnings: PeriodWarning[];
  } {
    const at = peakOf(this.values);
    const isEdge = this.values.length > 1 && (at === 0 || at === this.values.length - 1);
    const { frequencyHz, frequencyErrHz, value } = isEdge ? this.#unrefined(at) : this.#refined(at);
    const periodSec = 1 / frequencyHz;
    return {
      frequencyHz,
      frequencyErrHz,
      periodSec,
      periodErrSec: frequencyErrHz * periodSec ** 2,
      value,
      pValue: this.pValueOfSearch(value),
      warnings: [...(isEdge ? [edgeWarning(periodSec)] : []), ...periodWarnings(this.#photons, periodSec)],
    };
  }

  /** A grid point; what rises to the edge of the range has no peak in it. */
  #unrefined(at: number): { frequencyHz: number; frequencyErrHz: number; value: number } {
    const [frequencyHz, value] = [this.frequencyHz[at] as number, this.values[at] as number];
    return { frequencyHz, frequencyErrHz: Number.NaN, value };
  }

  /** The peak between grid points, by a parabola through three exact values close to it. */
  #refined(at: number): { frequencyHz: number; frequencyErrHz: number; value: number } {
    const step = 0.1 / this.#spanSec;
    let frequencyHz = this.frequencyHz[at] as number;
    let curvature = Number.NaN;
    for (let round = 0; round < 4; round++) {
      const [low, middle, high] = [-step, 0, step].map((offset) => this.#exact(frequencyHz + offset)) as [
        number,
        number,
        number,
      ];
      curvature = (low - 2 * middle + high) / step ** 2;
      if (!(curvature < 0)) break;
      const shift = (0.5 * (low - high)) / (low - 2 * middle + high);
      frequencyHz += step * Math.max(-1, Math.min(1, shift));
    }
    const value = this.#exact(frequencyHz);
    const frequencyErrHz = curvature < 0 ? 1 / Math.sqrt(-0.5 * curvature) : Number.NaN;
    return { frequencyHz, frequencyErrHz, value };
  }

  [DISPLAY](): Record<string, string> {
    const { best } = this;
    const spread = this.#spreadSec > 0 ? `; times spread over frames of ${formatNumber(this.#spreadSec)} s` : "";
    const text = `highest ${this.statistic} ${best.value.toPrecision(4)} at ${measured(best.frequencyHz, best.frequencyErrHz)} Hz (period ${measured(best.periodSec, best.periodErrSec)} s), chance ${formatNumber(best.pValue, 2)} in ${this.trials.toFixed(0)} independent frequencies${spread}`;
    const warnings = best.warnings.map(({ message }) => `<div>⚠ ${escapeMarkup(message)}</div>`).join("");
    const svg = xyPlotSvg({
      title: `${this.name ? `${this.name}, ` : ""}${this.statistic} search`,
      x: { label: "Frequency", unit: "Hz" },
      y: { label: this.statistic, include: [0] },
      marks: [{ kind: "line", ...thinned(this.frequencyHz, this.values) }],
    });
    return {
      "text/html": `<div>${svg}<div style="font-size:85%;opacity:.75">${escapeMarkup(text)}${warnings}</div></div>`,
      "text/plain": [`PeriodSearch ${this.name}: ${text}`, ...best.warnings.map(({ message }) => message)].join("\n"),
    };
  }
}

/**
 * Z²ₙ at trial frequencies: 2/N Σ_k |Σ_i e^{2πi k f t_i}|² over the first n harmonics, χ² with 2n degrees of freedom
 * for a constant source without gaps. No binning; all frequencies in O(N + m log m).
 *
 * Here and in the other searches, times that are those of CCD frames are spread evenly over the frames: their clock is
 * otherwise found at every multiple of the frame time that has a harmonic there.
 *
 * @param options.harmonics Default 2.
 * @throws {RangeError} If there is no good time, or no photon in it.
 * @see Buccheri et al. 1983, A&A 128, 245
 */
export function zSquaredSearch(
  photons: TimedPhotons,
  options: PeriodSearchOptions & { readonly harmonics?: number } = {},
): PeriodSearch {
  const { harmonics = 2 } = options;
  checkWhole("harmonics", harmonics);
  const search = prepared(photons, options);
  const powers = harmonicPowers(search, harmonics);
  const values = Float64Array.from(search.frequencyHz, (_, k) =>
    powers.reduce((sum, power) => sum + (power[k] as number), 0),
  );
  return new PeriodSearch({
    ...search,
    statistic: `Z²${subscript(harmonics)}`,
    values,
    chance: (value) => chiSquareTail(value, 2 * harmonics),
    crossings: (value) => chiSquareCrossings(value, 2 * harmonics, harmonics),
    exact: (frequencyHz) => powersAt(search.sinceSec, frequencyHz, harmonics).reduce((a, b) => a + b, 0),
  });
}

/**
 * H test at trial frequencies: max over m ≤ 20 of Z²_m − 4m + 4, with the chance e^{−0.4 H}. For pulses of unknown shape.
 *
 * @see de Jager, Raubenheimer & Swanepoel 1989, A&A 221, 180; de Jager & Büsching 2010, A&A 517, L9
 */
export function hTestSearch(
  photons: TimedPhotons,
  options: PeriodSearchOptions & { readonly maxHarmonics?: number } = {},
): PeriodSearch {
  const { maxHarmonics = 20 } = options;
  checkWhole("maxHarmonics", maxHarmonics);
  const search = prepared(photons, options);
  const powers = harmonicPowers(search, maxHarmonics);
  return new PeriodSearch({
    ...search,
    statistic: "H",
    values: Float64Array.from(search.frequencyHz, (_, k) => hOf(powers.map((power) => power[k] as number))),
    chance: (value) => Math.exp(-0.4 * value),
    crossings: (value) => H_CROSSINGS * Math.exp(-0.4 * value),
    exact: (frequencyHz) => hOf(powersAt(search.sinceSec, frequencyHz, maxHarmonics)),
  });
}

/**
 * Epoch folding at trial frequencies: χ² of the folded counts against those that the exposure of each phase bin would
 * have of a constant source, so that gaps of about a period make no signal. Cost O(m (N + bins + intervals)).
 *
 * @param options.bins Phase bins. Default 16.
 * @see Leahy et al. 1983, ApJ 266, 160; the exposure as in Larsson 1996, A&AS 117, 197
 */
export function epochFoldingSearch(
  photons: TimedPhotons,
  options: PeriodSearchOptions & { readonly bins?: number } = {},
): PeriodSearch {
  const { bins = 16 } = options;
  checkWhole("bins", bins);
  const search = prepared(photons, options);
  const exact = (frequencyHz: number) =>
    foldStatistic(
      search.sinceSec,
      frequencyHz,
      foldExposure(search.chosen.gti, frequencyHz, { bins, originSec: search.originSec }),
    );
  return new PeriodSearch({
    ...search,
    statistic: `χ² of ${bins} phase bins`,
    values: search.frequencyHz.map(exact),
    chance: (value) => chanceOfFold(value, bins),
    crossings: (value) => chiSquareCrossings(value, bins - 1, (bins - 1) / 2),
    exact,
  });
}

interface Prepared {
  readonly chosen: GoodPhotons;
  readonly photons: TimedPhotons;
  readonly originSec: number;
  readonly sinceSec: Float64Array;
  readonly frequencyHz: Float64Array;
  readonly grid: { first: number; step: number; count: number };
  readonly spanSec: number;
  readonly spreadSec: number;
}

function prepared(photons: TimedPhotons, options: PeriodSearchOptions): Prepared {
  const chosen = goodPhotons(photons, options, "search for periods");
  if (chosen.timeSec.length === 0) {
    throw new RangeError(
      `Cannot search for periods: there must be photons in the band and the good time: "${chosen.name}" has 0 of ${photons.timeSec.length}`,
    );
  }
  const originSec = chosen.gti.startSec[0] as number;
  const spanSec = (chosen.gti.stopSec.at(-1) as number) - originSec;
  const { frameTimeSec = 0 } = photons;
  const minHz = options.minHz ?? 2 / spanSec;
  const maxHz = options.maxHz ?? (frameTimeSec > 0 ? 0.5 / frameTimeSec : 0.5);
  const grid = frequencyGrid(spanSec, { ...options, minHz, maxHz });
  const spreadSec = frameTimeSec > 0 && areFrameTimes(chosen.timeSec, frameTimeSec) ? frameTimeSec : 0;
  const timeSec = spreadSec > 0 ? spreadOverFrames(chosen.timeSec, spreadSec, options.seed ?? 1) : chosen.timeSec;
  const sinceSec = timeSec.map((time) => time - originSec);
  return { chosen, photons, originSec, sinceSec, frequencyHz: frequenciesOf(grid), grid, spanSec, spreadSec };
}

function edgeWarning(periodSec: number): PeriodWarning {
  const message = `the highest value is at the edge of the searched range, ${periodSec.toPrecision(5)} s: it is no peak`;
  return { cause: "edge", periodSec, message };
}

/** 2/N |Σ e^{2πi k f t}|² per harmonic k and frequency. */
function harmonicPowers({ sinceSec, grid }: Prepared, harmonics: number): Float64Array[] {
  const scale = 2 / Math.max(sinceSec.length, 1);
  return Array.from({ length: harmonics }, (_, index) => {
    const k = index + 1;
    const { re, im } = fourierSums(sinceSec, { ...grid, first: k * grid.first, step: k * grid.step });
    return re.map((value, i) => scale * (value * value + (im[i] as number) ** 2));
  });
}

/** The same at one frequency. */
function powersAt(sinceSec: Float64Array, frequencyHz: number, harmonics: number): number[] {
  const scale = 2 / Math.max(sinceSec.length, 1);
  return Array.from({ length: harmonics }, (_, index) => {
    let [re, im] = [0, 0];
    for (const time of sinceSec) {
      const turns = (index + 1) * frequencyHz * time;
      const angle = 2 * Math.PI * (turns - Math.floor(turns));
      re += Math.cos(angle);
      im += Math.sin(angle);
    }
    return scale * (re * re + im * im);
  });
}

/** Peaks of H above a value per independent frequency, in units of its chance: found by simulation, 5–7. */
const H_CROSSINGS = 6;

/**
 * Peaks above a value per independent frequency of a χ² field with so many degrees of freedom: the mean number of
 * upcrossings, √(π/3) · k · (S/2)^{(ν−1)/2} e^{−S/2}/Γ(ν/2), k the rms of the harmonics 1 … n.
 */
function chiSquareCrossings(value: number, degrees: number, harmonics: number): number {
  const rms = Math.sqrt(((harmonics + 1) * (2 * harmonics + 1)) / 6);
  const half = value / 2;
  if (!(half > 0)) return 0;
  return rms * Math.sqrt(Math.PI / 3) * Math.exp(0.5 * (degrees - 1) * Math.log(half) - half - lnGamma(degrees / 2));
}

function hOf(powers: readonly number[]): number {
  let sum = 0;
  let best = Number.NEGATIVE_INFINITY;
  powers.forEach((power, index) => {
    sum += power;
    best = Math.max(best, sum - 4 * index);
  });
  return best;
}

/** A frequency or period with its error; to seven digits where it has none. */
function measured(value: number, error: number): string {
  return Number.isFinite(error) ? formatMeasured(value, error) : formatNumber(value, 7);
}

function checkWhole(name: string, value: number): void {
  if (Number.isInteger(value) && value > 0) return;
  throw new RangeError(`Cannot search for periods: ${name} must be whole and above 0: current value is ${value}`);
}

function subscript(value: number): string {
  return Array.from(String(value), (digit) => String.fromCharCode(0x2080 + Number(digit))).join("");
}
