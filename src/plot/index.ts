export type {
  BandMark,
  CellsMark,
  LineMark,
  Mark,
  MarkStyle,
  PointsMark,
  RuleMark,
  SpansMark,
  StepsMark,
} from "./marks.ts";
export {
  categoryColor,
  OKABE_ITO,
  oklch,
  parseHex,
  type Rgb,
  sequentialColor,
  sequentialRgb,
  toHex,
} from "./palette.ts";
export { createScale, extentOf, type Scale, type ScaleKind } from "./scale.ts";
export { type Attributes, escapeMarkup, INK, Markup, svgDocument, tag } from "./scene.ts";
export {
  formatMeasured,
  formatNumber,
  linearTicks,
  logTicks,
  powerOfTen,
  readableUnit,
  type Ticks,
  tickStep,
} from "./ticks.ts";
export { type AxisOptions, type XyPlotOptions, xyPlotSvg } from "./xy-plot.ts";
