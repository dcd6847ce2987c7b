import type { DuckDBConnection } from "@duckdb/node-api";
import { catalogFromText } from "../catalog/index.ts";
import { localFile } from "../io/index.ts";
import { type Renaming, renamingsOf, sqlNames } from "./column-names.ts";
import { literal, quote } from "./quote.ts";

/** Longest header line that is looked at. */
const HEADER_BYTES = 1 << 16;

/** CSV files, which DuckDB reads in parts. */
export function isCsv(path: string): boolean {
  return /\.csv(\.(gz|zst))?$/i.test(path);
}

/**
 * Makes CSV files a view by their path, in which NaN counts as NULL, as in catalogues in memory.
 *
 * @param path May have * in it.
 * @returns Columns that have another name in SQL.
 */
export async function registerCsv(connection: DuckDBConnection, path: string): Promise<Renaming[]> {
  const header = await headerOf(path);
  const renamings = renamingsOf(path, header);
  const names = sqlNames(header).map(literal).join(", ");
  const renamed = renamings.length > 0 ? `, header = true, names = [${names}]` : "";
  const read = `read_csv(${literal(path)}, nullstr = ['', 'NaN', 'nan', 'NAN']${renamed})`;
  await connection.run(`CREATE TEMP VIEW ${quote(path)} AS SELECT * FROM ${read}`);
  return renamings;
}

/** Column names of a plain CSV file; none of what is compressed or a pattern, which DuckDB reads as it likes. */
async function headerOf(path: string): Promise<string[]> {
  const file = /\.csv$/i.test(path) ? await localFile(path).catch(() => undefined) : undefined;
  if (!file) return [];
  const start = new TextDecoder().decode(await file.slice(0, HEADER_BYTES));
  const line = start.split(/\r\n|\r|\n/).find((text) => text.trim() !== "" && !text.startsWith("#"));
  // What occurs twice as it stands gets a number there and is no business of case
  return line === undefined ? [] : catalogFromText(line).columns.map(({ name }) => name);
}
