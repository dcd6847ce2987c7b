import { countOf } from "../array/index.ts";
import type { CardSpec, ColumnSpec, HduSpec } from "../fits/index.ts";
import { isAscii } from "./ascii.ts";
import type { Catalog, CatalogColumn } from "./catalog.ts";
import type { ColumnData } from "./column-data.ts";

/**
 * A catalogue as a binary table for `writeFits`, with units (TUNITn), UCDs (TUCDn) and descriptions as comments of
 * TTYPEn. Missing numbers are NaN, missing texts empty, missing logicals the null byte; blanks at
 * the end of a text do not count in FITS. Arrays of different lengths become variable-length arrays.
 *
 * @throws {TypeError} If a column holds arrays of other things than numbers, or texts beyond ASCII; `asciiCatalog` spells
 *   those.
 */
export function fitsFromCatalog(catalog: Catalog): HduSpec {
  checkTexts(catalog);
  const columns = catalog.columns.map((column) => specOf(column, catalog.column(column.name)));
  const header = catalog.columns.flatMap(({ ucd }, i): CardSpec[] => (ucd ? [[`TUCD${i + 1}`, ucd]] : []));
  return { name: "CATALOG", columns, header };
}

/** FITS has no text beyond printable ASCII. */
function checkTexts(catalog: Catalog): void {
  const found = catalog.columns.flatMap(({ name, kind }) => {
    if (kind !== "string") return [];
    const rows = (catalog.column(name) as (string | null)[]).flatMap((text, row) => (isAscii(text ?? "") ? [] : [row]));
    return rows.length > 0 ? [{ name, rows }] : [];
  });
  const [first] = found;
  if (!first) return;
  const [row] = first.rows as [number];
  const others = found.length > 1 ? `, nor are those of ${countOf(found.length - 1, "further column")}` : "";
  throw new TypeError(
    `Cannot write column "${first.name}": texts in FITS must be printable ASCII: ${countOf(first.rows.length, "text is", "texts are")} not${others}: row ${row + 1} is ${JSON.stringify(catalog.column(first.name)[row])}; asciiCatalog (photonbook convert --ascii) spells them, VOTable, Parquet and ECSV keep them`,
  );
}

function specOf({ name, unit, description }: CatalogColumn, data: ColumnData): ColumnSpec {
  const notes = { name, ...(unit ? { unit } : {}), ...(description ? { comment: description } : {}) };
  if (!Array.isArray(data)) return { ...notes, data };
  const first = (data as unknown[]).find((value) => value !== null);
  if (typeof first === "boolean") {
    const nulls = Uint8Array.from(data as unknown[], (value) => (value === null ? 1 : 0));
    return { ...notes, data: (data as (boolean | null)[]).map((value) => value ?? false), nulls };
  }
  if (first === undefined || typeof first === "string")
    return { ...notes, data: (data as (string | null)[]).map((value) => value ?? "") };
  return { ...notes, ...arraysOf(name, data as (ArrayLike<unknown> | null)[]) };
}

/**
 * Arrays of numbers as doubles: where all are equally long, the elements of one vector column, null rows NaN; else arrays
 * of variable length, null rows empty.
 */
function arraysOf(name: string, rows: readonly (ArrayLike<unknown> | null)[]): Pick<ColumnSpec, "data" | "repeat"> {
  const arrays = rows.map((row, i) => {
    const values = row && Array.from(row);
    if (!values || values.every((value) => typeof value === "number")) return values as number[] | null;
    throw new TypeError(`Cannot write column "${name}": its arrays must be of numbers: row ${i + 1} differs`);
  });
  const repeat = arrays.find((values) => values !== null)!.length;
  if (repeat === 0 || arrays.some((values) => values !== null && values.length !== repeat)) {
    return { data: arrays.map((values) => Float64Array.from(values ?? [])) };
  }
  const data = new Float64Array(rows.length * repeat).fill(Number.NaN);
  arrays.forEach((values, i) => {
    if (values) data.set(values, i * repeat);
  });
  return { data, repeat };
}
