import { categoryColor, sequentialColor } from "./palette.ts";
import type { Scale } from "./scale.ts";
import { coordinate, INK, type Markup, tag } from "./scene.ts";

/** What every mark may say. */
export interface MarkStyle {
  /** CSS colour. Default: the next of the categorical palette. */
  readonly color?: string;
  /** Entry in the legend. Default: none. */
  readonly label?: string;
  /** 0 to 1. Default 1 (spans and bands: 0.15). */
  readonly opacity?: number;
}

/** A line through points; a NaN breaks it. */
export interface LineMark extends MarkStyle {
  readonly kind: "line";
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** Line width, px. Default 1.5. */
  readonly width?: number;
  /** SVG dash pattern such as "4 3". Default: solid. */
  readonly dash?: string;
}

/** A histogram's outline: bins from `start` to `stop`; bins that do not touch, and NaN, break it. */
export interface StepsMark extends MarkStyle {
  readonly kind: "steps";
  readonly start: ArrayLike<number>;
  readonly stop: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly width?: number;
}

/** Dots with error bars. */
export interface PointsMark extends MarkStyle {
  readonly kind: "points";
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** Ends of the vertical error bars, in data units (not lengths). Default: none. */
  readonly yLow?: ArrayLike<number>;
  readonly yHigh?: ArrayLike<number>;
  /** Ends of the horizontal bars, in data units. Default: none. */
  readonly xLow?: ArrayLike<number>;
  readonly xHigh?: ArrayLike<number>;
  /** Radius, px. Default 2. */
  readonly radius?: number;
}

/** The area between two curves. */
export interface BandMark extends MarkStyle {
  readonly kind: "band";
  readonly x: ArrayLike<number>;
  readonly low: ArrayLike<number>;
  readonly high: ArrayLike<number>;
}

/** Intervals of x shaded over the full height, such as times without observation. */
export interface SpansMark extends MarkStyle {
  readonly kind: "spans";
  readonly start: ArrayLike<number>;
  readonly stop: ArrayLike<number>;
}

/** One straight line across the plot, at an x or a y. */
export interface RuleMark extends MarkStyle {
  readonly kind: "rule";
  readonly x?: number;
  readonly y?: number;
  readonly dash?: string;
}

/** A map of coloured cells, row-major: `values[row * (xEdges.length - 1) + column]`; zero and NaN stay empty. */
export interface CellsMark extends MarkStyle {
  readonly kind: "cells";
  readonly xEdges: ArrayLike<number>;
  readonly yEdges: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  /** How values become colours: "linear" or "sqrt". Default "sqrt". */
  readonly ramp?: "linear" | "sqrt";
}

export type Mark = LineMark | StepsMark | PointsMark | BandMark | SpansMark | RuleMark | CellsMark;

/** What a mark is drawn with. */
export interface MarkContext {
  readonly x: Scale;
  readonly y: Scale;
  /** Position in the list of marks that take a palette colour. */
  readonly index: number;
}

/** The colour a mark is drawn in. */
export function markColor(mark: Mark, index: number): string {
  if (mark.color !== undefined) return mark.color;
  return mark.kind === "spans" || mark.kind === "rule" ? INK.text : categoryColor(index);
}

/** Draws one mark. */
export function drawMark(mark: Mark, context: MarkContext): Markup[] {
  const color = markColor(mark, context.index);
  switch (mark.kind) {
    case "line":
      return stroke(linePath(mark, context), color, mark);
    case "steps":
      return stroke(stepsPath(mark, context), color, mark);
    case "points":
      return drawPoints(mark, context, color);
    case "band":
      return [tag("path", { d: bandPath(mark, context), fill: color, "fill-opacity": mark.opacity ?? 0.15 })];
    case "spans":
      return drawSpans(mark, context, color);
    case "rule":
      return drawRule(mark, context, color);
    case "cells":
      return drawCells(mark, context);
  }
}

