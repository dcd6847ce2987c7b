import { DISPLAY } from "../host/index.ts";
import { categoryColor, escapeMarkup, formatNumber, type Mark, xyPlotSvg } from "../plot/index.ts";

/** What a curve is made of. */
export interface PpadLightCurveParts {
  /** Name of the source. */
  readonly name: string;
  /** Seconds from the start of the observation, within its good time, ascending; closer where photons are. */
  readonly timeSec: Float64Array;
  /** Counts/s over all bands. */
  readonly rate: Float64Array;
  /** Limits of the rate, counts/s. */
  readonly rateLow: Float64Array;
  readonly rateHigh: Float64Array;
  /** Half width of the limits, standard deviations of log rate. */
  readonly sigma: number;
  /** Arrival times of the photons in band, seconds from the start. */
  readonly photonSec: Float64Array;
  /** Good time intervals, seconds from the start. */
  readonly goodSec: { readonly start: Float64Array; readonly stop: Float64Array };
}

/** Histogram bins of the photons behind the curve. */
const BINS = 60;

/** A source's rate as a model sees it, with its limits, over the photons it follows from. */
export class PpadLightCurve implements PpadLightCurveParts {
  readonly name: string;
  readonly timeSec: Float64Array;
  readonly rate: Float64Array;
  readonly rateLow: Float64Array;
  readonly rateHigh: Float64Array;
  readonly sigma: number;
  readonly photonSec: Float64Array;
  readonly goodSec: { readonly start: Float64Array; readonly stop: Float64Array };

  constructor(parts: PpadLightCurveParts) {
    this.name = parts.name;
    this.timeSec = parts.timeSec;
    this.rate = parts.rate;
    this.rateLow = parts.rateLow;
    this.rateHigh = parts.rateHigh;
    this.sigma = parts.sigma;
    this.photonSec = parts.photonSec;
    this.goodSec = parts.goodSec;
  }

  /** Counts over exposure in even bins; a bin without exposure is NaN, so that its line breaks. */
  #binned(): { start: Float64Array; stop: Float64Array; rate: Float64Array } {
    const { start: from, stop: to } = this.goodSec;
    const width = to[to.length - 1]! / BINS;
    const start = Float64Array.from({ length: BINS }, (_, bin) => bin * width);
    const stop = start.map((value) => value + width);
    const counts = new Float64Array(BINS);
    for (const time of this.photonSec) counts[Math.min(BINS - 1, Math.floor(time / width))]!++;
    const rate = counts.map((count, bin) => {
      let exposure = 0;
      for (let i = 0; i < from.length; i++) {
        exposure += Math.max(0, Math.min(to[i]!, stop[bin]!) - Math.max(from[i]!, start[bin]!));
      }
      return exposure > 0 ? count / exposure : Number.NaN;
    });
    return { start, stop, rate };
  }

  [DISPLAY](): { "text/html": string; "text/plain": string } {
    const { start, stop, rate } = this.#binned();
    const good = this.goodSec;
    const gaps = { start: good.stop.slice(0, -1), stop: good.start.slice(1) };
    const model = categoryColor(1);
    const marks: Mark[] = [
      ...(gaps.start.length > 0 ? [{ kind: "spans" as const, ...gaps, label: "not observed" }] : []),
      { kind: "steps", start, stop, y: rate, color: categoryColor(0), label: "photons", opacity: 0.6 },
      {
        kind: "band",
        x: this.timeSec,
        low: this.rateLow,
        high: this.rateHigh,
        color: model,
        opacity: 0.25,
        label: `±${formatNumber(this.sigma)}σ`,
      },
      { kind: "line", x: this.timeSec, y: this.rate, color: model, label: "PPAD" },
    ];
    const svg = xyPlotSvg({
      title: `${this.name}, PPAD rate`,
      x: { label: "Time since start", unit: "s" },
      y: { label: "Rate", unit: "counts/s", include: [0] },
      marks,
      legend: true,
      height: 260,
    });
    const note = `${this.photonSec.length} photons; limits at ±${formatNumber(this.sigma)}σ of log rate`;
    return {
      "text/plain": `PpadLightCurve ${this.name}: ${note}`,
      "text/html": `<div>${svg}<div style="font-size:85%;opacity:.75">${escapeMarkup(note)}</div></div>`,
    };
  }
}
