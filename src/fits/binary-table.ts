import { type Column, type ColumnInfo, type FitsTable, findColumn, noColumn, toNumbers } from "./column.ts";
import { ColumnFill } from "./column-fill.ts";
import type { Header } from "./header.ts";
import { type HduPlace, tableRows } from "./layout.ts";
import { type Field, parseFields, toInfo } from "./table-fields.ts";
import { heapPlaces, variableCells } from "./variable-cells.ts";

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
  readonly #decoded = new Map<number, Column>();

  constructor(header: Header, place: HduPlace) {
    this.index = place.hdu;
    this.name = place.hduName;
    this.header = header;
    this.#place = place;
    const { rowBytes, numRows } = tableRows(header, place.bytes.length);
    this.#rowBytes = rowBytes;
    this.numRows = numRows;
    this.#fields = parseFields(header, rowBytes);
  }

  get columns(): readonly ColumnInfo[] {
    return this.#fields.map(toInfo);
  }

  has(name: string): boolean {
    return findColumn(this.#fields, name) !== undefined;
  }

  column(name: string | number): Column {
    return this.read([name])[0] as Column;
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
    const open = [...new Set(fields)].filter((field) => !this.#decoded.has(field.index));
    const fill = new ColumnFill(
      open.filter((field) => !field.variable),
      this.#rowBytes,
      this.numRows,
    );
    fill.add(this.#place.bytes, this.numRows);
    for (const column of fill.finish()) this.#decoded.set(column.index, column);
    for (const field of open) if (field.variable) this.#decoded.set(field.index, this.#variable(field));
    return fields.map((field) => this.#decoded.get(field.index) as Column);
  }

  #find(name: string | number): Field {
    const index = findColumn(this.#fields, name);
    if (index !== undefined) return this.#fields[index] as Field;
    throw noColumn(this.#place, this.#fields, name);
  }

  #variable(field: Field): Column {
    const { bytes } = this.#place;
    const heap = bytes.subarray(heapStart(this.header, this.#rowBytes * this.numRows));
    const rows = { bytes, rowBytes: this.#rowBytes, numRows: this.numRows, firstRow: 0 };
    const places = heapPlaces(this.header, field, rows, heap.length);
    return { ...toInfo(field), data: variableCells(field, places, heap.subarray(...places.span)) };
  }
}

/** Byte of the data unit at which the heap starts: after the rows and, where THEAP says so, a gap. */
export function heapStart(header: Header, tableBytes: number): number {
  return header.integer("THEAP", { fallback: tableBytes, least: 0 });
}
