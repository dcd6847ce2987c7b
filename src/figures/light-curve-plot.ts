import type { TopLevelSpec } from "vega-lite";
import { OKABE_ITO } from "../plot/index.ts";
import { INK } from "./theme.ts";

/** A light curve as `lightCurve()` makes it. */
export interface LightCurveLike {
  readonly name?: string;
  /** Edges of the bins, seconds. */
  readonly startSec: Float64Array;
  readonly stopSec: Float64Array;
  /** Counts/s; NaN without exposure. */
  readonly rate: Float64Array;
  /** Distances from the rate to its 68 % limits, counts/s. */
  readonly rateErrLow: Float64Array;
  readonly rateErrHigh: Float64Array;
  readonly gti: { readonly startSec: Float64Array; readonly stopSec: Float64Array };
}

/** A rate at moments of mission time, such as PPAD's. */
export interface RateCurve {
  readonly timeSec: ArrayLike<number>;
  /** Counts/s. */
  readonly rate: ArrayLike<number>;
  /** Name in the legend. Default "model". */
  readonly name?: string;
}

/** What is drawn with a light curve. */
export interface LightCurvePlotOptions {
  /** One or more rate curves over the data. */
  readonly rate?: RateCurve | readonly RateCurve[];
  /** Title above the plot. Default: the light curve's name. */
  readonly title?: string;
  /** Moment that the time axis counts from, mission seconds. Default: start of the first bin. */
  readonly originSec?: number;
}

/** Bins up to which the width of a bin is drawn too. */
const MAX_CROSSES = 120;
/** Light curves longer than this are drawn in kiloseconds. */
const KILOSECONDS_FROM = 3000;

/** Specification of a light curve: points with 68 % limits, times that were not watched in grey, rates as lines. */
export function lightCurvePlot(curve: LightCurveLike, options: LightCurvePlotOptions = {}): TopLevelSpec {
  const n = curve.startSec.length;
  const origin = options.originSec ?? curve.startSec[0] ?? 0;
  const span = (curve.stopSec[n - 1] ?? origin) - origin;
  const unit = span > KILOSECONDS_FROM ? { factor: 1e-3, name: "ks" } : { factor: 1, name: "s" };
  const time = (sec: number) => (sec - origin) * unit.factor;
  const bins = Array.from({ length: n }, (_, i) => i).flatMap((i) => {
    const rate = curve.rate[i]!;
    if (!Number.isFinite(rate)) return [];
    const [from, to] = [time(curve.startSec[i]!), time(curve.stopSec[i]!)];
    return [
      { from, to, t: (from + to) / 2, rate, low: rate - curve.rateErrLow[i]!, high: rate + curve.rateErrHigh[i]! },
    ];
  });
  const domain = [time(curve.startSec[0] ?? 0), time(curve.stopSec[n - 1] ?? 1)];
  const shown = [...bins.map(({ high }) => high), ...curvesOf(options.rate).flatMap((one) => visible(one, curve))];
  const highest = shown.reduce((most, value) => Math.max(most, value), 0) || 1;
  const x = {
    field: "t",
    type: "quantitative",
    title: `Time (${unit.name})`,
    scale: { domain, nice: false, zero: false },
    axis: { format: "~f" },
  };
  const y = {
    field: "rate",
    type: "quantitative",
    title: "Count rate (s⁻¹)",
    scale: { domain: [0, 1.06 * highest], nice: false },
  };
  const rates = rateLayer(options.rate, time, domain);
  const title = options.title ?? curve.name;
  const layer = [
    {
      data: { values: gaps(curve, time) },
      mark: { type: "rect", color: "#ececec" },
      encoding: { x: { ...x, field: "from" }, x2: { field: "to" } },
    },
    ...(n <= MAX_CROSSES
      ? [{ data: { values: bins }, mark: "rule", encoding: { x: { ...x, field: "from" }, x2: { field: "to" }, y } }]
      : []),
    { data: { values: bins }, mark: "rule", encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" } } },
    ...(n > MAX_CROSSES
      ? [{ data: { values: bins }, mark: { type: "circle", size: 6, color: INK, opacity: 1 }, encoding: { x, y } }]
      : []),
    ...rates,
  ];
  return { ...(title ? { title } : {}), height: rates.length > 0 ? 148 : 134, layer } as unknown as TopLevelSpec;
}

function curvesOf(given: LightCurvePlotOptions["rate"]): readonly RateCurve[] {
  return given === undefined ? [] : "timeSec" in given ? [given] : given;
}

/** Rates of a curve within the light curve's time. */
function visible({ timeSec, rate }: RateCurve, { startSec, stopSec }: LightCurveLike): number[] {
  const end = stopSec[stopSec.length - 1]!;
  return Array.from(rate).filter(
    (value, i) => timeSec[i]! >= startSec[0]! && timeSec[i]! <= end && Number.isFinite(value),
  );
}

/** Stretches between the first and the last bin that no good time covers. */
function gaps(curve: LightCurveLike, time: (sec: number) => number): { from: number; to: number }[] {
  const { startSec, stopSec } = curve.gti;
  const end = curve.stopSec[curve.stopSec.length - 1] ?? 0;
  const found: { from: number; to: number }[] = [];
  let from = curve.startSec[0] ?? 0;
  for (let i = 0; i <= startSec.length; i++) {
    const to = Math.min(startSec[i] ?? end, end);
    if (to > from) found.push({ from: time(from), to: time(to) });
    from = Math.max(from, stopSec[i] ?? end);
  }
  return found;
}

function rateLayer(
  given: LightCurvePlotOptions["rate"],
  time: (sec: number) => number,
  [first, last]: readonly number[],
): object[] {
  const curves = curvesOf(given);
  if (curves.length === 0) return [];
  const names = curves.map(({ name }, index) => name ?? (curves.length > 1 ? `model ${index + 1}` : "model"));
  const values = curves.flatMap((curve, index) =>
    Array.from(curve.timeSec, (sec, i) => ({ t: time(sec), rate: curve.rate[i]!, name: names[index]! })).filter(
      ({ t, rate }) => t >= first! && t <= last! && Number.isFinite(rate),
    ),
  );
  const colors = [OKABE_ITO.vermillion, OKABE_ITO.blue, OKABE_ITO.green, OKABE_ITO.purple];
  const legend = { title: null, orient: "top", symbolType: "stroke", symbolSize: 60 };
  const color = {
    field: "name",
    type: "nominal",
    scale: { domain: names, range: colors.slice(0, names.length) },
    legend,
  };
  return [
    {
      data: { values },
      mark: { type: "line", strokeWidth: 1.1, clip: true },
      encoding: { x: { field: "t", type: "quantitative" }, y: { field: "rate", type: "quantitative" }, color },
    },
  ];
}
