import type { RowBytes } from "./binary-row.ts";
import { numberText } from "./cell-text.ts";
import type { VotableColumn } from "./column.ts";
import { type Datatype, parseArraySize, type VotableArray } from "./datatype.ts";
import { escapeXml } from "./xml.ts";

/** A column ready to be written. */
export interface EncodedColumn {
  /** As it goes into FIELD: what holds the values, where that differs from what the column says. */
  readonly datatype: Datatype;
  readonly arraysize: string | undefined;
  /** VALUES null="…", for elements of integer arrays. */
  readonly nullValue: string | undefined;
  isNull(row: number): boolean;
  /** The cell's text in TABLEDATA, escaped. */
  text(row: number): string;
  /** Writes the cell into a BINARY2 row. */
  binary(row: number, out: RowBytes): void;
}

type Cell = number | bigint | string | VotableArray | string[];

/**
 * Chooses how a column is written: text beyond ASCII as unicodeChar, sizes that the values exceed as variable.
 *
 * @throws {TypeError} If the values are not of the column's datatype.
 */
export function encodeColumn(column: VotableColumn): EncodedColumn {
  const { datatype } = column;
  return datatype === "char" || datatype === "unicodeChar" ? encodeText(column) : encodeNumbers(column);
}

function encodeText(column: VotableColumn): EncodedColumn {
  const cells = column.data as (string | string[])[];
  const texts = cells.flat();
  const wrong = texts.find((text) => typeof text !== "string");
  if (wrong !== undefined) throw typeError(column, wrong);
  const datatype = texts.some((text) => /[^\0-\x7f]/.test(text)) ? "unicodeChar" : column.datatype;
  const size = parseArraySize(column.arraysize);
  const isArray = cells.some((cell) => typeof cell !== "string") || (size?.rank ?? 0) > 1;
  const longest = texts.reduce((most, text) => Math.max(most, text.length), 0);
  const flat = (row: number) => {
    const cell = cells[row] as string | string[];
    return typeof cell === "string" ? cell : cell.map((text) => text.padEnd(width)).join("");
  };
  const width = isArray ? Math.max(longest, (size?.rank ?? 0) > 1 ? (size?.fastest ?? 0) : 0, 1) : 0;
  const fixed = !isArray && size?.count !== undefined && longest <= size.count ? size.count : undefined;
  return {
    datatype,
    arraysize: isArray ? `${width}x*` : fixed === undefined ? "*" : column.arraysize,
    nullValue: undefined,
    isNull: (row) => column.nulls?.[row] === 1,
    text: (row) => escapeXml(flat(row), `column "${column.name}", row ${row + 1}`),
    binary(row, out) {
      const text = flat(row);
      if (fixed === undefined) out.length(text.length);
      out.text(datatype, text, fixed ?? text.length);
    },
  };
}

function encodeNumbers(column: VotableColumn): EncodedColumn {
  const { datatype, data, nulls } = column;
  const size = parseArraySize(column.arraysize);
  const parts = datatype.endsWith("Complex") ? 2 : 1;
  const isArray = Array.isArray(data);
  const count = isArray ? fixedCount(data as VotableArray[], nulls, size?.count, parts) : 1;
  const nullValue = isArray && INTEGERS.has(datatype) ? freeValue(column) : undefined;
  const cellOf = (row: number): ArrayLike<number | bigint> => {
    const cell = data[row] as Cell;
    if (typeof cell === "number" || typeof cell === "bigint") return [cell];
    if (typeof cell !== "object") throw typeError(column, cell);
    return nullValue === undefined
      ? (cell as VotableArray)
      : Array.from(cell as Float64Array, (value) => (Number.isNaN(value) ? Number(nullValue) : value));
  };
  const arraysize = !isArray || (size?.rank === 0 && count !== undefined) ? undefined : sizeText(column, count);
  return {
    datatype,
    arraysize,
    nullValue,
    isNull: (row) => nulls?.[row] === 1,
    text: (row) => (nulls?.[row] ? "" : Array.from(cellOf(row), (value) => elementText(datatype, value)).join(" ")),
    binary(row, out) {
      const isNull = nulls?.[row] === 1;
      const cell = isNull ? new Array<number>((count ?? 0) * parts).fill(0) : cellOf(row);
      if (count === undefined) out.length(cell.length / parts);
      if (datatype === "bit") out.bits(cell);
      else for (let i = 0; i < cell.length; i++) out.number(datatype, cell[i] as number);
    },
  };
}

const INTEGERS = new Set<Datatype>(["unsignedByte", "short", "int", "long"]);

function elementText(datatype: Datatype, value: number | bigint): string {
  return datatype === "boolean" && Number.isNaN(value) ? "?" : numberText(datatype, value);
}

/** Elements per cell where the column promises a number and all cells keep to it. */
function fixedCount(
  cells: readonly VotableArray[],
  nulls: Uint8Array | undefined,
  promised: number | undefined,
  parts: number,
): number | undefined {
  const kept = cells.every((cell, row) => nulls?.[row] || cell.length === (promised ?? -1) * parts);
  return kept ? promised : undefined;
}

/** The arraysize as the column says it; "*" where the cells do not keep to it. */
function sizeText(column: VotableColumn, count: number | undefined): string {
  const { arraysize } = column;
  const variable = arraysize?.endsWith("*") ?? false;
  return arraysize !== undefined && (count !== undefined || variable) ? arraysize : "*";
}

/** A value that no element has, to stand for the missing ones; undefined where none is missing. */
function freeValue(column: VotableColumn): string | undefined {
  const cells = column.data as ArrayLike<number | bigint>[];
  const taken = new Set<number>();
  let missing = false;
  for (const cell of cells) {
    for (let i = 0; i < cell.length; i++) {
      if (Number.isNaN(cell[i])) missing = true;
      else taken.add(Number(cell[i]));
    }
  }
  if (!missing) return undefined;
  const start = column.datatype === "unsignedByte" ? 255 : -1;
  for (let value = start; value >= (column.datatype === "unsignedByte" ? 0 : -32768); value--) {
    if (!taken.has(value)) return String(value);
  }
  throw new RangeError(
    `Cannot write column "${column.name}": a ${column.datatype} must be free to stand for missing elements: all are used`,
  );
}

function typeError(column: VotableColumn, value: unknown): TypeError {
  return new TypeError(
    `Cannot write column "${column.name}": its values must be of datatype ${column.datatype}: current value is ${JSON.stringify(value)}`,
  );
}
