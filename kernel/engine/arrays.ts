import { lastPlace, numberText } from "./digits.ts";

/** Numbers in memory of one kind. */
export type NumberArray = NodeJS.TypedArray;

/** A flat array with a shape, row-major. */
export interface NdArray {
  readonly data: NumberArray;
  readonly shape: readonly number[];
}

/** Values shown at each end of what is too long. */
const EDGE = 4;
/** Up to this many values an array is shown whole. */
const WHOLE = 24;

/** Whether a value is a typed array of numbers. Node's Buffers are bytes and show themselves as such. */
export function isNumberArray(value: unknown): value is NumberArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView) && !Buffer.isBuffer(value);
}

/** Whether a value is a flat array with a shape. */
export function isNdArray(value: unknown): value is NdArray {
  if (typeof value !== "object" || value === null) return false;
  const { data, shape } = value as { data?: unknown; shape?: unknown };
  if (!isNumberArray(data) || !Array.isArray(shape) || !shape.every((size) => Number.isInteger(size) && size >= 0))
    return false;
  return shape.reduce((product, size) => product * size, 1) === data.length;
}

/** A shape as text, such as "(1200, 16)" or "(5,)". */
export function shapeText(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
}

/** A typed array as a scientist looks at it: type, range and what is no number, then the first and last values. */
export function numberArrayText(array: NumberArray): string {
  const { name } = array.constructor;
  if (array.length === 0) return `${name}(0) []`;
  return `${name}(${array.length}) ${summary(array)}\n${rowText(array, 0, edges(array.length, WHOLE))}`;
}

/** A shaped array: its type, shape and range, then its first and last rows. */
export function ndArrayText({ data, shape }: NdArray): string {
  const title = `${data.constructor.name} ${shapeText(shape)} ${summary(data)}`;
  return data.length === 0 ? title : `${title}\n${nested(data, shape, 0, 1)}`;
}

function nested(data: NumberArray, shape: readonly number[], start: number, depth: number, places?: number[]): string {
  const [size = 1, ...inner] = shape;
  if (inner.length === 0) return rowText(data, start, edges(size, 2 * EDGE), places);
  const step = inner.reduce((product, each) => product * each, 1);
  const shown = edges(size, 2 * EDGE);
  const columns = inner.length === 1 ? placesByColumn(data, shown, start, step) : undefined;
  const rows = shown.map((row) => (row < 0 ? "…" : nested(data, inner, start + row * step, depth + 1, columns)));
  return `[${rows.join(`,\n${" ".repeat(depth)}`)}]`;
}

/** Down to which place each column of a matrix is shown: its values are told apart from row to row. */
function placesByColumn(data: NumberArray, shown: readonly number[], start: number, width: number): number[] {
  const rows = shown.filter((row) => row >= 0);
  return Array.from({ length: width }, (_, column) =>
    lastPlace(rows.map((row) => data[start + row * width + column]!)),
  );
}

/** @param places Down to which place each value is shown. Default: all as far as tells neighbours apart. */
function rowText(data: NumberArray, start: number, shown: readonly number[], places?: readonly number[]): string {
  const common = places ? 0 : lastPlace(shown.filter((at) => at >= 0).map((at) => data[start + at]!));
  const precision = data instanceof Float32Array ? "single" : "double";
  const texts = shown.map((at) => (at < 0 ? "…" : numberText(data[start + at]!, places?.[at] ?? common, precision)));
  return `[${texts.join(", ")}]`;
}

/** The places to show of a row, -1 for those left out. */
function edges(length: number, whole: number): number[] {
  if (length <= whole) return Array.from({ length }, (_, at) => at);
  const first = Array.from({ length: EDGE }, (_, at) => at);
  return [...first, -1, ...first.map((at) => length - EDGE + at)];
}

/** The range of the values that are numbers, and how many are none. */
function summary(data: NumberArray): string {
  let min: number | bigint = Number.POSITIVE_INFINITY;
  let max: number | bigint = Number.NEGATIVE_INFINITY;
  let none = 0;
  for (let at = 0; at < data.length; at++) {
    const value = data[at]!;
    // biome-ignore lint/suspicious/noSelfCompare: only NaN differs from itself, and bigints have no isNaN.
    if (value !== value) none++;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const place = lastPlace([min, max]);
  const range = none === data.length ? [] : [`min ${numberText(min, place)}`, `max ${numberText(max, place)}`];
  return [...range, ...(none > 0 ? [`${none.toLocaleString("en")} NaN`] : [])].join(", ");
}
