import { type Column, FitsError, type FitsFile, type FitsTable, type NumericArray } from "../fits/index.ts";
import { Catalog, type ColumnFields } from "./catalog.ts";
import {
  bigintsWithNulls,
  booleansOf,
  type ColumnData,
  type NumberColumn,
  numbersWithNulls,
  textsOf,
} from "./column-data.ts";

/**
 * Makes a Catalog of a FITS table. Vector and variable-length columns hold an array per row.
 *
 * @param options.hdu EXTNAME or index of the table. Default: the first table with rows, else the first.
 * @param options.columns Columns to take. Default all.
 */
export function catalogFromFits(
  file: FitsFile,
  options: { hdu?: string | number; columns?: readonly string[] } = {},
): Catalog {
  const tables = file.tables;
  const table =
    options.hdu === undefined
      ? (tables.find((candidate) => candidate.numRows > 0) ?? tables[0])
      : file.table(options.hdu);
  if (!table) throw new FitsError({ file: file.name }, "there must be a table: none of the HDUs is one");
  const names = options.columns ?? table.columns.map((column) => column.index);
  const notes = [...file.notes];
  if (options.hdu === undefined && tables.length > 1) {
    notes.push(`HDU ${table.index} "${table.name}" of ${tables.length} tables was read (option hdu chooses)`);
  }
  return new Catalog(
    names.map((name) => fieldOf(table, name)),
    { name: file.name, notes },
  );
}

function fieldOf(table: FitsTable & { header?: { get(key: string): unknown } }, name: string | number): ColumnFields {
  const column = table.column(name);
  const ucd = table.header?.get(`TUCD${column.index + 1}`);
  return {
    name: column.name,
    ...(column.unit ? { unit: column.unit } : {}),
    ...(column.description ? { description: column.description } : {}),
    ...(typeof ucd === "string" && ucd !== "" ? { ucd } : {}),
    data: valuesOf(column, table.numRows),
  };
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
