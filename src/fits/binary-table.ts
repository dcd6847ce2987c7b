import { type Column, type ColumnInfo, type FitsTable, findColumn, toNumbers } from "./column.ts";
import { allocate, decodeInto, decodeText, type NumericArray } from "./decode.ts";
import { FitsError } from "./error.ts";
import type { Header } from "./header.ts";
import { type HduPlace, tableRows } from "./layout.ts";
import { decodeBlock, type Scaling, toPhysical } from "./scale.ts";
import { type BinaryForm, ELEMENT_BYTES, parseBinaryForm, parseDim, type TypeCode } from "./tform.ts";

interface Field extends ColumnInfo {
  readonly format: BinaryForm;
  /** Byte offset in the row. */
  readonly offset: number;
  readonly scaling: Scaling;
}

const BLOCK_ROWS = 2048;

/** A BINTABLE extension. Columns are decoded when asked for, and kept. */
export class BinaryTable implements FitsTable {
  readonly kind = "bintable";
  readonly index: number;
  readonly name: string;
  readonly header: Header;
  readonly numRows: number;
  readonly #fields: readonly Field[];
  readonly #place: HduPlace;
  readonly #rowBytes: number;
  readonly #heap: number;
  readonly #decoded = new Map<number, Column>();

  constructor(header: Header, place: HduPlace) {
    this.index = place.hdu;
    this.name = place.hduName;
    this.header = header;
    this.#place = place;
    const { rowBytes, numRows } = tableRows(header, place);
    this.#rowBytes = rowBytes;
    this.numRows = numRows;
    this.#heap = header.integer("THEAP", { fallback: this.#rowBytes * this.numRows, least: 0 });
    this.#fields = parseFields(header, this.#rowBytes);
  }

  get columns(): readonly ColumnInfo[] {
    return this.#fields.map(toInfo);
  }

