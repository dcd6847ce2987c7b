import type { DuckDBConnection } from "@duckdb/node-api";
import type { ColumnTable } from "arquero";
import { Catalog, type ColumnFields } from "../catalog/index.ts";
import { type ColumnNotes, catalogFromTable, fileMetadata, notesOf, parquetNotes } from "../columnar/index.ts";
import { kernelHost } from "../host/index.ts";
import { loadCatalog, localFile } from "../io/index.ts";
import { type Renaming, renamingsOf, renamingText, withSqlNames } from "./column-names.ts";
import { isCsv, registerCsv } from "./csv-view.ts";
import { lineageOf, plainTablesOf, type SqlNode, tablesOf } from "./lineage.ts";
import { literal } from "./quote.ts";
import { registerCatalog } from "./register.ts";
import { emptyColumn, readColumns } from "./result.ts";
import { sqlError } from "./sql-error.ts";

/** What a query may read besides files, and how much it may use. */
export interface SqlOptions {
  /** Tables by the name that the query uses: catalogues, arquero tables, or paths of any catalogue file. */
  readonly tables?: { readonly [name: string]: Catalog | ColumnTable | string };
  /** Memory for the query, such as "4GB"; beyond it DuckDB works on disk. Default: 80 % of the machine's. */
  readonly memoryLimit?: string;
  /** Aborting ends the query. Default: none. */
  readonly signal?: AbortSignal;
  /** Name of the result. Default "query". */
  readonly name?: string;
}

/** Files that DuckDB reads itself; what else looks like a path is read as a catalogue. */
const DUCKDB_FILE = /\.(parquet|csv|json|jsonl|ndjson)(\.(gz|zst))?$/i;
const PATH = /[/\\]|\.\w+$/;

/**
 * Runs SQL over files of any size and over tables in memory, and returns the rows as a catalogue.
 *
 * FROM takes paths of Parquet, CSV and JSON files (with *, several), which DuckDB reads in parts, of all other files that
 * `loadCatalog` reads, and the names in `tables`. Columns that the query passes on keep unit, UCD and description; min,
 * max, avg and the like keep the unit; what is computed has none. Missing numbers, NaN also in CSV, are NULL. Columns
 * that differ only in case get a number, which the result's notes say. Each call stands for itself: it keeps no tables
 * for the next. DuckDB loads at the first call (50 ms).
 *
 * @throws {Error} If the SQL is wrong, with DuckDB's words, or a table is none of those given.
 * @see https://duckdb.org/docs/stable/sql/introduction
 * @example
 * const bright = await sql("SELECT name, ra, dec FROM 'csc21.parquet' WHERE flux_aper_b > 1e-12 ORDER BY flux_aper_b DESC");
 * const both = await sql("SELECT * FROM csc JOIN 'notes.fits' USING (name)", { tables: { csc } });
 */
export async function sql(query: string, options: SqlOptions = {}): Promise<Catalog> {
  return withConnection(query, options, async ({ connection, notes, renamings }) => {
    const result = await connection.run(query);
    const names = result.columnNames();
    const columns = await readColumns(result);
    const fields = names.map((name, i): ColumnFields => ({ name, ...notes.get(name), data: columns[i] as never }));
    const renaming = renamingText(renamings.filter(({ sqlName }) => names.includes(sqlName)));
    return new Catalog(fields, { name: options.name ?? "query", notes: renaming === "" ? [] : [renaming] });
  });
}

/**
 * Runs SQL and writes the rows as Parquet without holding them in memory, with the units that `sql` would keep.
 *
 * @param query A SELECT.
 * @param path Where to write.
 * @returns Number of rows written.
 */
export async function sqlToParquet(query: string, path: string, options: SqlOptions = {}): Promise<number> {
  return withConnection(query, options, async ({ connection, notes }) => {
    const inner = query.trim().replace(/;$/, "");
    const described = await connection.run(`SELECT * FROM (${inner}) LIMIT 0`);
    const types = described.columnTypes();
    const fields = described.columnNames().map((name, i): ColumnFields => {
      return { name, ...notes.get(name), data: emptyColumn(String(types[i])) };
    });
    const header = fileMetadata(new Catalog(fields, { name: options.name ?? "query" }));
    const metadata = Array.from(header, ([key, value]) => `${literal(key)}: ${literal(value)}`);
    const target = `(FORMAT parquet, KV_METADATA {${metadata.join(", ")}})`;
    const result = await connection.run(`COPY (${inner}) TO ${literal(path)} ${target}`);
    return Number((await result.getRows())[0]?.[0]);
  });
}

