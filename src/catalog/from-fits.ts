import { countOf } from "../array/index.ts";
import {
  type Column,
  FitsError,
  type FitsFile,
  type Header,
  type NumericArray,
  type RangedFits,
} from "../fits/index.ts";
import { Catalog, type ColumnFields } from "./catalog.ts";
import {
  bigintsWithNulls,
  booleansOf,
  type ColumnData,
  type NumberColumn,
  numbersWithNulls,
  textsOf,
} from "./column-data.ts";

/** What of a FITS file becomes a catalogue. */
export interface FitsCatalogOptions {
  /** EXTNAME or index of the table. Default: the first table with rows, else the first. */
  readonly hdu?: string | number;
  /** Columns to take. Default all. */
  readonly columns?: readonly string[];
}

/** Makes a Catalog of a FITS table. Vector and variable-length columns hold an array per row. */
export function catalogFromFits(file: FitsFile, options: FitsCatalogOptions = {}): Catalog {
  const { table, notes } = chooseTable<FitsFile["tables"][number]>(file, options);
  const names = options.columns ?? table.columns.map((column) => column.index);
  return catalogOf(file.name, notes, { ...tableSize(table), columns: names.map((name) => table.column(name)) });
}

/** The same of a file that is read in parts: only the columns taken are ever in memory. */
export async function catalogFromRanges(file: RangedFits, options: FitsCatalogOptions = {}): Promise<Catalog> {
  const { table, notes } = chooseTable<RangedFits["tables"][number]>(file, options);
  return catalogOf(file.name, notes, { ...tableSize(table), columns: await table.read(options.columns) });
}

interface TableSize {
  readonly header: Header;
  readonly numRows: number;
}

const tableSize = ({ header, numRows }: TableSize): TableSize => ({ header, numRows });

function chooseTable<T extends TableSize & { readonly index: number; readonly name: string }>(
  file: { name: string; notes: readonly string[]; tables: readonly T[]; table(hdu: string | number): T },
  { hdu }: FitsCatalogOptions,
): { table: T; notes: string[] } {
  const { tables } = file;
  const table = hdu === undefined ? (tables.find(({ numRows }) => numRows > 0) ?? tables[0]) : file.table(hdu);
  if (!table) throw new FitsError({ file: file.name }, "there must be a table: none of the HDUs is one");
  const notes = [...file.notes];
  if (hdu === undefined && tables.length > 1) {
    notes.push(
      `HDU ${table.index} "${table.name}" of ${countOf(tables.length, "table")} was read (option hdu chooses)`,
    );
  }
  return { table, notes };
}

function catalogOf(
  name: string,
  notes: readonly string[],
  { columns, header, numRows }: TableSize & { readonly columns: readonly Column[] },
): Catalog {
  const fields = columns.map((column): ColumnFields => {
    const ucd = header.get(`TUCD${column.index + 1}`);
    return {
      name: column.name,
      ...(column.unit ? { unit: column.unit } : {}),
      ...(column.description ? { description: column.description } : {}),
      ...(typeof ucd === "string" && ucd !== "" ? { ucd } : {}),
      data: valuesOf(column, numRows),
    };
  });
  return new Catalog(fields, { name, notes });
}

function valuesOf(column: Column, numRows: number): ColumnData {
  const { data, nulls, shape } = column;
  if (column.variable) return data as ArrayLike<unknown>[];
  const perRow = shape.reduce((product, extent) => product * extent, 1);
  if (shape.length > 0) {
    return Array.from({ length: numRows }, (_, row) => (data as string[]).slice(row * perRow, (row + 1) * perRow));
  }
  if (Array.isArray(data)) return textsOf(data as string[], nulls);
  if (/^\d*L/i.test(column.form)) return booleansOf(data as Uint8Array, nulls);
  const numeric: NumericArray = data;
  if (numeric instanceof BigInt64Array || numeric instanceof BigUint64Array) return bigintsWithNulls(numeric, nulls);
  return numbersWithNulls(numeric as NumberColumn, nulls);
}