function stroke(d: string, color: string, mark: LineMark | StepsMark): Markup[] {
  const dash = mark.kind === "line" ? mark.dash : undefined;
  const width = mark.width ?? 1.5;
  const opacity = mark.opacity;
  if (d === "") return [];
  return [
    tag("path", {
      d,
      fill: "none",
      stroke: color,
      "stroke-width": width,
      "stroke-linejoin": "round",
      "stroke-dasharray": dash,
      "stroke-opacity": opacity,
    }),
  ];
}

/** Joins points; of the many points that fall into one pixel column it keeps first, least, greatest and last. */
function linePath(mark: LineMark, { x, y }: MarkContext): string {
  const n = Math.min(mark.x.length, mark.y.length);
  const dense = n > 4 * Math.abs(x.range[1] - x.range[0]);
  let path = "";
  let pen = "M";
  let column: { px: number; low: number; high: number; last: number } | undefined;
  const flush = () => {
    if (column) path += `V${coordinate(column.low)}V${coordinate(column.high)}V${coordinate(column.last)}`;
    column = undefined;
  };
  for (let i = 0; i < n; i++) {
    const px = x.at(mark.x[i] as number);
    const py = y.at(mark.y[i] as number);
    if (!Number.isFinite(px) || !Number.isFinite(py)) {
      flush();
      pen = "M";
      continue;
    }
    if (dense && pen === "L" && column && Math.abs(px - column.px) < 0.5) {
      column.low = Math.min(column.low, py);
      column.high = Math.max(column.high, py);
      column.last = py;
      continue;
    }
    flush();
    path += `${pen}${coordinate(px)} ${coordinate(py)}`;
    pen = "L";
    if (dense) column = { px, low: py, high: py, last: py };
  }
  flush();
  return path;
}

function stepsPath(mark: StepsMark, { x, y }: MarkContext): string {
  const n = Math.min(mark.start.length, mark.stop.length, mark.y.length);
  let path = "";
  let end = Number.NaN;
  for (let i = 0; i < n; i++) {
    const [x0, x1] = [x.at(mark.start[i] as number), x.at(mark.stop[i] as number)];
    const py = y.at(mark.y[i] as number);
    if (!Number.isFinite(py) || !Number.isFinite(x0) || !Number.isFinite(x1)) {
      end = Number.NaN;
      continue;
    }
    path +=
      Math.abs(x0 - end) < 0.05
        ? `V${coordinate(py)}H${coordinate(x1)}`
        : `M${coordinate(x0)} ${coordinate(py)}H${coordinate(x1)}`;
    end = x1;
  }
  return path;
}

function bandPath(mark: BandMark, { x, y }: MarkContext): string {
  const there: string[] = [];
  const back: string[] = [];
  for (let i = 0; i < mark.x.length; i++) {
    const px = x.at(mark.x[i] as number);
    const [low, high] = [y.at(mark.low[i] as number), y.at(mark.high[i] as number)];
    if (![px, low, high].every(Number.isFinite)) continue;
    there.push(`${coordinate(px)} ${coordinate(high)}`);
    back.push(`${coordinate(px)} ${coordinate(low)}`);
  }
  return there.length === 0 ? "" : `M${there.join("L")}L${back.reverse().join("L")}Z`;
}

function drawPoints(mark: PointsMark, { x, y }: MarkContext, color: string): Markup[] {
  const n = Math.min(mark.x.length, mark.y.length);
  const radius = mark.radius ?? 2;
  const floor = y.range[0];
  let bars = "";
  let dots = "";
  for (let i = 0; i < n; i++) {
    const px = x.at(mark.x[i] as number);
    const py = y.at(mark.y[i] as number);
    if (!Number.isFinite(px) || !Number.isFinite(py)) continue;
    if (mark.yLow && mark.yHigh) {
      const low = y.at(mark.yLow[i] as number);
      bars += `M${coordinate(px)} ${coordinate(Number.isFinite(low) ? low : floor)}V${coordinate(y.at(mark.yHigh[i] as number))}`;
    }
    if (mark.xLow && mark.xHigh) {
      bars += `M${coordinate(x.at(mark.xLow[i] as number))} ${coordinate(py)}H${coordinate(x.at(mark.xHigh[i] as number))}`;
    }
    // A zero-length stroke with round caps is a dot: one path for all of them.
    dots += `M${coordinate(px)} ${coordinate(py)}h0`;
  }
  if (dots === "") return [];
  const opacity = mark.opacity;
  const error = tag("path", { d: bars, fill: "none", stroke: color, "stroke-opacity": 0.6 * (opacity ?? 1) });
  const dot = {
    d: dots,
    stroke: color,
    "stroke-width": 2 * radius,
    "stroke-linecap": "round",
    "stroke-opacity": opacity,
  };
  return bars === "" ? [tag("path", dot)] : [error, tag("path", dot)];
}

