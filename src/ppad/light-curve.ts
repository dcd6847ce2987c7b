import { countOf } from "../array/index.ts";
import { exposurePerBin } from "../gti/index.ts";
import { DISPLAY } from "../host/index.ts";
import { categoryColor, escapeMarkup, formatNumber, type Mark, xyPlotSvg } from "../plot/index.ts";

/** Histogram bins of the photons behind the curve. */
const BINS = 60;

/** What binned photons are made of; seconds from the start of the observation. */
export interface PhotonTimes {
  readonly photonSec: Float64Array;
  readonly goodSec: { readonly start: Float64Array; readonly stop: Float64Array };
}

/** Counts over exposure in even bins; a bin without exposure is NaN, so that its line breaks. */
export function binnedPhotons({ photonSec, goodSec }: PhotonTimes): Mark {
  const { start: startSec, stop: stopSec } = goodSec;
  const width = stopSec[stopSec.length - 1]! / BINS;
  const edges = Float64Array.from({ length: BINS + 1 }, (_, bin) => bin * width);
  const counts = new Float64Array(BINS);
  for (const time of photonSec) counts[Math.min(BINS - 1, Math.floor(time / width))]!++;
  const exposure = exposurePerBin({ startSec, stopSec }, edges);
  const rate = counts.map((count, bin) => (exposure[bin]! > 0 ? count / exposure[bin]! : Number.NaN));
  const [start, stop] = [edges.subarray(0, BINS), edges.subarray(1)];
  return { kind: "steps", start, stop, y: rate, color: categoryColor(0), label: "photons", opacity: 0.6 };
}

/** A source's rate as a model sees it, with its limits, over the photons it follows from. */
export class PpadLightCurve {
  /** Name of the source. */
  readonly name: string;
  /** Seconds from the start of the observation, within its good time, ascending; closer where photons are. */
  readonly timeSec: Float64Array;
  /** Counts/s over all bands. */
  readonly rate: Float64Array;
  /** Known background that the photons have besides, counts/s over all bands; 0 where nothing is known of it. */
  readonly backgroundRate: number;
  /** Limits of the rate, counts/s. */
  readonly rateLow: Float64Array;
  readonly rateHigh: Float64Array;
  /** Half width of the limits, standard deviations of log rate. */
  readonly sigma: number;
  /** Arrival times of the photons in band, seconds from the start. */
  readonly photonSec: Float64Array;
  /** Good time intervals, seconds from the start. */
  readonly goodSec: { readonly start: Float64Array; readonly stop: Float64Array };

  /** Use `PpadModel.lightCurve`. */
  constructor(fields: Omit<PpadLightCurve, typeof DISPLAY>) {
    this.name = fields.name;
    this.timeSec = fields.timeSec;
    this.rate = fields.rate;
    this.backgroundRate = fields.backgroundRate;
    this.rateLow = fields.rateLow;
    this.rateHigh = fields.rateHigh;
    this.sigma = fields.sigma;
    this.photonSec = fields.photonSec;
    this.goodSec = fields.goodSec;
  }

  [DISPLAY](): { "text/html": string; "text/plain": string } {
    const good = this.goodSec;
    const gaps = { start: good.stop.slice(0, -1), stop: good.start.slice(1) };
    const model = categoryColor(1);
    // The photons are drawn as they came, so the rate is drawn on its background.
    const background = this.backgroundRate;
    const recorded = (rate: number) => rate + background;
    const marks: Mark[] = [
      ...(gaps.start.length > 0 ? [{ kind: "spans" as const, ...gaps, label: "not observed" }] : []),
      binnedPhotons(this),
      {
        kind: "band",
        x: this.timeSec,
        low: this.rateLow.map(recorded),
        high: this.rateHigh.map(recorded),
        color: model,
        opacity: 0.25,
        label: `±${formatNumber(this.sigma)}σ`,
      },
      { kind: "line", x: this.timeSec, y: this.rate.map(recorded), color: model, label: "PPAD" },
      ...(background > 0 ? [{ kind: "rule" as const, y: background }] : []),
    ];
    const svg = xyPlotSvg({
      title: `${this.name}, PPAD rate`,
      x: { label: "Time since start", unit: "s" },
      y: { label: "Rate", unit: "counts/s", include: [0] },
      marks,
      legend: true,
      height: 260,
    });
    const note = `${countOf(this.photonSec.length, "photon")}; limits at ±${formatNumber(this.sigma)}σ of log rate${background > 0 ? `; on a known background of ${formatNumber(background)} counts/s` : ""}`;
    return {
      "text/plain": `PpadLightCurve ${this.name}: ${note}`,
      "text/html": `<div>${svg}<div style="font-size:85%;opacity:.75">${escapeMarkup(note)}</div></div>`,
    };
  }
}