  has(name: string): boolean {
    return findColumn(this.#fields, name) !== undefined;
  }

  column(name: string | number): Column {
    const field = this.#find(name);
    const known = this.#decoded.get(field.index);
    if (known) return known;
    const column = field.format.descriptor ? this.#variable(field) : this.#fixed(field);
    this.#decoded.set(field.index, column);
    return column;
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

  /**
   * Decodes several columns in one pass over the rows, which is faster than one after another for big tables.
   *
   * @param names Columns to decode. Default all.
   */
  read(names?: readonly (string | number)[]): Column[] {
    const fields = names ? names.map((name) => this.#find(name)) : this.#fields;
    const open = [...new Set(fields)].filter((field) => isNumeric(field) && !this.#decoded.has(field.index));
    const raw = open.map((field) => this.#allocate(field));
    for (let from = 0; from < this.numRows; from += BLOCK_ROWS) {
      const to = Math.min(from + BLOCK_ROWS, this.numRows);
      for (let i = 0; i < open.length; i++) this.#decodeRows(raw[i] as NumericArray, open[i] as Field, from, to);
    }
    open.forEach((field, i) => {
      this.#decoded.set(field.index, this.#finish(field, raw[i] as NumericArray));
    });
    return fields.map((field) => this.column(field.index));
  }

  #find(name: string | number): Field {
    const index = findColumn(this.#fields, name);
    if (index !== undefined) return this.#fields[index] as Field;
    const known = this.#fields.map((field) => `"${field.name}"`).join(", ");
    throw new FitsError(this.#place, `the table has no column ${JSON.stringify(name)}: its columns are ${known}`);
  }

  #fixed(field: Field): Column {
    if (field.format.type === "A") return { ...toInfo(field), data: this.#strings(field) };
    const raw = this.#allocate(field);
    this.#decodeRows(raw, field, 0, this.numRows);
    return this.#finish(field, raw);
  }

  #allocate(field: Field): NumericArray {
    return allocate(field.format.type as Exclude<TypeCode, "A">, this.numRows * elementsPerRow(field.format));
  }

  #decodeRows(out: NumericArray, field: Field, from: number, to: number): void {
    const perRow = elementsPerRow(field.format);
    const layout = { view: this.#place.view, start: field.offset, stride: this.#rowBytes, perRow };
    if (perRow > 0) decodeInto(out, layout, field.format.type as Exclude<TypeCode, "A">, from, to);
  }

  #finish(field: Field, raw: NumericArray): Column {
    return { ...toInfo(field), ...toPhysical(raw, field.format.type, field.scaling) };
  }

  /** String cells; with TDIM or a substring width a row holds several. */
  #strings(field: Field): string[] {
    const { bytes } = this.#place;
    const length = stringLength(field);
    const perRow = field.shape.reduce((product, extent) => product * extent, 1);
    const out = new Array<string>(this.numRows * perRow);
    for (let row = 0; row < this.numRows; row++) {
      const start = row * this.#rowBytes + field.offset;
      for (let i = 0; i < perRow; i++) out[row * perRow + i] = decodeText(bytes, start + i * length, length);
    }
    return out;
  }

  #variable(field: Field): Column {
    const { type, descriptor, repeat } = field.format;
    const { view, bytes } = this.#place;
    const out: (NumericArray | string)[] = [];
    for (let row = 0; row < this.numRows; row++) {
      const at = row * this.#rowBytes + field.offset;
      const wide = descriptor === "Q";
      const n = repeat === 0 ? 0 : wide ? Number(view.getBigInt64(at)) : view.getInt32(at);
      const offset = repeat === 0 ? 0 : wide ? Number(view.getBigInt64(at + 8)) : view.getInt32(at + 4);
      const start = this.#heap + offset;
      if (n < 0 || offset < 0 || start + Math.ceil(n * ELEMENT_BYTES[type]) > bytes.length) {
        const where = `row ${row + 1} of column "${field.name}" points at ${n} elements at heap offset ${offset}`;
        throw this.header.error(
          `TFORM${field.index + 1}`,
          `must describe arrays inside the heap (${Math.max(bytes.length - this.#heap, 0)} bytes): ${where}`,
        );
      }
      if (type === "A") out.push(decodeText(bytes, start, n));
      else out.push(variableCell(view, start, n, type, field.scaling));
    }
    return { ...toInfo(field), data: out };
  }
}

/** One variable-length array. Nulls of integers have no mask here: such arrays come back as doubles with NaN. */
function variableCell(view: DataView, start: number, n: number, type: Exclude<TypeCode, "A">, scaling: Scaling) {
  const perElement = type === "C" || type === "M" ? 2 : 1;
  const { data, nulls } = toPhysical(decodeBlock(view, start, n * perElement, type), type, scaling);
  if (!nulls) return data;
  return Float64Array.from(data as Float64Array, (value, i) => (nulls[i] ? Number.NaN : Number(value)));
}

function isNumeric({ format }: Field): boolean {
  return format.type !== "A" && format.descriptor === undefined;
}

function elementsPerRow({ type, repeat }: BinaryForm): number {
  return type === "C" || type === "M" ? 2 * repeat : repeat;
}

/** The public part of a field. */
function toInfo({ format: _format, offset: _offset, scaling: _scaling, ...info }: Field): ColumnInfo {
  return info;
}

/** Characters of one string: TDIM's fastest extent has been taken off `shape`. */
function stringLength({ format, shape }: Field): number {
  const perRow = shape.reduce((product, extent) => product * extent, 1);
  return perRow > 0 ? Math.floor(format.repeat / perRow) : 0;
}

/** Reads TTYPEn, TFORMn, … of all columns and checks that they fill the row. */
function parseFields(header: Header, rowBytes: number): Field[] {
  const n = header.integer("TFIELDS", { least: 0 });
  if (n > 999) throw header.error("TFIELDS", `must be 0–999: current value is ${n}`);
  const fields: Field[] = [];
  let offset = 0;
  for (let index = 0; index < n; index++) {
    const field = parseField(header, index, offset);
    offset += field.format.width;
    fields.push(field);
  }
  if (offset > rowBytes) {
    throw header.error(
      "NAXIS1",
      `must be at least ${offset}, the sum of the columns' widths: current value is ${rowBytes}`,
    );
  }
  return fields;
}

function parseField(header: Header, index: number, offset: number): Field {
  const k = index + 1;
  const form = header.string(`TFORM${k}`);
  const format = parseBinaryForm(form);
  if (!format) {
    throw header.error(
      `TFORM${k}`,
      `must be a binary table format (a repeat count and one of L X B I J K A E D C M P Q): current value is "${form}"`,
    );
  }
  const unit = header.get(`TUNIT${k}`);
  const description = header.card(`TTYPE${k}`)?.comment;
  return {
    name: columnName(header, k),
    index,
    form: form.trim(),
    ...(typeof unit === "string" && unit !== "" ? { unit } : {}),
    repeat: format.descriptor ? 1 : format.repeat,
    shape: rowShape(header, k, format),
    variable: format.descriptor !== undefined,
    ...(description ? { description } : {}),
    format,
    offset,
    scaling: parseScaling(header, k),
  };
}

function columnName(header: Header, k: number): string {
  const name = header.get(`TTYPE${k}`);
  return name === undefined || name === "" ? `col${k}` : String(name);
}

function parseScaling(header: Header, k: number): Scaling {
  const text = header.card(`TNULL${k}`)?.text ?? "";
  return {
    scale: header.number(`TSCAL${k}`, 1),
    zero: header.number(`TZERO${k}`, 0),
    ...(/^[+-]?\d+$/.test(text) ? { nullValue: BigInt(text) } : {}),
  };
}

/** Extents of a row's value. Strings lose their fastest extent (the characters), complex numbers gain one of 2. */
function rowShape(header: Header, k: number, format: BinaryForm): number[] {
  if (format.descriptor) return [];
  const dim = header.get(`TDIM${k}`);
  const extents = typeof dim === "string" ? parseDim(dim, format.repeat) : undefined;
  const fits = extents && extents.reduce((product, extent) => product * extent, 1) === format.repeat;
  if (format.type === "A") {
    if (format.repeat === 0) return [];
    if (fits) return (extents as number[]).slice(0, -1);
    return format.substring && format.substring <= format.repeat ? [Math.floor(format.repeat / format.substring)] : [];
  }
  const shape = fits ? (extents as number[]) : format.repeat === 1 ? [] : [format.repeat];
  return format.type === "C" || format.type === "M" ? [...shape, 2] : shape;
}
