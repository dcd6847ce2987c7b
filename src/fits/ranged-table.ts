import { AsciiTable } from "./ascii-table.ts";
import { heapStart } from "./binary-table.ts";
import { type ByteSource, readRange } from "./byte-source.ts";
import { type Column, type ColumnInfo, findColumn, noColumn } from "./column.ts";
import { ColumnFill } from "./column-fill.ts";
import type { NumericArray } from "./decode.ts";
import type { HduRange } from "./find-hdus.ts";
import type { Header } from "./header.ts";
import { tableRows } from "./layout.ts";
import { type Field, parseFields, toInfo } from "./table-fields.ts";
import { heapPlaces, type RowBlock, variableCells } from "./variable-cells.ts";

/** What of a table is read. */
export interface ReadRowsOptions {
  /** First row and the one after the last, 0-based. Default: all. */
  readonly rows?: readonly [from: number, to: number];
  /** Called after each block with the share of the rows that is read, 0–1. */
  readonly onProgress?: (done: number) => void;
  /** An AbortSignal; aborting ends the reading. Default: none. */
  readonly signal?: { throwIfAborted(): void };
}

/** Bytes of rows read at a time. */
const BLOCK_BYTES = 2 ** 21;
/** Blocks that are decoded or on their way from a disk or a server at a time. */
const BLOCKS_AT_ONCE = 4;

/** A table of a file that is read in parts: the rows go block by block through memory, only the columns stay. */
export class RangedTable {
  readonly kind: "bintable" | "table";
  readonly index: number;
  readonly name: string;
  readonly header: Header;
  readonly numRows: number;
  readonly columns: readonly ColumnInfo[];
  readonly #file: string;
  readonly #source: ByteSource;
  readonly #range: HduRange;
  readonly #rowBytes: number;
  /** Undefined for an ASCII table. */
  readonly #fields: readonly Field[] | undefined;

  /** Use `readFitsRanges`. */
  constructor(file: string, source: ByteSource, range: HduRange & { name: string; kind: RangedTable["kind"] }) {
    this.kind = range.kind;
    this.index = range.index;
    this.name = range.name;
    this.header = range.header;
    this.#file = file;
    this.#source = source;
    this.#range = range;
    const { rowBytes, numRows } = tableRows(range.header, range.dataBytes);
    this.#rowBytes = rowBytes;
    this.numRows = numRows;
    this.#fields = range.kind === "bintable" ? parseFields(range.header, rowBytes) : undefined;
    this.columns = this.#fields?.map(toInfo) ?? this.#asciiRows(new Uint8Array(), 0).columns;
  }

  has(name: string): boolean {
    return findColumn(this.columns, name) !== undefined;
  }

