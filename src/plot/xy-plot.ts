import { drawMark, type Mark, markColor } from "./marks.ts";
import { createScale, extentOf, type Scale, type ScaleKind } from "./scale.ts";
import { coordinate, INK, type Markup, svgDocument, tag } from "./scene.ts";
import { powerOfTen, readableUnit, type Ticks } from "./ticks.ts";

/** One axis. */
export interface AxisOptions {
  /** What is shown, without unit. Default: none. */
  readonly label?: string;
  /** Unit of the data; "s" is shown as ms, ks or Ms where that reads better. Default: none. */
  readonly unit?: string;
  /** Default "linear". */
  readonly scale?: ScaleKind;
  /** Values at the two ends, in data units. Default: all of the data, with a margin. */
  readonly domain?: readonly [number, number];
  /** Values that the default domain must hold, such as 0. Default: none. */
  readonly include?: readonly number[];
}

/** A plot with two axes. */
export interface XyPlotOptions {
  /** Says what is shown; also read by screen readers. */
  readonly title: string;
  /** Whether the title is drawn too. Default true. */
  readonly showTitle?: boolean;
  /** Longer text for screen readers. Default: none. */
  readonly description?: string;
  readonly x?: AxisOptions;
  readonly y?: AxisOptions;
  /** Drawn in this order. */
  readonly marks: readonly Mark[];
  /** Whether labelled marks are listed. Default: when there are at least two. */
  readonly legend?: boolean;
  /** Size, px. Default 640 by 280. */
  readonly width?: number;
  readonly height?: number;
}

/**
 * An SVG of lines, histograms, points with errors, shaded spans and cells on two axes, that follows the notebook's
 * light or dark theme. Put it into "text/html": as "image/svg+xml" JupyterLab shows it as an image, which the theme
 * cannot reach.
 *
 * @returns `<svg>…</svg>`, everything from data escaped.
 */
export function xyPlotSvg(options: XyPlotOptions): string {
  const { title, showTitle = true, width = 640, height = 280, marks } = options;
  const x = prepareAxis("x", options.x ?? {}, marks);
  const y = prepareAxis("y", options.y ?? {}, marks);
  const legend = legendEntries(marks, options.legend);
  const top = 10 + (showTitle ? 20 : 0) + (legend.length > 0 ? 20 : 0);
  const bottom = height - (x.title === "" ? 26 : 44);
  const yScale = createScale({ kind: y.kind, domain: y.domain, range: [bottom, top] });
  const yTicks = yScale.ticks(Math.max(2, Math.round((bottom - top) / 42)));
  const labelWidth = Math.max(8, ...yTicks.labels.map((label) => 6.6 * label.length));
  const left = 14 + labelWidth + (y.title === "" ? 0 : 18);
  const xScale = createScale({ kind: x.kind, domain: x.domain, range: [left, width - 14] });
  const clip = `pb-${hash(title + String(x.domain) + String(y.domain) + String(marks.length))}`;
  const frame = { x: left, y: top, width: width - 14 - left, height: bottom - top };
  let index = 0;
  const drawn = marks.flatMap((mark) =>
    drawMark(rescale(mark, x.factor, y.factor), { x: xScale, y: yScale, index: usesPalette(mark) ? index++ : 0 }),
  );
  return svgDocument(
    { width, height, title, ...(options.description === undefined ? {} : { description: options.description }) },
    tag("clipPath", { id: clip }, tag("rect", frame)),
    gridAndTicks(xScale, xScale.ticks(Math.max(2, Math.round(frame.width / 80))), "x", frame),
    gridAndTicks(yScale, yTicks, "y", frame),
    tag("g", { "clip-path": `url(#${clip})` }, drawn),
    tag("rect", { ...frame, fill: "none", stroke: INK.text, "stroke-opacity": 0.35 }),
    axisTitles(x.title, withExponent(y.title, yTicks.exponent), frame, { height, xExponent: xScale.ticks().exponent }),
    showTitle ? [tag("text", { x: left, y: 19, "font-size": 13, "font-weight": 600 }, title)] : [],
    drawLegend(legend, left, top - 10),
  );
}

interface Axis {
  readonly kind: ScaleKind;
  readonly domain: readonly [number, number];
  readonly factor: number;
  readonly title: string;
}

/** Chooses domain and unit. */
function prepareAxis(side: "x" | "y", options: AxisOptions, marks: readonly Mark[]): Axis {
  const kind = options.scale ?? "linear";
  const arrays = marks.flatMap((mark) => (side === "x" ? xArrays(mark) : yArrays(mark)));
  const include = options.include ?? [];
  const tight = side === "x" && marks.some((mark) => mark.kind === "steps" || mark.kind === "cells");
  const cells = marks.some((mark) => mark.kind === "cells");
  const data =
    options.domain ?? extentOf(arrays, { kind, include, pad: tight || cells ? 0 : side === "x" ? 0.02 : 0.06 });
  // Counts and rates start at the frame, not a little below it.
  const floored =
    options.domain === undefined && kind === "linear" && include.includes(0) && data[0] < 0 && !hasNegative(arrays);
  const domain: readonly [number, number] = floored ? [0, data[1]] : data;
  const readable = readableUnit(options.unit ?? "", Math.max(Math.abs(domain[0]), Math.abs(domain[1])));
  const label = options.label ?? "";
  const title = readable.unit === "" ? label : label === "" ? readable.unit : `${label} (${readable.unit})`;
  return { kind, domain: [domain[0] / readable.factor, domain[1] / readable.factor], factor: readable.factor, title };
}

