import type { ColumnData } from "../catalog/index.ts";
import type { Hdf5Type } from "./datatype.ts";

/** A column's values as a dataset holds them. */
export interface EncodedColumn {
  readonly name: string;
  readonly type: Hdf5Type;
  readonly shape: readonly number[];
  /** All values, little-endian; of lists, those of each row. */
  readonly data: Uint8Array | readonly Uint8Array[];
}

/**
 * How a column is written: numbers in their width, texts padded to the longest, logicals as bytes, arrays that are
 * equally long and not empty as a second axis, others as lists.
 *
 * @param options.asList Writes equally long arrays as lists too. Default false.
 * @throws {TypeError} If a logical is missing, or arrays hold anything but numbers.
 */
export function encodeColumn(name: string, data: ColumnData, { asList = false } = {}): EncodedColumn {
  if (!Array.isArray(data)) return { name, type: numberType(data), shape: [data.length], data: bytesOf(data) };
  const first = data.find((value) => value !== null);
  if (typeof first === "boolean") return encodeLogicals(name, data as (boolean | null)[]);
  if (first === undefined || typeof first === "string") return encodeTexts(name, data as (string | null)[]);
  return encodeArrays(name, data as (ArrayLike<unknown> | null)[], asList);
}

/** A text as an attribute holds it. */
export function encodeText(name: string, text: string): EncodedColumn {
  return { ...encodeTexts(name, [text]), shape: [] };
}

function encodeLogicals(name: string, data: readonly (boolean | null)[]): EncodedColumn {
  const row = data.indexOf(null);
  if (row >= 0) {
    throw new TypeError(`Cannot write column "${name}" as HDF5: logicals must be true or false: row ${row} has none`);
  }
  return { name, type: { kind: "logical" }, shape: [data.length], data: Uint8Array.from(data, Number) };
}

function encodeTexts(name: string, data: readonly (string | null)[]): EncodedColumn {
  const texts = data.map((text) => new TextEncoder().encode(text ?? ""));
  // The format knows no texts of no bytes
  const bytes = texts.reduce((longest, text) => Math.max(longest, text.length), 1);
  const out = new Uint8Array(bytes * texts.length);
  texts.forEach((text, row) => {
    out.set(text, row * bytes);
  });
  return { name, type: { kind: "text", bytes }, shape: [data.length], data: out };
}

function encodeArrays(name: string, data: readonly (ArrayLike<unknown> | null)[], asList: boolean): EncodedColumn {
  const rows = data.map((values, row) => doublesOf(values, { name, row }));
  const of = { kind: "float", bytes: 8 } as const;
  const width = rows[0]!.length;
  if (asList || width === 0 || rows.some((values) => values.length !== width)) {
    return { name, type: { kind: "list", of }, shape: [rows.length], data: rows.map(bytesOf) };
  }
  const all = new Float64Array(rows.length * width);
  rows.forEach((values, row) => {
    all.set(values, row * width);
  });
  return { name, type: of, shape: [rows.length, width], data: bytesOf(all) };
}

function doublesOf(values: ArrayLike<unknown> | null, { name, row }: { name: string; row: number }): Float64Array {
  return Float64Array.from(values ?? [], (value) => {
    if (typeof value === "number") return value;
    throw new TypeError(
      `Cannot write column "${name}" as HDF5: arrays must hold numbers: row ${row} has ${JSON.stringify(String(value))}`,
    );
  });
}

function numberType(data: Exclude<ColumnData, unknown[]>): Hdf5Type {
  const bytes = data.BYTES_PER_ELEMENT as 1 | 2 | 4 | 8;
  if (data instanceof Float64Array || data instanceof Float32Array) return { kind: "float", bytes: bytes as 4 | 8 };
  return { kind: "integer", bytes, signed: /^(Big)?Int/.test(data.constructor.name) };
}

function bytesOf(data: ArrayBufferView): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
