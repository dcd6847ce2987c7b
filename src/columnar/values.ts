import { CatalogError, type ColumnData, type NumberColumn } from "../catalog/index.ts";

/** Typed arrays that a column's numbers come in, by what the file says of their type. */
export type NumberArray = { new (length: number): NumberColumn; readonly BYTES_PER_ELEMENT: number };

/**
 * A column from values with nulls: numbers as a typed array (with nulls as doubles with NaN), 64-bit integers as doubles
 * while all are safe and none is null, else as bigints or texts; dates as ISO 8601 texts; lists as arrays.
 *
 * @param values One per row, null where missing.
 * @param options.array Typed array for numbers without null. Default Float64Array.
 * @throws {CatalogError} If a value is of a kind that catalogues do not hold.
 */
export function columnOf(
  values: readonly unknown[],
  options: { file: string; column: string; array?: NumberArray },
): ColumnData {
  const first = values.find((value) => value !== null && value !== undefined);
  const missing = values.some((value) => value === null || value === undefined);
  switch (typeof first) {
    case "undefined":
      return options.array ? new Float64Array(values.length).fill(Number.NaN) : values.map(() => null);
    case "number":
      return numbersOf(values as (number | null)[], missing, options.array ?? Float64Array);
    case "bigint":
      return bigintsOf(values as (bigint | null)[], missing);
    case "string":
    case "boolean":
      return values.map((value) => value ?? null) as (string | null)[];
  }
  if (first instanceof Date) return (values as (Date | null)[]).map((value) => value?.toISOString() ?? null);
  if (Array.isArray(first) || ArrayBuffer.isView(first)) return (values as (ArrayLike<unknown> | null)[]).map(listOf);
  throw new CatalogError(
    options.file,
    `column "${options.column}" must hold numbers, texts, logicals, dates or lists: it holds objects such as ${JSON.stringify(first)}`,
  );
}

function numbersOf(values: readonly (number | null)[], missing: boolean, array: NumberArray): NumberColumn {
  const floats = array === (Float32Array as NumberArray);
  const out = new (missing && !floats ? Float64Array : array)(values.length);
  for (let i = 0; i < values.length; i++) out[i] = values[i] ?? Number.NaN;
  return out;
}

function bigintsOf(values: readonly (bigint | null)[], missing: boolean): ColumnData {
  const safe = values.every((value) => value === null || value === undefined || Number.isSafeInteger(Number(value)));
  if (safe) return Float64Array.from(values, (value) => (value === null ? Number.NaN : Number(value)));
  const tooLarge = values.some((value) => value !== null && (value >= 2n ** 64n || value < -(2n ** 63n)));
  if (missing || tooLarge) return values.map((value) => (value === null ? null : String(value)));
  const unsigned = values.some((value) => (value as bigint) >= 2n ** 63n);
  return (unsigned ? BigUint64Array : BigInt64Array).from(values as bigint[]);
}

/** A list's numbers as doubles, null as NaN; other lists as they are. */
function listOf(list: ArrayLike<unknown> | null): ArrayLike<unknown> | null {
  if (!list || ArrayBuffer.isView(list)) return list ?? null;
  const values = Array.from(list);
  const isNumeric = values.every((value) => value === null || typeof value === "number" || typeof value === "bigint");
  if (!isNumeric) return values;
  return Float64Array.from(values as (number | bigint | null)[], (value) =>
    value === null ? Number.NaN : Number(value),
  );
}

/** A column's values with null for what is missing. */
export function withNulls(data: ColumnData): unknown[] {
  return Array.from(data as ArrayLike<unknown>, (value) =>
    typeof value === "number" && Number.isNaN(value) ? null : value,
  );
}

/** Whether a column of numbers has a NaN, which counts as missing. */
export function hasNaN(data: NumberColumn): boolean {
  if (!(data instanceof Float64Array || data instanceof Float32Array)) return false;
  for (let i = 0; i < data.length; i++) if (Number.isNaN(data[i]!)) return true;
  return false;
}
