import type { TopLevelSpec } from "vega-lite";
import { countOf } from "../array/index.ts";
import { textWidth } from "./fonts.ts";
import { categorise, drawOrder, type Labels } from "./labels.ts";
import { COLUMN_MM, FAINT, INK, POINTS_PER_MM, SMALL_PT } from "./theme.ts";

/** What a single column leaves for a legend beside the axis's title and numbers, points. */
const LEGEND_WIDTH_PT = COLUMN_MM.single * POINTS_PER_MM - 24;
/** A legend entry's symbol and the gaps around it, points. */
const LEGEND_SYMBOL_PT = 19;

/** How the points of a scatter plot are told apart. */
export interface ScatterOptions {
  /** Class names or cluster numbers, one per point; they get Okabe–Ito colours and a legend. */
  readonly labels?: Labels | undefined;
  /** Numbers to colour by, one per point, in place of labels. */
  readonly color?: ArrayLike<number> | undefined;
  /** Title of the legend. */
  readonly legend?: string | undefined;
  /** Rows that are emphasised; all others become faint. */
  readonly selected?: ArrayLike<number> | undefined;
  /** Title above the plot. */
  readonly title?: string | undefined;
  /** Area of a point, square points. Default: from the number of points, 3–16. */
  readonly size?: number | undefined;
}

/** One axis of a scatter plot. */
export interface ScatterAxis {
  readonly values: ArrayLike<number>;
  readonly title: string;
  /** Limits. Default: the data's. */
  readonly domain?: readonly [number, number];
  /** Whether numbers and ticks are shown. Default true. */
  readonly ticks?: boolean;
}

/**
 * Specification of a scatter plot, so high in all; rows with a coordinate that is not finite are left out.
 *
 * @throws {RangeError} If labels or colours are not one per point, or a selected row does not exist.
 */
export function scatterPlot(
  axes: { readonly x: ScatterAxis; readonly y: ScatterAxis; readonly what: string; readonly heightPt: number },
  options: ScatterOptions,
): TopLevelSpec {
  const n = axes.x.values.length;
  checkLength(axes.what, "labels", options.labels, n);
  checkLength(axes.what, "color", options.color, n);
  const selected = options.selected && selectedRows(axes.what, options.selected, n);
  const categories = options.labels && categorise(options.labels);
  const order = categories ? drawOrder(categories) : Array.from({ length: n }, (_, row) => row);
  const values = order.flatMap((row) => {
    const [x, y] = [round(axes.x.values[row]!), round(axes.y.values[row]!)];
    if (!Number.isFinite(x) || !Number.isFinite(y)) return [];
    const label = categories ? { label: categories.of[row]! } : {};
    const color = options.color ? { color: options.color[row]! } : {};
    return [{ x, y, ...label, ...color, chosen: selected ? selected.has(row) : true }];
  });
  const size = options.size ?? Math.min(16, Math.max(2, 260 / Math.sqrt(n + 1)));
  const position = { x: axisChannel("x", axes.x), y: axisChannel("y", axes.y) };
  const points = (chosen: boolean) => values.filter((value) => value.chosen === chosen);
  const layers: object[] = [];
  if (selected) {
    layers.push({
      data: { values: points(false) },
      mark: { type: "circle", aria: false, size: size * 0.7, color: FAINT, opacity: 0.7 },
      encoding: position,
    });
  }
  layers.push({
    data: { values: points(true) },
    // Thousands of points: a screen reader is served by the description, not by an entry for each.
    mark: { type: "circle", aria: false, size: selected ? size * 1.4 : size, opacity: selected ? 1 : 0.8 },
    encoding: { ...position, color: colorChannel(categories, options) },
  });
  return {
    description: `Scatter plot of ${countOf(values.length, "point")}: ${axes.what}, ${axes.x.title} against ${axes.y.title}`,
    ...(options.title ? { title: options.title } : {}),
    height: axes.heightPt,
    layer: layers,
  } as unknown as TopLevelSpec;
}

function colorChannel(categories: ReturnType<typeof categorise> | undefined, options: ScatterOptions): object {
  const title = options.legend ?? null;
  if (categories) {
    const columns = legendColumns(categories.names);
    return {
      field: "label",
      type: "nominal",
      scale: { domain: categories.names, range: categories.colors },
      legend: { title, orient: "top", direction: "horizontal", columns, symbolType: "circle", symbolOpacity: 1 },
    };
  }
  if (options.color)
    return {
      field: "color",
      type: "quantitative",
      legend: { title, gradientLength: 110, tickCount: 4, gradientOpacity: 1 },
    };
  return { value: options.selected ? "#d55e00" : "#0072b2" };
}

/**
 * Most entries per row such that the legend fits a single column, then evened out: rows of nearly equal length. The
 * entries of a column are as wide as its widest.
 */
function legendColumns(names: readonly string[]): number {
  const entry = names.map((name) => LEGEND_SYMBOL_PT + textWidth(name, { size: SMALL_PT, bold: false, italic: false }));
  let columns = names.length;
  while (columns > 1 && rowWidth(entry, columns) > LEGEND_WIDTH_PT) columns--;
  return Math.ceil(names.length / Math.ceil(names.length / columns));
}

/** Width of a legend's grid, filled row by row: each column is as wide as its widest entry. */
function rowWidth(entry: readonly number[], columns: number): number {
  const widest = Array.from({ length: columns }, (_, column) =>
    Math.max(0, ...entry.filter((_, index) => index % columns === column)),
  );
  return widest.reduce((sum, width) => sum + width, 0);
}

function axisChannel(field: "x" | "y", axis: ScatterAxis): object {
  const scale = { zero: false, nice: false, padding: 6, ...(axis.domain ? { domain: axis.domain, padding: 0 } : {}) };
  const bare = axis.ticks === false ? { labels: false, ticks: false, titlePadding: 6 } : {};
  return { field, type: "quantitative", title: axis.title, scale, axis: { tickCount: 5, titleColor: INK, ...bare } };
}

function checkLength(what: string, name: string, values: ArrayLike<unknown> | undefined, n: number): void {
  if (values && values.length !== n) {
    throw new RangeError(
      `Cannot draw ${what}: ${name} must have ${n} values, one per point: current length is ${values.length}`,
    );
  }
}

function selectedRows(what: string, selected: ArrayLike<number>, n: number): Set<number> {
  const rows = new Set(Array.from(selected));
  for (const row of rows) {
    if (!Number.isInteger(row) || row < 0 || row >= n) {
      throw new RangeError(`Cannot draw ${what}: selected must hold rows within 0–${n - 1}: current value is ${row}`);
    }
  }
  return rows;
}

/** Six digits: finer than any printer, and short files. */
function round(value: number): number {
  return Number(value.toPrecision(6));
}
