import { parse } from "yaml";
import type { ColumnFields } from "./catalog.ts";
import { CatalogError } from "./catalog-error.ts";
import type { ColumnData } from "./column-data.ts";

/** What an ECSV header says of a column. */
export interface EcsvColumn extends Omit<ColumnFields, "data"> {
  readonly datatype: string;
  /** Of arrays as JSON, such as "float64[3]". */
  readonly subtype?: string;
}

/** Delimiter and columns of an ECSV table. */
export interface EcsvHeader {
  readonly delimiter: string;
  readonly columns: ReadonlyMap<string, EcsvColumn>;
}

/** First line of an ECSV file. */
export const ECSV_START = /^# %ECSV \d/;

interface YamlHeader {
  readonly delimiter?: string;
  readonly datatype?: readonly {
    readonly name: unknown;
    readonly datatype?: unknown;
    readonly subtype?: unknown;
    readonly unit?: unknown;
    readonly description?: unknown;
    /** A map; astropy's !!omap becomes a Map. */
    readonly meta?: object | null;
  }[];
}

/**
 * Reads the header of an Enhanced Character-Separated Values table (APE 6).
 *
 * @param lines The comment lines at its start.
 * @throws {CatalogError} If it is not YAML with a list of columns.
 * @see https://github.com/astropy/astropy-APEs/blob/main/APE6.rst
 */
export function parseEcsvHeader(lines: readonly string[], file: string): EcsvHeader {
  const text = lines
    .slice(1)
    .map((line) => line.replace(/^# ?/, ""))
    .join("\n");
  let header: YamlHeader | null;
  try {
    // Tags such as astropy's !!omap are of no interest here
    header = parse(text, { logLevel: "error" }) as YamlHeader | null;
  } catch (cause) {
    throw new CatalogError(file, `its ECSV header must be YAML: ${(cause as Error).message}`, { cause });
  }
  const columns = header?.datatype;
  if (!Array.isArray(columns)) throw new CatalogError(file, 'its ECSV header must list the columns under "datatype"');
  const read = columns.map(({ name, datatype, subtype, unit, description, meta }): [string, EcsvColumn] => [
    String(name),
    {
      name: String(name),
      datatype: String(datatype ?? "string"),
      ...(typeof subtype === "string" ? { subtype } : {}),
      ...(typeof unit === "string" ? { unit } : {}),
      ...(typeof description === "string" ? { description } : {}),
      ...ucdIn(meta),
    },
  ]);
  return { delimiter: header?.delimiter ?? " ", columns: new Map(read) };
}

function ucdIn(meta: object | null | undefined): { ucd?: string } {
  const { ucd } = (meta instanceof Map ? Object.fromEntries(meta) : (meta ?? {})) as { ucd?: unknown };
  return typeof ucd === "string" ? { ucd } : {};
}

type NumberKind = new (cells: ArrayLike<number>) => ColumnData;
const REALS: Readonly<Record<string, NumberKind>> = {
  float16: Float32Array,
  float32: Float32Array,
  float64: Float64Array,
};
const INTEGERS: Readonly<Record<string, NumberKind>> = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
};

/**
 * A column of the type that its header gives; undefined for a type that is best told by its cells (64-bit integers).
 *
 * @throws {CatalogError} If a cell is not of that type.
 */
export function ecsvData(cells: readonly string[], column: EcsvColumn, file: string): ColumnData | undefined {
  const { datatype, subtype } = column;
  if (subtype !== undefined) return cells.map((cell, row) => arrayOf(cell, row, column, file));
  if (datatype === "string") return cells.map((cell) => (cell === "" ? null : cell));
  if (datatype === "bool") return cells.map((cell, row) => logicalOf(cell, row, column, file));
  const Kind = REALS[datatype] ?? INTEGERS[datatype];
  if (!Kind) return undefined;
  const numbers = cells.map((cell, row) => numberOf(cell, row, column, file));
  // A missing integer makes the column one of doubles, in which it is NaN
  return Kind.name.startsWith("Float") || !numbers.some(Number.isNaN) ? new Kind(numbers) : Float64Array.from(numbers);
}

function numberOf(cell: string, row: number, { name, datatype }: EcsvColumn, file: string): number {
  const text = cell.trim();
  if (text === "" || /^[+-]?nan$/i.test(text)) return Number.NaN;
  const infinite = /^([+-]?)inf(inity)?$/i.exec(text);
  const value = infinite ? Number(`${infinite[1]}Infinity`) : Number(text);
  if (!Number.isNaN(value)) return value;
  throw new CatalogError(file, `column "${name}" must hold ${datatype}: row ${row + 1} has ${JSON.stringify(cell)}`);
}

function logicalOf(cell: string, row: number, { name }: EcsvColumn, file: string): boolean | null {
  if (cell === "") return null;
  if (cell === "True" || cell === "False") return cell === "True";
  throw new CatalogError(file, `column "${name}" must hold True or False: row ${row + 1} has ${JSON.stringify(cell)}`);
}

/** An array in JSON; of numbers, null is NaN. */
function arrayOf(cell: string, row: number, { name, subtype }: EcsvColumn, file: string): ArrayLike<unknown> | null {
  if (cell === "") return null;
  let values: unknown;
  try {
    values = JSON.parse(cell.replaceAll(/\bNaN\b/g, "null"));
  } catch (cause) {
    throw new CatalogError(file, `column "${name}" must hold JSON: row ${row + 1} has ${JSON.stringify(cell)}`, {
      cause,
    });
  }
  const list = Array.isArray(values) ? values.flat(Number.POSITIVE_INFINITY) : [values];
  return /^(float|u?int)/.test(subtype as string) ? Float64Array.from(list, (value) => value ?? Number.NaN) : list;
}
