import type { Config } from "vega-lite";
import { OKABE_ITO, sequentialColor } from "../plot/index.ts";

/** Printers' points per millimetre; one unit of a specification is one point. */
export const POINTS_PER_MM = 72 / 25.4;
/** Widths of a journal's columns, mm. */
export const COLUMN_MM = { single: 88, double: 180 } as const;

/** Ink of text, axes and error bars. */
export const INK = "#1a1a1a";
/** Things that stand behind the data: gaps, unselected points. */
export const FAINT = "#c8c8c8";

/** The family all figures are set in, with what a browser falls back to; both are of nearly the same width. */
const FONT_FAMILY = "DejaVu Sans, Verdana, sans-serif";

/** Sizes in points: what a journal prints at 88 mm without scaling. */
const TEXT_PT = 8;
export const SMALL_PT = 7;

/**
 * The look of a printed figure: 8 pt text, thin axes with outward ticks, a frame, no grid, Okabe–Ito colours, white
 * paper also on a dark page.
 */
export const PUBLICATION_CONFIG: Config = {
  background: "white",
  font: FONT_FAMILY,
  padding: 3,
  axis: {
    labelFontSize: SMALL_PT,
    titleFontSize: TEXT_PT,
    titleFontWeight: "normal",
    labelColor: INK,
    titleColor: INK,
    // The frame of the view is the axis line.
    domain: false,
    tickColor: INK,
    tickWidth: 0.6,
    tickSize: 3.5,
    labelPadding: 2,
    titlePadding: 4,
    grid: false,
    labelFlush: false,
  },
  axisXDiscrete: { labelAngle: 0, labelLimit: 70 },
  mark: { color: OKABE_ITO.blue },
  view: { stroke: INK, strokeWidth: 0.6 },
  title: { fontSize: TEXT_PT, fontWeight: "bold", color: INK, anchor: "start", offset: 5 },
  legend: {
    labelFontSize: SMALL_PT,
    titleFontSize: SMALL_PT,
    titleFontWeight: "normal",
    labelColor: INK,
    titleColor: INK,
    symbolSize: 28,
    symbolStrokeWidth: 1,
    rowPadding: 1,
    columnPadding: 8,
    labelOffset: 3,
    padding: 0,
    offset: 5,
    gradientThickness: 7,
    gradientStrokeColor: INK,
    gradientStrokeWidth: 0.4,
  },
  header: {
    labelFontSize: SMALL_PT,
    titleFontSize: TEXT_PT,
    titleFontWeight: "normal",
    labelColor: INK,
    titleColor: INK,
  },
  range: {
    category: Object.values(OKABE_ITO),
    ramp: Array.from({ length: 9 }, (_, i) => sequentialColor(i / 8)),
    heatmap: Array.from({ length: 9 }, (_, i) => sequentialColor(i / 8)),
  },
  point: { size: 14, filled: true, opacity: 1 },
  circle: { size: 14, opacity: 1 },
  line: { strokeWidth: 1 },
  rule: { strokeWidth: 0.6, color: INK },
  text: { fontSize: SMALL_PT, color: INK },
};
