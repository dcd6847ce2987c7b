import { countOf } from "../array/index.ts";
import { type Gti, gapsOfGti } from "../gti/index.ts";
import { categoryColor, escapeMarkup, formatNumber, type Mark, xyPlotSvg } from "../plot/index.ts";
import type { LightCurve } from "./light-curve.ts";

/** Bins beyond this are drawn as an outline without error bars. */
const MAX_ERROR_BARS = 400;

/** A light curve as a plot: time since its start, rate with errors, gaps of the good time shaded. */
export function lightCurveHtml(curve: LightCurve, band: string): string {
  const origin = curve.startSec[0] ?? 0;
  const svg = lightCurveSvg(curve, { originSec: origin, title: `${curve.name || "Light curve"}, ${band}` });
  const outside = curve.eventsOutsideGti > 0 ? `; ${curve.eventsOutsideGti} outside the good time not counted` : "";
  const other =
    curve.otherEnergies > 0 ? `; ${countOf(curve.otherEnergies, "photon")} of other energies not counted` : "";
  const width = Number.isNaN(curve.binSec) ? "" : ` of ${formatNumber(curve.binSec)} s`;
  const summary = `${countOf(curve.totalCounts, "count")} in ${countOf(curve.length, "bin")}${width}${outside}${other}; time since ${origin.toFixed(3)} s; 1σ Poisson limits (Gehrels 1986, ${curve.errors})`;
  return `<div>${svg}<div style="font-size:85%;opacity:.75">${escapeMarkup(summary)}</div></div>`;
}

/**
 * The SVG alone.
 *
 * @param options.originSec Mission time that the axis counts from, s.
 * @param options.title What the plot is called.
 * @param options.height Height, px. Default 260.
 */
export function lightCurveSvg(
  curve: LightCurve,
  options: { originSec: number; title: string; height?: number },
): string {
  const { originSec } = options;
  const since = (times: Float64Array) => times.map((time) => time - originSec);
  const start = since(curve.startSec);
  const stop = since(curve.stopSec);
  const marks: Mark[] = [];
  const from = curve.startSec[0] ?? 0;
  const to = curve.stopSec.at(-1) ?? 0;
  const gaps = to > from ? gapSpans(curve.gti, from, to, originSec) : [];
  marks.push(...gaps);
  marks.push({ kind: "steps", start, stop, y: curve.rate });
  if (curve.length <= MAX_ERROR_BARS) {
    const yLow = curve.rate.map((rate, bin) => rate - (curve.rateErrLow[bin] as number));
    const yHigh = curve.rate.map((rate, bin) => rate + (curve.rateErrHigh[bin] as number));
    marks.push({ kind: "points", x: since(curve.midSec), y: curve.rate, yLow, yHigh, color: categoryColor(0) });
  }
  return xyPlotSvg({
    title: options.title,
    x: { label: "Time", unit: "s" },
    y: { label: "Rate", unit: "counts/s", include: [0] },
    marks,
    legend: gaps.length > 0,
    height: options.height ?? 260,
  });
}

/** What is not good time between two times, shaded; times counted from `originSec`. */
export function gapSpans(gti: Gti, fromSec: number, toSec: number, originSec: number): Mark[] {
  const gaps = gapsOfGti(gti, fromSec, toSec);
  if (gaps.startSec.length === 0) return [];
  const since = (times: Float64Array) => times.map((time) => time - originSec);
  return [{ kind: "spans", start: since(gaps.startSec), stop: since(gaps.stopSec), label: "not observed" }];
}
