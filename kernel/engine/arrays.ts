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
  return `${name}(${array.length}) ${summary(array)}\n${rowText(array, 0, array.length, WHOLE)}`;
}

/** A shaped array: its type, shape and range, then its first and last rows. */
export function ndArrayText({ data, shape }: NdArray): string {
  const title = `${data.constructor.name} ${shapeText(shape)} ${summary(data)}`;
  return data.length === 0 ? title : `${title}\n${nested(data, shape, 0, 1)}`;
}

function nested(data: NumberArray, shape: readonly number[], start: number, depth: number): string {
  const [size = 1, ...inner] = shape;
  if (inner.length === 0) return rowText(data, start, size, 2 * EDGE);
  const step = inner.reduce((product, each) => product * each, 1);
  const rows = edges(size, 2 * EDGE).map((row) => (row < 0 ? "…" : nested(data, inner, start + row * step, depth + 1)));
  return `[${rows.join(`,\n${" ".repeat(depth)}`)}]`;
}

function rowText(data: NumberArray, start: number, length: number, whole: number): string {
  const values = edges(length, whole).map((at) => (at < 0 ? "…" : numberText(data[start + at]!)));
  return `[${values.join(", ")}]`;
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
  const range = none === data.length ? [] : [`min ${numberText(min)}`, `max ${numberText(max)}`];
  return [...range, ...(none > 0 ? [`${none.toLocaleString("en")} NaN`] : [])].join(", ");
}

/** Six significant digits; integers whole. */
function numberText(value: number | bigint): string {
  if (typeof value === "bigint") return `${value}n`;
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? String(value) : String(Number(value.toPrecision(6)));
}