function drawSpans(mark: SpansMark, { x, y }: MarkContext, color: string): Markup[] {
  let d = "";
  for (let i = 0; i < Math.min(mark.start.length, mark.stop.length); i++) {
    const [left, right] = [
      clampTo(x.range, x.at(mark.start[i] as number)),
      clampTo(x.range, x.at(mark.stop[i] as number)),
    ];
    if (right - left > 0)
      d += `M${coordinate(left)} ${coordinate(y.range[1])}H${coordinate(right)}V${coordinate(y.range[0])}H${coordinate(left)}Z`;
  }
  return d === "" ? [] : [tag("path", { d, fill: color, "fill-opacity": mark.opacity ?? 0.1 })];
}

function drawRule(mark: RuleMark, { x, y }: MarkContext, color: string): Markup[] {
  const style = { fill: "none", stroke: color, "stroke-dasharray": mark.dash, "stroke-opacity": mark.opacity ?? 0.7 };
  const rules: Markup[] = [];
  if (mark.x !== undefined && Number.isFinite(x.at(mark.x))) {
    rules.push(
      tag("path", { d: `M${coordinate(x.at(mark.x))} ${coordinate(y.range[0])}V${coordinate(y.range[1])}`, ...style }),
    );
  }
  if (mark.y !== undefined && Number.isFinite(y.at(mark.y))) {
    rules.push(
      tag("path", { d: `M${coordinate(x.range[0])} ${coordinate(y.at(mark.y))}H${coordinate(x.range[1])}`, ...style }),
    );
  }
  return rules;
}

function drawCells(mark: CellsMark, { x, y }: MarkContext): Markup[] {
  const columns = mark.xEdges.length - 1;
  const rows = mark.yEdges.length - 1;
  let greatest = 0;
  for (let i = 0; i < columns * rows; i++) greatest = Math.max(greatest, finiteOrZero(mark.values[i] as number));
  if (greatest === 0) return [];
  const ramp = mark.ramp === "linear" ? (t: number) => t : Math.sqrt;
  const level = (i: number) => Math.ceil(31 * ramp(Math.max(0, finiteOrZero(mark.values[i] as number)) / greatest));
  // One path per colour, cells of a row with equal colour joined.
  const paths = Array.from({ length: 32 }, () => "");
  for (let row = 0; row < rows; row++) {
    const [bottom, top] = [y.at(mark.yEdges[row] as number), y.at(mark.yEdges[row + 1] as number)];
    for (let column = 0, next = 0; column < columns; column = next) {
      const color = level(row * columns + column);
      for (next = column + 1; next < columns && level(row * columns + next) === color; ) next++;
      if (color === 0) continue;
      const [left, right] = [x.at(mark.xEdges[column] as number), x.at(mark.xEdges[next] as number)];
      paths[color] +=
        `M${coordinate(left)} ${coordinate(bottom)}H${coordinate(right)}V${coordinate(top)}H${coordinate(left)}Z`;
    }
  }
  return paths.flatMap((d, color) =>
    d === "" ? [] : [tag("path", { d, fill: sequentialColor(color / 31), "shape-rendering": "crispEdges" })],
  );
}

function finiteOrZero(value: number): number {
  return Number.isFinite(value) ? value : 0;
}

function clampTo(range: readonly [number, number], value: number): number {
  return Math.min(Math.max(value, Math.min(...range)), Math.max(...range));
}