function hasNegative(arrays: readonly ArrayLike<number>[]): boolean {
  return arrays.some((array) => Array.prototype.some.call(array, (value: number) => value < 0));
}

function xArrays(mark: Mark): ArrayLike<number>[] {
  switch (mark.kind) {
    case "steps":
      return [mark.start, mark.stop];
    case "spans":
      return [];
    case "rule":
      return [];
    case "cells":
      return [mark.xEdges];
    case "points":
      return [mark.x, mark.xLow ?? [], mark.xHigh ?? []];
    default:
      return [mark.x];
  }
}

function yArrays(mark: Mark): ArrayLike<number>[] {
  switch (mark.kind) {
    case "spans":
      return [];
    case "rule":
      return mark.y === undefined ? [] : [[mark.y]];
    case "cells":
      return [mark.yEdges];
    case "band":
      return [mark.low, mark.high];
    case "points":
      return [mark.y, mark.yLow ?? [], mark.yHigh ?? []];
    default:
      return [mark.y];
  }
}

const X_FIELDS = new Set(["x", "start", "stop", "xLow", "xHigh", "xEdges"]);
const Y_FIELDS = new Set(["y", "yLow", "yHigh", "low", "high", "yEdges"]);

/** The mark in the units of the axes. */
function rescale(mark: Mark, xFactor: number, yFactor: number): Mark {
  if (xFactor === 1 && yFactor === 1) return mark;
  const scaled = Object.entries(mark).map(([key, value]) => {
    const factor = X_FIELDS.has(key) ? xFactor : Y_FIELDS.has(key) ? yFactor : 1;
    if (factor === 1 || value === undefined) return [key, value];
    if (typeof value === "number") return [key, value / factor];
    return [key, Float64Array.from(value as ArrayLike<number>, (entry) => entry / factor)];
  });
  return Object.fromEntries(scaled) as Mark;
}

function usesPalette(mark: Mark): boolean {
  return mark.color === undefined && mark.kind !== "spans" && mark.kind !== "rule" && mark.kind !== "cells";
}

function withExponent(title: string, exponent: number): string {
  if (exponent === 0) return title;
  const power = powerOfTen(exponent);
  if (title === "") return `×${power}`;
  return title.endsWith(")") ? title.replace(/\(([^()]*)\)$/, `(${power} $1)`) : `${title} (${power})`;
}

interface Frame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function gridAndTicks(scale: Scale, ticks: Ticks, side: "x" | "y", frame: Frame): Markup {
  const bottom = frame.y + frame.height;
  const right = frame.x + frame.width;
  let grid = "";
  const labels = ticks.values.map((value, i) => {
    const at = scale.at(value);
    grid +=
      side === "x"
        ? `M${coordinate(at)} ${coordinate(bottom)}V${coordinate(frame.y)}`
        : `M${coordinate(frame.x)} ${coordinate(at)}H${coordinate(right)}`;
    return side === "x"
      ? tag("text", { x: at, y: bottom + 16, "text-anchor": "middle" }, ticks.labels[i])
      : tag("text", { x: frame.x - 6, y: at + 4, "text-anchor": "end" }, ticks.labels[i]);
  });
  const lines = tag("path", { d: grid, fill: "none", stroke: INK.text, "stroke-opacity": 0.1 });
  return tag("g", {}, lines, tag("g", { "fill-opacity": 0.85, "font-size": 11 }, labels));
}

function axisTitles(x: string, y: string, frame: Frame, options: { height: number; xExponent: number }): Markup[] {
  const middle = frame.y + frame.height / 2;
  const titles: Markup[] = [];
  if (x !== "") {
    const text = withExponent(x, options.xExponent);
    titles.push(tag("text", { x: frame.x + frame.width / 2, y: options.height - 10, "text-anchor": "middle" }, text));
  }
  if (y !== "") {
    titles.push(
      tag("text", { x: 14, y: middle, "text-anchor": "middle", transform: `rotate(-90 14 ${coordinate(middle)})` }, y),
    );
  }
  return titles;
}

interface LegendEntry {
  readonly label: string;
  readonly color: string;
  readonly mark: Mark;
}

function legendEntries(marks: readonly Mark[], wanted: boolean | undefined): LegendEntry[] {
  let index = 0;
  const entries = marks.flatMap((mark) => {
    const color = markColor(mark, usesPalette(mark) ? index++ : 0);
    return mark.label === undefined ? [] : [{ label: mark.label, color, mark }];
  });
  return (wanted ?? entries.length >= 2) ? entries : [];
}

function drawLegend(entries: readonly LegendEntry[], left: number, y: number): Markup[] {
  let x = left;
  return entries.map(({ label, color, mark }) => {
    const isArea = mark.kind === "spans" || mark.kind === "band";
    const sample = isArea
      ? tag("rect", {
          x,
          y: y - 9,
          width: 16,
          height: 10,
          fill: color,
          "fill-opacity": Math.max(0.2, mark.opacity ?? 0),
        })
      : mark.kind === "points"
        ? tag("circle", { cx: x + 8, cy: y - 4, r: 3, fill: color })
        : tag("path", {
            d: `M${coordinate(x)} ${coordinate(y - 4)}h16`,
            stroke: color,
            "stroke-width": 2.5,
            "stroke-dasharray": mark.kind === "line" || mark.kind === "rule" ? mark.dash : undefined,
          });
    const entry = tag("g", {}, sample, tag("text", { x: x + 22, y, "font-size": 11 }, label));
    x += 40 + 6.4 * label.length;
    return entry;
  });
}

/** A short name for the clip path, different for different plots on one page. */
function hash(text: string): string {
  let h = 2166136261;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 16777619);
  return (h >>> 0).toString(36);
}
