import { DISPLAY } from "../host/index.ts";
import { escapeMarkup, formatNumber, xyPlotSvg } from "../plot/index.ts";
import type { TimedPhotons } from "./bands.ts";
import { chanceOfFold, foldCounts, foldExposure, foldStatistic } from "./fold.ts";
import { goodPhotons, type PhotonChoice } from "./good-photons.ts";
import { poissonInterval } from "./poisson-interval.ts";

/** How photons are folded. */
export interface PulseProfileOptions extends PhotonChoice {
  /** Length of a cycle, s. */
  readonly periodSec: number;
  /** Default 16. */
  readonly bins?: number;
  /** Mission time of phase 0, s. Default: the first good time. */
  readonly originSec?: number;
}

/** Counts and rates by phase. */
export class PulseProfile {
  readonly periodSec: number;
  readonly counts: Float64Array;
  /** Good, live time in each phase bin, s. */
  readonly exposureSec: Float64Array;
  /** Counts/s; NaN without exposure. */
  readonly rate: Float64Array;
  /** Distances to the 1σ Poisson limits, counts/s. */
  readonly rateErrLow: Float64Array;
  readonly rateErrHigh: Float64Array;
  /** χ² against a constant rate and its chance. */
  readonly chi2: number;
  readonly pValue: number;
  readonly name: string;

  /** Use `pulseProfile`. */
  constructor(fields: {
    periodSec: number;
    counts: Float64Array;
    exposureSec: Float64Array;
    chi2: number;
    name: string;
  }) {
    const { counts, exposureSec } = fields;
    this.periodSec = fields.periodSec;
    this.counts = counts;
    this.exposureSec = exposureSec;
    const perSec = (value: number, bin: number) =>
      (exposureSec[bin] as number) > 0 ? value / (exposureSec[bin] as number) : Number.NaN;
    this.rate = counts.map(perSec);
    this.rateErrLow = counts.map((n, bin) => perSec(n - poissonInterval(n)[0], bin));
    this.rateErrHigh = counts.map((n, bin) => perSec(poissonInterval(n)[1] - n, bin));
    this.chi2 = fields.chi2;
    this.pValue = chanceOfFold(fields.chi2, counts.length);
    this.name = fields.name;
  }

  /** (max − min)/(max + min) of the rates, 0–1; noise makes it larger than the source's. */
  get pulsedFraction(): number {
    const rates = this.rate.filter((rate) => !Number.isNaN(rate));
    const [low, high] = [Math.min(...rates), Math.max(...rates)];
    return (high - low) / (high + low);
  }

  [DISPLAY](): Record<string, string> {
    const bins = this.counts.length;
    const twice = (values: Float64Array) => Float64Array.of(...values, ...values);
    const start = Float64Array.from({ length: 2 * bins }, (_, i) => i / bins);
    const rate = twice(this.rate);
    const text = `period ${formatNumber(this.periodSec)} s, χ² ${this.chi2.toFixed(1)} for ${bins - 1} degrees of freedom, chance ${formatNumber(this.pValue, 2)}, pulsed fraction ${this.pulsedFraction.toFixed(3)}`;
    const svg = xyPlotSvg({
      title: `${this.name ? `${this.name}, ` : ""}pulse profile, two cycles`,
      x: { label: "Phase" },
      y: { label: "Rate", unit: "counts/s", include: [0] },
      marks: [
        { kind: "steps", start, stop: start.map((phase) => phase + 1 / bins), y: rate },
        {
          kind: "points",
          x: start.map((phase) => phase + 0.5 / bins),
          y: rate,
          yLow: rate.map((value, i) => value - (this.rateErrLow[i % bins] as number)),
          yHigh: rate.map((value, i) => value + (this.rateErrHigh[i % bins] as number)),
        },
      ],
    });
    return {
      "text/html": `<div>${svg}<div style="font-size:85%;opacity:.75">${escapeMarkup(text)}</div></div>`,
      "text/plain": `PulseProfile ${this.name}: ${text}`,
    };
  }
}

/**
 * Folds photons and good time at a period.
 *
 * @throws {RangeError} If the period is not positive or there is no good time.
 */
export function pulseProfile(photons: TimedPhotons, options: PulseProfileOptions): PulseProfile {
  const { periodSec, bins = 16 } = options;
  if (!(periodSec > 0 && Number.isFinite(periodSec))) {
    throw new RangeError(`Cannot fold: periodSec must be above 0: current value is ${periodSec}`);
  }
  const { timeSec, gti, liveFraction, name } = goodPhotons(photons, options, "fold");
  const originSec = options.originSec ?? (gti.startSec[0] as number);
  const exposure = foldExposure(gti, 1 / periodSec, { bins, originSec });
  const since = timeSec.map((time) => time - originSec);
  return new PulseProfile({
    periodSec,
    counts: foldCounts(since, 1 / periodSec, bins),
    exposureSec: exposure.map((seconds) => seconds * liveFraction),
    chi2: foldStatistic(since, 1 / periodSec, exposure),
    name,
  });
}
