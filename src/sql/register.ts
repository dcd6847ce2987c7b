import type { DuckDBConnection, DuckDBDataChunk, DuckDBType, DuckDBVector } from "@duckdb/node-api";
import type { Catalog, ColumnData } from "../catalog/index.ts";
import { quote } from "./quote.ts";

const CHUNK_ROWS = 2048;
type DuckDb = typeof import("@duckdb/node-api");

/**
 * Makes a catalogue a table of a connection. Its columns stay where they are: DuckDB asks for those that a query needs,
 * 2048 rows at a time. NaN counts as NULL, since it would be larger than every number in SQL.
 */
export async function registerCatalog(
  duckdb: DuckDb,
  connection: DuckDBConnection,
  table: { readonly name: string; readonly index: number; readonly catalog: Catalog },
): Promise<void> {
  const { catalog } = table;
  const columns = catalog.columns.map(({ name }) => ({ name, data: catalog.column(name) }));
  const functionName = `photonbook_table_${table.index}`;
  const tableFunction = duckdb.DuckDBTableFunction.create({
    name: functionName,
    supportsProjectionPushdown: true,
    bindFunction(info) {
      for (const { name, data } of columns) info.addResultColumn(name, typeOf(duckdb, data));
      info.setCardinality(catalog.numRows, true);
    },
    initFunction(info) {
      info.setInitData({ wanted: info.getColumnIndexes(), row: 0 });
      info.setMaxThreads(1);
    },
    mainFunction(info, chunk) {
      const state = info.getInitData() as { readonly wanted: readonly number[]; row: number };
      const from = state.row;
      const count = Math.min(CHUNK_ROWS, catalog.numRows - from);
      chunk.rowCount = count;
      for (const [i, column] of state.wanted.entries()) {
        fill(duckdb, chunk, i, columns[column]?.data as ColumnData, from, count);
      }
      state.row += count;
    },
  });
  connection.registerTableFunction(tableFunction);
  await connection.run(`CREATE TEMP VIEW ${quote(table.name)} AS SELECT * FROM ${functionName}()`);
}

/** Sets rows of a chunk's column; numbers of DuckDB's own type are copied as a block. */
function fill(
  duckdb: DuckDb,
  chunk: DuckDBDataChunk,
  column: number,
  data: ColumnData,
  from: number,
  count: number,
): void {
  if (count === 0) return;
  const vector = chunk.getColumnVector(column);
  const { items } = vector as unknown as { readonly items?: unknown };
  if (data instanceof Float64Array && items instanceof Float64Array) setFloats(vector, items, data, from, count);
  else if (data instanceof Float32Array && items instanceof Float32Array) setFloats(vector, items, data, from, count);
  else if (!Array.isArray(data) && ArrayBuffer.isView(items) && items.constructor === data.constructor) {
    (items as Int32Array).set((data as Int32Array).subarray(from, from + count));
  } else {
    const values = data as ArrayLike<unknown>;
    for (let i = 0; i < count; i++) vector.setItem(i, itemOf(duckdb, values[from + i]) as never);
  }
  vector.flush();
}

/** A value as DuckDB takes it. */
function itemOf(duckdb: DuckDb, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value ?? null;
  return duckdb.listValue(
    Array.from(value as ArrayLike<unknown>, (item) => (Number.isNaN(item) ? null : item)) as never,
  );
}

type Floats = Float32Array | Float64Array;

function setFloats(vector: DuckDBVector, items: Floats, data: Floats, from: number, count: number): void {
  items.set(data.subarray(from, from + count));
  for (let i = 0; i < count; i++) if (Number.isNaN(items[i])) vector.setItem(i, null as never);
}

function typeOf(duckdb: DuckDb, data: ColumnData): DuckDBType {
  if (data instanceof Float64Array) return duckdb.DOUBLE;
  if (data instanceof Float32Array) return duckdb.FLOAT;
  if (data instanceof Int8Array) return duckdb.TINYINT;
  if (data instanceof Uint8Array) return duckdb.UTINYINT;
  if (data instanceof Int16Array) return duckdb.SMALLINT;
  if (data instanceof Uint16Array) return duckdb.USMALLINT;
  if (data instanceof Int32Array) return duckdb.INTEGER;
  if (data instanceof Uint32Array) return duckdb.UINTEGER;
  if (data instanceof BigInt64Array) return duckdb.BIGINT;
  if (data instanceof BigUint64Array) return duckdb.UBIGINT;
  const first = (data as readonly unknown[]).find((value) => value !== null);
  if (typeof first === "boolean") return duckdb.BOOLEAN;
  return typeof first === "object"
    ? duckdb.LIST(elementType(duckdb, data as readonly (ArrayLike<unknown> | null)[]))
    : duckdb.VARCHAR;
}

/** Of a column of arrays: that of their typed arrays, else by the first element there is. */
function elementType(duckdb: DuckDb, rows: readonly (ArrayLike<unknown> | null)[]): DuckDBType {
  const first = rows.find((row) => row !== null && row.length > 0);
  if (first === undefined) return duckdb.DOUBLE;
  if (!Array.isArray(first)) return typeOf(duckdb, first as ColumnData);
  const kinds = { number: duckdb.DOUBLE, boolean: duckdb.BOOLEAN } as Record<string, DuckDBType>;
  return kinds[typeof first.find((value) => value !== null)] ?? duckdb.VARCHAR;
}
