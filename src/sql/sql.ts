import type { DuckDBConnection } from "@duckdb/node-api";
import type { ColumnTable } from "arquero";
import { Catalog, type ColumnFields } from "../catalog/index.ts";
import { type ColumnNotes, catalogFromTable, fileMetadata, notesOf, parquetNotes } from "../columnar/index.ts";
import { kernelHost } from "../host/index.ts";
import { loadCatalog, localFile } from "../io/index.ts";
import { lineageOf, type SqlNode, tablesOf } from "./lineage.ts";
import { registerCatalog } from "./register.ts";
import { emptyColumn, readColumns } from "./result.ts";

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

/** Files that DuckDB cannot read itself. */
const OURS = /\.(fits?|fit|vot|votable|xml|arrow|feather|tsv)(\.gz)?$/i;

/**
 * Runs SQL over files of any size and over tables in memory, and returns the rows as a catalogue.
 *
 * FROM takes paths of Parquet, CSV and JSON files (with *, several), which DuckDB reads in parts, of FITS, VOTable, TSV
 * and Arrow files, and the names in `tables`. Columns that the query passes on keep unit, UCD and description; min, max,
 * avg and the like keep the unit; what is computed has none. Missing numbers are NULL. Each call stands for itself: it
 * keeps no tables for the next. DuckDB loads at the first call (50 ms).
 *
 * @throws {Error} If the SQL is wrong, with DuckDB's words.
 * @see https://duckdb.org/docs/stable/sql/introduction
 * @example
 * const bright = await sql("SELECT name, ra, dec FROM 'csc21.parquet' WHERE flux_aper_b > 1e-12 ORDER BY flux_aper_b DESC");
 * const both = await sql("SELECT * FROM csc JOIN 'notes.fits' USING (name)", { tables: { csc } });
 */
export async function sql(query: string, options: SqlOptions = {}): Promise<Catalog> {
  return withConnection(query, options, async ({ connection, notes }) => {
    const result = await connection.run(query);
    const names = result.columnNames();
    const columns = await readColumns(result);
    const fields = names.map((name, i): ColumnFields => ({ name, ...notes.get(name), data: columns[i] as never }));
    return new Catalog(fields, { name: options.name ?? "query" });
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
    const metadata = Array.from(header, ([key, value]) => `${text(key)}: ${text(value)}`);
    const target = `(FORMAT parquet, KV_METADATA {${metadata.join(", ")}})`;
    const result = await connection.run(`COPY (${inner}) TO ${text(path)} ${target}`);
    return Number((await result.getRows())[0]?.[0]);
  });
}

/** A connection with all tables that a query reads, and the notes of its columns. */
interface Prepared {
  readonly connection: DuckDBConnection;
  readonly notes: ColumnNotes;
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
  try {
    const statement = await parse(connection, query);
    const tables = await loadTables(statement, options);
    let index = 0;
    for (const [name, catalog] of tables) await registerCatalog(duckdb, connection, { name, index: index++, catalog });
    const notes = statement ? await columnNotes(statement, tables) : new Map();
    return await use({ connection, notes });
  } catch (cause) {
    options.signal?.throwIfAborted();
    if ((cause as Error).constructor !== Error) throw cause;
    throw new Error(`Cannot run SQL: ${(cause as Error).message}`, { cause });
  } finally {
    options.signal?.removeEventListener("abort", stop);
    removeInterrupt?.();
    connection.closeSync();
    instance.closeSync();
  }
}

/** The syntax tree of a SELECT; undefined for other statements, and for what does not parse (it fails when it runs). */
async function parse(connection: DuckDBConnection, query: string): Promise<SqlNode | undefined> {
  const result = await connection.run(`SELECT json_serialize_sql(${text(query)})`);
  const [[json] = []] = (await result.getRows()) as string[][];
  const tree = JSON.parse(json ?? "{}") as { statements?: readonly SqlNode[] };
  return tree.statements?.[0];
}

/** The tables given, and the files in FROM that DuckDB cannot read. */
async function loadTables(statement: SqlNode | undefined, options: SqlOptions): Promise<Map<string, Catalog>> {
  const tables = new Map<string, Catalog>();
  for (const [name, table] of Object.entries(options.tables ?? {})) tables.set(name, await catalogOf(table));
  for (const name of tablesOf(statement)) {
    if (OURS.test(name) && !tables.has(name)) tables.set(name, await loadCatalog(name));
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

/** A text in quotes for SQL. */
function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