/** A connection with all tables that a query reads, and the notes of its columns. */
interface Prepared {
  readonly connection: DuckDBConnection;
  readonly notes: ColumnNotes;
  readonly renamings: readonly Renaming[];
}

/** Opens a database of its own for a query, registers its tables, and closes it whatever happens. */
async function withConnection<T>(
  query: string,
  options: SqlOptions,
  use: (prepared: Prepared) => Promise<T>,
): Promise<T> {
  options.signal?.throwIfAborted();
  const duckdb = await import("@duckdb/node-api");
  const limits = options.memoryLimit === undefined ? {} : { memory_limit: options.memoryLimit };
  const instance = await duckdb.DuckDBInstance.create(":memory:", limits);
  const connection = await instance.connect();
  const stop = () => connection.interrupt();
  options.signal?.addEventListener("abort", stop);
  const removeInterrupt = kernelHost()?.onInterrupt(stop);
  const renamings: Renaming[] = [];
  try {
    const statement = await parse(connection, query);
    const tables = new Map<string, Catalog>();
    for (const [name, given] of await loadTables(statement, options)) {
      renamings.push(
        ...renamingsOf(
          name,
          given.columns.map((column) => column.name),
        ),
      );
      const catalog = withSqlNames(given);
      await registerCatalog(duckdb, connection, { name, index: tables.size, catalog });
      tables.set(name, catalog);
    }
    for (const name of plainTablesOf(statement)) {
      if (isCsv(name) && !tables.has(name)) renamings.push(...(await registerCsv(connection, name)));
    }
    const notes = statement ? await columnNotes(statement, tables) : new Map();
    return await use({ connection, notes, renamings });
  } catch (error) {
    options.signal?.throwIfAborted();
    // DuckDB throws plain errors; ours begin with what could not be done
    if (!(error instanceof Error) || error.constructor !== Error || error.message.startsWith("Cannot ")) throw error;
    throw sqlError(error, { tables: Object.keys(options.tables ?? {}), renamings });
  } finally {
    options.signal?.removeEventListener("abort", stop);
    removeInterrupt?.();
    connection.closeSync();
    instance.closeSync();
  }
}

/** The syntax tree of a SELECT; undefined for other statements, and for what does not parse (it fails when it runs). */
async function parse(connection: DuckDBConnection, query: string): Promise<SqlNode | undefined> {
  const result = await connection.run(`SELECT json_serialize_sql(${literal(query)})`);
  const [[json] = []] = (await result.getRows()) as string[][];
  const tree = JSON.parse(json ?? "{}") as { statements?: readonly SqlNode[] };
  return tree.statements?.[0];
}

/** The tables given, and the files in FROM that DuckDB cannot read. */
async function loadTables(statement: SqlNode | undefined, options: SqlOptions): Promise<Map<string, Catalog>> {
  const tables = new Map<string, Catalog>();
  for (const [name, table] of Object.entries(options.tables ?? {})) tables.set(name, await catalogOf(table));
  for (const name of plainTablesOf(statement)) {
    if (tables.has(name) || DUCKDB_FILE.test(name) || !PATH.test(name)) continue;
    tables.set(name, await loadCatalog(name));
  }
  return tables;
}

async function catalogOf(table: Catalog | ColumnTable | string): Promise<Catalog> {
  if (typeof table === "string") return loadCatalog(table);
  return table instanceof Catalog ? table : catalogFromTable(table);
}

/** Units and the like of a SELECT's columns. */
async function columnNotes(statement: SqlNode, tables: ReadonlyMap<string, Catalog>): Promise<ColumnNotes> {
  const known = new Map<string, ColumnNotes>();
  for (const [name, { columns }] of tables)
    known.set(name, new Map(columns.map((column) => [column.name, notesOf(column)])));
  for (const name of tablesOf(statement)) {
    if (known.has(name) || !/\.parquet$/i.test(name)) continue;
    // A pattern with * names no file of its own
    const file = await localFile(name).catch(() => undefined);
    if (file) known.set(name, (await parquetNotes(file, name)).columns);
  }
  return lineageOf(statement, (name) => known.get(name));
}
