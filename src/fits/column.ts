import type { NumericArray } from "./decode.ts";
import { FitsError, type FitsPlace } from "./error.ts";

/** What the header says of a column; reading it decodes nothing. */
export interface ColumnInfo {
  /** TTYPEn, or `colN` (1-based) where the table gives none. */
  readonly name: string;
  /** 0-based position in the table; the keywords' n is `index + 1`. */
  readonly index: number;
  /** TUNITn. */
  readonly unit?: string;
  /** TFORMn as written. */
  readonly form: string;
  /** Elements per row; for variable-length columns 1. */
  readonly repeat: number;
  /** Extents of a row's value, slowest first, from TDIMn or the repeat count; empty for a scalar. */
  readonly shape: readonly number[];
  /** True for P and Q columns, whose `data` is an array per row. */
  readonly variable: boolean;
  /** The comment of TTYPEn, which often describes the column. */
  readonly description?: string;
}

/**
 * A decoded column.
 *
 * | form | `data` |
 * |---|---|
 * | B, I, J, E, D | Uint8Array, Int16Array, Int32Array, Float32Array, Float64Array |
 * | B, I, J, K with the TZERO of the opposite signedness | Int8Array, Uint16Array, Uint32Array, as K below |
 * | K | Float64Array where every value is a safe integer, else BigInt64Array (BigUint64Array if unsigned): always exact |
 * | L, X | Uint8Array of 0 and 1, for X one per bit |
 * | C, M | Float32Array, Float64Array of pairs re, im; `shape` ends in 2 |
 * | any with another TSCAL or TZERO | Float64Array |
 * | A | string[], trailing blanks removed |
 * | P, Q | an array per row of the above |
 *
 * The elements of row r are `data[r * n … (r + 1) * n)` with n the product of `shape`.
 */
export interface Column extends ColumnInfo {
  readonly data: NumericArray | string[] | (NumericArray | string)[];
  /** 1 where an element is null (TNULLn of integers, the byte 0 of logicals, blank ASCII fields); absent if none is. */
  readonly nulls?: Uint8Array;
}

/** A table HDU of either kind. */
export interface FitsTable {
  readonly numRows: number;
  readonly columns: readonly ColumnInfo[];
  /** True if the table has a column of that name (case does not count). */
  has(name: string): boolean;
  /** Decodes a column, by name (an exact match before one that differs in case) or 0-based index. */
  column(name: string | number): Column;
  /** A numeric scalar or vector column as Float64Array, nulls as NaN. */
  numbers(name: string | number): Float64Array;
}

/** Index of a column, or undefined. */
export function findColumn(columns: readonly ColumnInfo[], name: string | number): number | undefined {
  if (typeof name === "number") return columns[name] ? name : undefined;
  const exact = columns.findIndex((column) => column.name === name);
  if (exact >= 0) return exact;
  const lower = name.toLowerCase();
  const loose = columns.findIndex((column) => column.name.toLowerCase() === lower);
  return loose >= 0 ? loose : undefined;
}

/** The error about a column that a table does not have. */
export function noColumn(place: FitsPlace, columns: readonly ColumnInfo[], name: string | number): FitsError {
  const known = columns.map((column) => `"${column.name}"`).join(", ");
  return new FitsError(place, `the table has no column ${JSON.stringify(name)}: its columns are ${known}`);
}

/** A numeric column's values as doubles, nulls as NaN; undefined if the column is not numeric. */
export function toNumbers({ data, nulls }: Column): Float64Array | undefined {
  if (Array.isArray(data)) return undefined;
  if (data instanceof Float64Array && !nulls) return data;
  const out = Float64Array.from(data as Float64Array, Number);
  if (nulls) for (let i = 0; i < out.length; i++) if (nulls[i]) out[i] = Number.NaN;
  return out;
}
