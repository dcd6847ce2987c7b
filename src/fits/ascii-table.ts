import { type Column, type ColumnInfo, type FitsTable, findColumn, noColumn, toNumbers } from "./column.ts";
import { decodeText, type NumericArray } from "./decode.ts";
import type { Header } from "./header.ts";
import { type HduPlace, tableRows } from "./layout.ts";

interface Field extends ColumnInfo {
  readonly type: "A" | "I" | "F" | "E" | "D";
  /** Byte offset in the row, from TBCOLn. */
  readonly offset: number;
  readonly width: number;
  /** Digits right of an implied decimal point. */
  readonly decimals: number;
  readonly scale: number;
  readonly zero: number;
  readonly nullText?: string;
}

const FORM = /^([AIFED])(\d+)(?:\.(\d+))?/;

/**
 * An ASCII TABLE extension. I columns come as Int32Array where all values fit, else Float64Array, else (beyond 2^53)
 * BigInt64Array; F, E and D as Float64Array. Fields that are blank or equal TNULLn are null (NaN in Float64Array, 0 in
 * integers); the standard reads blank numbers as 0, which in catalogues they never mean.
 */
export class AsciiTable implements FitsTable {
  readonly kind = "table";
  readonly index: number;
  readonly name: string;
  readonly header: Header;
  readonly numRows: number;
  readonly #fields: readonly Field[];
  readonly #place: HduPlace;
  readonly #rowBytes: number;

  /** @param numRows Rows that `place` holds. Default: all that the header says. */
  constructor(header: Header, place: HduPlace, numRows?: number) {
    this.index = place.hdu;
    this.name = place.hduName;
    this.header = header;
    this.#place = place;
    this.#rowBytes = header.integer("NAXIS1", { least: 0 });
    this.numRows = numRows ?? tableRows(header, place.bytes.length).numRows;
    const n = header.integer("TFIELDS", { least: 0 });
    this.#fields = Array.from({ length: n }, (_, i) => parseField(header, i, this.#rowBytes));
  }

  get columns(): readonly ColumnInfo[] {
    return this.#fields.map(toInfo);
  }

  has(name: string): boolean {
    return findColumn(this.#fields, name) !== undefined;
  }

  column(name: string | number): Column {
    const field = this.#find(name);
    const cells = new Array<string>(this.numRows);
    for (let row = 0; row < this.numRows; row++) {
      cells[row] = decodeText(this.#place.bytes, row * this.#rowBytes + field.offset, field.width);
    }
    if (field.type !== "A") return { ...toInfo(field), ...this.#parseNumbers(field, cells) };
    if (field.nullText === undefined) return { ...toInfo(field), data: cells };
    const nulls = Uint8Array.from(cells, (cell) => (cell.trim() === field.nullText ? 1 : 0));
    return { ...toInfo(field), data: cells, ...(nulls.includes(1) ? { nulls } : {}) };
  }

  numbers(name: string | number): Float64Array {
    const field = this.#find(name);
    const numbers = toNumbers(this.column(name));
    if (numbers) return numbers;
    throw this.header.error(
      `TFORM${field.index + 1}`,
      `must be a numeric format to read column "${field.name}" as numbers: current value is "${field.form}"`,
    );
  }

  #find(name: string | number): Field {
    const index = findColumn(this.#fields, name);
    if (index !== undefined) return this.#fields[index] as Field;
    throw noColumn(this.#place, this.#fields, name);
  }

  #parseNumbers(field: Field, cells: readonly string[]): { data: NumericArray; nulls?: Uint8Array } {
    const values = new Float64Array(cells.length);
    const nulls = new Uint8Array(cells.length);
    for (let row = 0; row < cells.length; row++) {
      const text = (cells[row] as string).trim();
      if (text === "" || text === field.nullText) {
        values[row] = Number.NaN;
        nulls[row] = 1;
      } else {
        values[row] = this.#parseNumber(field, text, row);
      }
    }
    const integers = field.type === "I" && field.scale === 1 && field.zero === 0;
    return { data: integers ? asIntegers(values, cells, nulls) : values, ...(nulls.includes(1) ? { nulls } : {}) };
  }

  #parseNumber(field: Field, text: string, row: number): number {
    let value = parseFortran(text);
    if (field.decimals > 0 && !text.includes(".")) value /= 10 ** field.decimals;
    if (Number.isNaN(value) && !/^[+-]?nan$/i.test(text)) {
      const where = `row ${row + 1} of column "${field.name}" holds "${text}"`;
      throw this.header.error(`TFORM${field.index + 1}`, `"${field.form}" must find numbers: ${where}`);
    }
    return value * field.scale + field.zero;
  }
}

/** A number as Fortran writes it (D exponents, exponents without a letter), and INF, which archives write. */
function parseFortran(text: string): number {
  const infinite = /^([+-]?)inf(inity)?$/i.exec(text);
  if (infinite) return infinite[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return Number(text.replace(/[Dd]/, "E").replace(/^([+-]?[\d.]+)([+-]\d+)$/, "$1E$2"));
}

/** The narrowest exact form of whole numbers. */
function asIntegers(values: Float64Array, cells: readonly string[], nulls: Uint8Array): NumericArray {
  if (values.every((value) => Number.isNaN(value) || value === (value | 0))) return Int32Array.from(values);
  if (values.every((value) => Number.isNaN(value) || Number.isSafeInteger(value))) return values;
  if (!cells.every((cell, row) => nulls[row] || /^\s*[+-]?\d{1,19}\s*$/.test(cell))) return values;
  return BigInt64Array.from(cells, (cell, row) => (nulls[row] ? 0n : BigInt(cell.trim().replace("+", ""))));
}

function toInfo({ name, index, unit, form, description }: Field): ColumnInfo {
  const info = { name, index, form, repeat: 1, shape: [], variable: false };
  return { ...info, ...(unit ? { unit } : {}), ...(description ? { description } : {}) };
}

function parseField(header: Header, index: number, rowBytes: number): Field {
  const k = index + 1;
  const form = header.string(`TFORM${k}`);
  const match = FORM.exec(form.trim().toUpperCase());
  if (!match)
    throw header.error(
      `TFORM${k}`,
      `must be an ASCII table format (Aw, Iw, Fw.d, Ew.d or Dw.d): current value is "${form}"`,
    );
  const width = Number(match[2]);
  const offset = header.integer(`TBCOL${k}`, { least: 1 }) - 1;
  if (offset + width > rowBytes) {
    throw header.error(
      `TBCOL${k}`,
      `must leave room for ${width} characters in a row of ${rowBytes}: current value is ${offset + 1}`,
    );
  }
  const name = header.get(`TTYPE${k}`);
  const unit = header.get(`TUNIT${k}`);
  const nullText = header.get(`TNULL${k}`);
  return {
    name: name === undefined || name === "" ? `col${k}` : String(name),
    index,
    form: form.trim(),
    repeat: 1,
    shape: [],
    variable: false,
    ...(typeof unit === "string" && unit !== "" ? { unit } : {}),
    ...(header.card(`TTYPE${k}`)?.comment ? { description: header.card(`TTYPE${k}`)?.comment as string } : {}),
    type: match[1] as Field["type"],
    offset,
    width,
    // Only reals have implied decimals, and only where the field itself has no point
    decimals: match[1] === "I" || match[1] === "A" ? 0 : Number(match[3] ?? 0),
    scale: header.number(`TSCAL${k}`, 1),
    zero: header.number(`TZERO${k}`, 0),
    ...(nullText === undefined ? {} : { nullText: String(nullText).trim() }),
  };
}
