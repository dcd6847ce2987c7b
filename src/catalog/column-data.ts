/** Typed arrays that numeric columns are kept in; missing values are NaN in the floating ones. */
export type NumberColumn =
  | Uint8Array
  | Int8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/** Values of one column: numbers, 64-bit integers beyond 2⁵³, text, logicals, or an array per row. */
export type ColumnData =
  | NumberColumn
  | BigInt64Array
  | BigUint64Array
  | (string | null)[]
  | (boolean | null)[]
  | (ArrayLike<unknown> | null)[];

/** What kind of values a column has. */
export type ColumnKind = "number" | "bigint" | "string" | "boolean" | "array";

/** Numbers with their nulls as a column: floats get NaN, integers with nulls become doubles with NaN. */
export function numbersWithNulls(data: NumberColumn, nulls: Uint8Array | undefined): NumberColumn {
  if (!nulls?.includes(1)) return data;
  const out = data instanceof Float32Array ? data.slice() : Float64Array.from(data);
  for (let i = 0; i < out.length; i++) if (nulls[i]) out[i] = Number.NaN;
  return out;
}

/** 0/1 with nulls as logicals. */
export function booleansOf(data: ArrayLike<number>, nulls: Uint8Array | undefined): (boolean | null)[] {
  return Array.from(data, (value, i) => (nulls?.[i] ? null : value === 1));
}

/** Texts, the empty ones and nulls as null. */
export function textsOf(data: ArrayLike<string>, nulls: Uint8Array | undefined): (string | null)[] {
  return Array.from(data, (value, i) => (nulls?.[i] || value.trim() === "" ? null : value));
}

/** A 64-bit integer column; with nulls a list of texts, since bigints have no missing value. */
export function bigintsWithNulls(
  data: BigInt64Array | BigUint64Array,
  nulls: Uint8Array | undefined,
): BigInt64Array | BigUint64Array | (string | null)[] {
  return nulls?.includes(1) ? Array.from(data, (value, i) => (nulls[i] ? null : String(value))) : data;
}

/** The kind of a column's values. */
export function kindOf(data: ColumnData): ColumnKind {
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return "bigint";
  if (!Array.isArray(data)) return "number";
  const first = data.find((value) => value !== null);
  if (typeof first === "boolean") return "boolean";
  return typeof first === "string" || first === undefined ? "string" : "array";
}

/** Whether a value counts as missing. */
export function isMissing(value: unknown): boolean {
  return value === null || value === undefined || (typeof value === "number" && Number.isNaN(value));
}

/** The values at some rows, in an array of the same kind. */
export function takeRows(data: ColumnData, rows: ArrayLike<number>): ColumnData {
  if (Array.isArray(data)) return Array.from(rows, (row) => data[row]) as ColumnData;
  const out = data.slice(0, rows.length) as Float64Array;
  for (let i = 0; i < rows.length; i++) out[i] = data[rows[i] as number] as number;
  return out;
}
