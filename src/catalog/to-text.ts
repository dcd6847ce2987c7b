import { float32Text } from "../array/index.ts";
import type { Catalog, CatalogColumn } from "./catalog.ts";
import type { ColumnData } from "./column-data.ts";

/** Forms of text tables: only ECSV keeps types, units, UCDs and descriptions. */
export type TextFormat = "csv" | "tsv" | "ecsv";

/**
 * A catalogue as text: comma- or tab-separated under a header line, or ECSV, which astropy reads with units.
 *
 * Missing values are empty, logicals True and False, arrays JSON. Numbers have the digits that read back the same.
 *
 * @param options.format Default "ecsv".
 * @see https://github.com/astropy/astropy-APEs/blob/main/APE6.rst
 */
export function textFromCatalog(catalog: Catalog, options: { format?: TextFormat } = {}): string {
  const { format = "ecsv" } = options;
  const delimiter = format === "tsv" ? "\t" : ",";
  const columns = catalog.columns.map(({ name }) => cellsOf(catalog.column(name)));
  const lines = format === "ecsv" ? headerLines(catalog) : [];
  lines.push(catalog.columns.map(({ name }) => quoted(name, delimiter)).join(delimiter));
  for (let row = 0; row < catalog.numRows; row++) {
    // A line of one missing value is not an empty line
    lines.push(columns.map((cell) => quoted(cell(row), delimiter)).join(delimiter) || '""');
  }
  return `${lines.join("\n")}\n`;
}

/** The YAML header; texts as JSON, which YAML reads. */
function headerLines(catalog: Catalog): string[] {
  const columns = catalog.columns.map((column) => {
    const { name, unit, description, ucd } = column;
    const [datatype, subtype] = typeOf(column, catalog.column(name));
    const fields = [
      `name: ${JSON.stringify(name)}`,
      ...(unit ? [`unit: ${JSON.stringify(unit)}`] : []),
      `datatype: ${datatype}`,
      ...(subtype ? [`subtype: ${JSON.stringify(subtype)}`] : []),
      ...(description ? [`description: ${JSON.stringify(description)}`] : []),
      ...(ucd ? [`meta: {ucd: ${JSON.stringify(ucd)}}`] : []),
    ];
    return `# - {${fields.join(", ")}}`;
  });
  return ["# %ECSV 1.0", "# ---", "# delimiter: ','", "# datatype:", ...columns, "# schema: astropy-2.0"];
}

/** ECSV's name of a column's type, and of its elements' where they are arrays. */
function typeOf({ kind }: CatalogColumn, data: ColumnData): [datatype: string, subtype?: string] {
  if (!Array.isArray(data)) {
    return [data.constructor.name.replace(/^Big|Array$/g, "").toLowerCase()];
  }
  if (kind === "boolean") return ["bool"];
  if (kind !== "array") return ["string"];
  const first = (data as (ArrayLike<unknown> | null)[]).find((row) => row !== null && row.length > 0)?.[0];
  return ["string", typeof first === "number" ? "float64[null]" : "json"];
}

/** The texts of a column's cells, by row. */
function cellsOf(data: ColumnData): (row: number) => string {
  if (data instanceof Float32Array) return (row) => numberCell(data[row] as number, float32Text);
  return (row) => cellText(data[row]);
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return numberCell(value, String);
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "object" ? jsonOf(value as ArrayLike<unknown>) : String(value);
}

function numberCell(value: number, text: (value: number) => string): string {
  if (Number.isNaN(value)) return "";
  return Number.isFinite(value) ? text(value) : value > 0 ? "inf" : "-inf";
}

/** JSON has neither infinity nor 64-bit integers: the latter are written with all their digits. */
function jsonOf(values: ArrayLike<unknown>): string {
  const items = Array.from(values, (item) => {
    if (typeof item === "number") return Number.isFinite(item) ? String(item) : "null";
    return typeof item === "bigint" ? String(item) : JSON.stringify(item ?? null);
  });
  return `[${items.join(",")}]`;
}

/** A field as it is, or in quotes where it would be read as something else. */
function quoted(text: string, delimiter: string): string {
  const needs = text.includes(delimiter) || /["\r\n]|^[\s#]|\s$/.test(text);
  return needs ? `"${text.replaceAll('"', '""')}"` : text;
}