  /**
   * Reads columns, by name (an exact match before one that differs in case) or 0-based index, in one pass over the rows.
   *
   * @param names Default: all.
   * @throws {FitsError} If the table has no such column, or its values cannot be read.
   * @throws {RangeError} If `rows` are not within the table.
   */
  async read(names?: readonly (string | number)[], options: ReadRowsOptions = {}): Promise<Column[]> {
    const wanted = names?.map((name) => this.#find(name)) ?? this.columns.map((_, index) => index);
    const [from, to] = this.#checkRows(options.rows ?? [0, this.numRows]);
    const columns = this.#fields
      ? await this.#readBinary(
          [...new Set(wanted)].map((index) => this.#fields?.[index] as Field),
          [from, to],
          options,
        )
      : await this.#readAscii(wanted, [from, to]);
    const byIndex = new Map(columns.map((column) => [column.index, column]));
    return wanted.map((index) => byIndex.get(index) as Column);
  }

  #find(name: string | number): number {
    const index = findColumn(this.columns, name);
    if (index !== undefined) return index;
    throw noColumn({ file: this.#file, hdu: this.index, hduName: this.name }, this.columns, name);
  }

  #checkRows([from, to]: readonly [number, number]): readonly [number, number] {
    if (Number.isSafeInteger(from) && Number.isSafeInteger(to) && 0 <= from && from <= to && to <= this.numRows) {
      return [from, to];
    }
    throw new RangeError(
      `Cannot read rows of table "${this.name}": rows must be [from, to] with 0 <= from <= to <= ${this.numRows}: current value is [${from}, ${to}]`,
    );
  }

  async #readBinary(
    fields: readonly Field[],
    [from, to]: readonly [number, number],
    { signal, onProgress }: ReadRowsOptions,
  ): Promise<Column[]> {
    const fixed = fields.filter((field) => !field.variable);
    const variable = fields.filter((field) => field.variable);
    const fill = new ColumnFill(fixed, this.#rowBytes, to - from);
    const cells = variable.map((): (NumericArray | string)[] => []);
    for await (const block of this.#blocks(from, to)) {
      signal?.throwIfAborted();
      fill.add(block.bytes, block.numRows);
      for (const [i, field] of variable.entries()) {
        for (const cell of await this.#arrays(field, block)) cells[i]?.push(cell);
      }
      onProgress?.((block.firstRow + block.numRows - from) / (to - from));
    }
    const arrays = variable.map((field, i): Column => ({ ...toInfo(field), data: cells[i] ?? [] }));
    return [...fill.finish(), ...arrays];
  }

  /** Blocks of rows, the next ones on their way while one is decoded. */
  async *#blocks(from: number, to: number): AsyncGenerator<RowBlock> {
    const perBlock = Math.max(1, Math.floor(BLOCK_BYTES / Math.max(this.#rowBytes, 1)));
    const count = Math.ceil((to - from) / perBlock);
    const buffers = Array.from(
      { length: Math.min(BLOCKS_AT_ONCE, count) },
      () => new Uint8Array(Math.min(perBlock, to - from) * this.#rowBytes),
    );
    const load = async (number: number): Promise<RowBlock> => {
      const firstRow = from + number * perBlock;
      const numRows = Math.min(perBlock, to - firstRow);
      const bytes = (buffers[number % buffers.length] as Uint8Array).subarray(0, numRows * this.#rowBytes);
      if (bytes.length > 0) await this.#source.readInto(bytes, this.#range.dataStart + firstRow * this.#rowBytes);
      return { bytes, rowBytes: this.#rowBytes, numRows, firstRow };
    };
    const loading: Promise<RowBlock>[] = [];
    for (let number = 0; number < count; number++) {
      // The reader is done with the block before, so that its buffer takes the one that comes this much later.
      while (loading.length < Math.min(count, number + buffers.length)) {
        const block = load(loading.length);
        // A reader that stops early leaves reads under way, whose failure is nobody's then
        block.catch(() => undefined);
        loading.push(block);
      }
      yield await (loading[number] as Promise<RowBlock>);
    }
  }

  /** The arrays of a variable-length column in some rows, from their stretch of the heap. */
  async #arrays(field: Field, block: RowBlock): Promise<(NumericArray | string)[]> {
    const start = heapStart(this.header, this.#rowBytes * this.numRows);
    const places = heapPlaces(this.header, field, block, this.#range.dataBytes - start);
    const [from, to] = places.span.map((at) => this.#range.dataStart + start + at) as [number, number];
    return variableCells(field, places, await readRange(this.#source, from, to));
  }

  async #readAscii(wanted: readonly number[], [from, to]: readonly [number, number]): Promise<Column[]> {
    const start = this.#range.dataStart + from * this.#rowBytes;
    const bytes = await readRange(this.#source, start, start + (to - from) * this.#rowBytes);
    const rows = this.#asciiRows(bytes, to - from);
    return wanted.map((index) => rows.column(index));
  }

  #asciiRows(bytes: Uint8Array, numRows: number): AsciiTable {
    const place = { file: this.#file, hdu: this.index, hduName: this.name, bytes, view: new DataView(bytes.buffer) };
    return new AsciiTable(this.header, place, numRows);
  }
}
