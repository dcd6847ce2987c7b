import { type Column, type FitsTable, type NumericArray, readFits } from "../fits/index.ts";
import type { ColumnBuilder, VotableColumn, VotableField } from "./column.ts";
import { type Datatype, narrowLong, type VotableArray } from "./datatype.ts";
import { VotableError } from "./error.ts";

/**
 * The columns of a FITS serialisation.
 *
 * Values are as the FITS file has them; names, units and the like are the FIELDs', or the file's where there are none.
 *
 * @param bytes The FITS file inside the STREAM.
 * @param options.extnum Which HDU. Default: the first table.
 */
export function decodeFits(
  bytes: Uint8Array,
  builders: readonly ColumnBuilder[],
  options: { file: string; extnum?: number },
): { numRows: number; columns: VotableColumn[] } {
  const fits = readFits(bytes, { name: `${options.file} (FITS data)` });
  const table = options.extnum === undefined ? fits.tables[0] : fits.table(options.extnum);
  if (!table) throw new VotableError(options.file, "its FITS data must have a table: none of the HDUs is one");
  if (builders.length > 0 && builders.length !== table.columns.length) {
    throw new VotableError(
      options.file,
      `its FITS table must have ${builders.length} columns, one per field: it has ${table.columns.length}`,
    );
  }
  const columns = table.columns.map((_, i) => columnOf(table, i, builders[i]?.field));
  return { numRows: table.numRows, columns };
}

function columnOf(table: FitsTable, index: number, field: VotableField | undefined): VotableColumn {
  const column = table.column(index);
  const { name, unit, description } = column;
  const own = {
    name,
    datatype: datatypeOf(column),
    ...(unit ? { unit } : {}),
    ...(description ? { description } : {}),
  };
  return { ...(field ?? own), ...valuesOf(column, table.numRows) };
}

/** The datatype that a FITS column's values have. */
function datatypeOf({ data, form }: Column): Datatype {
  const letter = /[A-Z]/.exec(form.toUpperCase().replace(/^\d*[PQ]/, ""))?.[0];
  if (letter === "A") return "char";
  if (letter === "L") return "boolean";
  if (letter === "X") return "bit";
  const sample = Array.isArray(data) ? data[0] : data;
  if (letter === "C") return "floatComplex";
  if (letter === "M") return "doubleComplex";
  if (letter === "K" || sample instanceof BigInt64Array || sample instanceof Uint32Array) return "long";
  if (sample instanceof Uint8Array) return "unsignedByte";
  if (sample instanceof Int16Array || sample instanceof Int8Array) return "short";
  if (sample instanceof Int32Array || sample instanceof Uint16Array) return "int";
  return sample instanceof Float32Array ? "float" : "double";
}

function valuesOf(column: Column, numRows: number): Pick<VotableColumn, "data" | "nulls"> {
  const { data, nulls, shape } = column;
  if (column.variable) return { data: (data as (NumericArray | string)[]).map(cellOf) as VotableColumn["data"] };
  if (shape.length === 0) {
    return {
      data: Array.isArray(data) ? (data as string[]) : (cellOf(data) as VotableArray),
      ...(nulls ? { nulls } : {}),
    };
  }
  const perRow = shape.reduce((product, extent) => product * extent, 1);
  const rows = Array.from({ length: numRows }, (_, row) => {
    const [from, to] = [row * perRow, (row + 1) * perRow];
    const cell = data.slice(from, to) as NumericArray | string[];
    return nulls?.subarray(from, to).includes(1)
      ? Float64Array.from(cell as Float64Array, (value, i) => (nulls[from + i] ? Number.NaN : Number(value)))
      : cellOf(cell);
  });
  return { data: rows as VotableArray[] };
}

/** Unsigned and signed-byte arrays, which VOTable lacks, in the next wider type. */
function cellOf<T>(cell: T): T | VotableArray {
  if (cell instanceof Int8Array) return Int16Array.from(cell);
  if (cell instanceof Uint16Array) return Int32Array.from(cell);
  if (cell instanceof Uint32Array) return Float64Array.from(cell);
  if (cell instanceof BigUint64Array) return narrowLong(Array.from(cell)) as VotableArray;
  return cell;
}
