import { type Catalog, type CatalogColumn, votableHeader } from "../catalog/index.ts";
import { readVotable, writeVotable } from "../votable/index.ts";

const VERSION = "IVOA.VOTable-Parquet.version";
const CONTENT = "IVOA.VOTable-Parquet.content";

/** What columns are, besides their names and values. */
export type ColumnNotes = ReadonlyMap<string, Pick<CatalogColumn, "unit" | "ucd" | "description">>;

/** What a file's metadata say of a table. */
export interface TableNotes {
  readonly name?: string;
  readonly columns: ColumnNotes;
}

/**
 * Units, UCDs and descriptions as metadata of a file: a VOTable without data under the key that the IVOA's note on
 * Parquet gives it, which astropy and TOPCAT read too.
 *
 * @see IVOA Note "Parquet in the VO" (VOParquet) 1.0
 */
export function fileMetadata(catalog: Catalog): ReadonlyMap<string, string> {
  const bytes = writeVotable(votableHeader(catalog), { serialization: "TABLEDATA" });
  const document = new TextDecoder().decode(bytes);
  const header = document.replace(/ *<DATA>[\s\S]*?<\/DATA>\n/, "").replace(/ nrows="0"/, "");
  return new Map([
    [VERSION, "1.0"],
    [CONTENT, header],
  ]);
}

/**
 * What metadata say: a VOTable header as above.
 *
 * @param metadata Keys and texts of the file.
 * @param file What errors call it.
 * @throws {VotableError} If the header is there and cannot be read.
 */
export function readFileMetadata(metadata: ReadonlyMap<string, string>, file: string): TableNotes {
  const content = metadata.get(CONTENT);
  if (content === undefined) return { columns: new Map() };
  const [table] = readVotable(new TextEncoder().encode(content), { name: `${file}: ${CONTENT}` }).tables;
  const columns = new Map((table?.columns ?? []).map((column) => [column.name, notesOf(column)]));
  return { ...(table?.name ? { name: table.name } : {}), columns };
}

/** A column's notes as metadata of an Arrow field: keys `unit`, `ucd`, `description`. */
export function fieldMetadata(column: CatalogColumn): Map<string, string> {
  return new Map(Object.entries(notesOf(column)));
}

/** Notes from an Arrow field's metadata. */
export function readFieldMetadata(metadata: ReadonlyMap<string, string> | null): ReturnType<typeof notesOf> {
  return notesOf(Object.fromEntries(metadata ?? []));
}

/** Unit, UCD and description of a column, without those that are empty. */
export function notesOf({ unit, ucd, description }: { unit?: string; ucd?: string; description?: string }) {
  return { ...(unit ? { unit } : {}), ...(ucd ? { ucd } : {}), ...(description ? { description } : {}) };
}
