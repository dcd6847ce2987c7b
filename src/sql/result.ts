import type { DuckDBDataChunk, DuckDBMaterializedResult } from "@duckdb/node-api";
import { concatArrays } from "../array/index.ts";
import type { ColumnData, NumberColumn } from "../catalog/index.ts";
import { columnOf } from "../columnar/index.ts";
import { type ReadMemory, readTextsInto, type TextVector } from "./texts.ts";

/** What DuckDB's vectors of numbers have, though their typings keep it private: the array and the null mask. */
interface NumberVector {
  readonly items?: NumberColumn | BigInt64Array;
  readonly validity?: { readonly data: BigUint64Array | null };
}

/** All columns of a result, in order, as catalogues hold them. */
export async function readColumns(result: DuckDBMaterializedResult): Promise<ColumnData[]> {
  const chunks = Array.from({ length: result.chunkCount }, (_, i) => result.getChunk(i));
  const types = result.columnTypes().map(String);
  const { default: bindings } = await import("@duckdb/node-bindings");
  return result.columnNames().map((name, column) => {
    const type = types[column]!;
    if (chunks.length === 0) return emptyColumn(type);
    if (type === "VARCHAR") return joinTexts(chunks, column, bindings.get_data_from_pointer);
    return joinChunks(chunks, column, name);
  });
}

function joinTexts(chunks: readonly DuckDBDataChunk[], column: number, read: ReadMemory): (string | null)[] {
  const texts = new Array<string | null>(chunks.reduce((sum, { rowCount }) => sum + rowCount, 0));
  let at = 0;
  for (const chunk of chunks) {
    const vector = chunk.getColumnVector(column) as unknown as TextVector;
    readTextsInto(texts, at, { vector, read });
    at += chunk.rowCount;
  }
  return texts;
}

const EMPTY: Readonly<Record<string, () => ColumnData>> = {
  TINYINT: () => new Int8Array(),
  UTINYINT: () => new Uint8Array(),
  SMALLINT: () => new Int16Array(),
  USMALLINT: () => new Uint16Array(),
  INTEGER: () => new Int32Array(),
  UINTEGER: () => new Uint32Array(),
  FLOAT: () => new Float32Array(),
  BIGINT: () => new Float64Array(),
  UBIGINT: () => new Float64Array(),
  HUGEINT: () => new Float64Array(),
  DOUBLE: () => new Float64Array(),
};

/** A column without rows, of a DuckDB type. */
export function emptyColumn(type: string): ColumnData {
  return type.startsWith("DECIMAL") ? new Float64Array() : (EMPTY[type]?.() ?? []);
}

function joinChunks(chunks: readonly DuckDBDataChunk[], column: number, name: string): ColumnData {
  const vectors = chunks.map((chunk) => chunk.getColumnVector(column));
  const plain = vectors as unknown as readonly NumberVector[];
  if (plain.length > 0 && plain.every(isPlain)) return concatArrays(plain.map(({ items }) => items as NumberColumn));
  if (plain.length > 0 && plain.every(isFloat)) return concatArrays(plain.map(withoutNulls));
  const values = vectors.flatMap((vector) =>
    Array.from({ length: vector.itemCount }, (_, i) => itemOf(vector.getItem(i))),
  );
  const array = plain[0]?.items;
  const isNumber = array !== undefined && !(array instanceof BigInt64Array) && !(array instanceof BigUint64Array);
  const Kind = isNumber ? (array.constructor as never) : undefined;
  return columnOf(values, { file: "query", column: name, ...(Kind ? { array: Kind } : {}) });
}

/** Numbers without null that need no conversion. */
function isPlain({ items, validity }: NumberVector): boolean {
  return (
    ArrayBuffer.isView(items) &&
    !(items instanceof BigInt64Array) &&
    !(items instanceof BigUint64Array) &&
    !validity?.data
  );
}

/** Floating numbers, with or without nulls. */
function isFloat({ items }: NumberVector): boolean {
  return items instanceof Float64Array || items instanceof Float32Array;
}

/** The numbers of a vector, NaN where its mask of 64 bits a word has a 0. */
function withoutNulls({ items, validity }: NumberVector): NumberColumn {
  const values = items as Float64Array;
  const mask = validity?.data;
  if (!mask) return values;
  const words = new Uint32Array(mask.buffer, mask.byteOffset, 2 * mask.length);
  return values.map((value, i) => ((words[i >> 5] as number) & (1 << (i & 31)) ? value : Number.NaN));
}

/** DuckDB's values for lists, decimals and times as what catalogues hold. */
function itemOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if ("items" in value && Array.isArray(value.items)) return value.items.map(itemOf);
  if ("toDouble" in value) return (value.toDouble as () => number)();
  return String(value);
}
