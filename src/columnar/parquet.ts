import type { AsyncBuffer, FileMetaData, SchemaElement } from "hyparquet";
import type { SchemaElement as WriteElement } from "hyparquet-writer";
import { Catalog, CatalogError, type ColumnData, type ColumnFields, type NumberColumn } from "../catalog/index.ts";
import { readArrowSchema } from "./arrow.ts";
import { fileMetadata, readFileMetadata, type TableNotes } from "./metadata.ts";
import { columnOf, hasNaN, type NumberArray, withNulls } from "./values.ts";

/** A Parquet file: its bytes, or a way to fetch parts of it. */
export type ParquetSource = Uint8Array | AsyncBuffer;

/** What is read of a Parquet file. */
export interface ParquetOptions {
  /** What the catalogue and errors are called. Default "<parquet>". */
  readonly name?: string;
  /** Columns to read, in this order. Default all. */
  readonly columns?: readonly string[];
}

/**
 * Reads a Parquet file, any codec; only the columns asked for are decoded.
 *
 * Units, UCDs and descriptions come from the VOTable header that TOPCAT, astropy and we write, or from the metadata of
 * Arrow's fields (`unit`, `ucd`, `description`). Nulls become NaN in numbers, null elsewhere; dates become ISO texts;
 * 64-bit integers are doubles while all are safe. The decoder loads on first use.
 *
 * @throws {CatalogError} If it is no Parquet file, has none of a column's name, or holds structures.
 * @see https://parquet.apache.org/docs/file-format/
 */
export async function catalogFromParquet(source: ParquetSource, options: ParquetOptions = {}): Promise<Catalog> {
  const name = options.name ?? "<parquet>";
  const { parquetMetadataAsync, parquetRead } = await import("hyparquet");
  const { compressors } = await import("hyparquet-compressors");
  const file = source instanceof Uint8Array ? bufferOf(source) : source;
  const metadata = await attempt(name, () => parquetMetadataAsync(file));
  const elements = topLevel(metadata);
  const known = elements.map((element) => element.name);
  const columns = options.columns ?? known;
  for (const column of columns) {
    if (known.includes(column)) continue;
    const list = known.slice(0, 20).map((each) => `"${each}"`);
    throw new CatalogError(name, `there must be a column "${column}": it has ${list.join(", ")}`);
  }
  const numRows = Number(metadata.num_rows);
  const values = new Map<string, unknown[]>(columns.map((column) => [column, new Array(numRows).fill(null)]));
  const onChunk = (chunk: { columnName: string; columnData: ArrayLike<unknown>; rowStart: number }) => {
    const out = values.get(chunk.columnName) as unknown[];
    for (let i = 0; i < chunk.columnData.length; i++) out[chunk.rowStart + i] = chunk.columnData[i] ?? null;
  };
  await attempt(name, () => parquetRead({ file, metadata, columns: [...columns], compressors, onChunk }));
  const notes = notesOf(metadata, name);
  const fields = columns.map((column): ColumnFields => {
    const array = arrayOf(elements.find((element) => element.name === column) as SchemaElement);
    const data = columnOf(values.get(column) as unknown[], { file: name, column, ...(array ? { array } : {}) });
    return { name: column, ...notes.columns.get(column), data };
  });
  return new Catalog(fields, { name: notes.name ?? name });
}

/** Units, UCDs and descriptions that a Parquet file's footer holds; reads nothing else. */
export async function parquetNotes(source: ParquetSource, name = "<parquet>"): Promise<TableNotes> {
  const { parquetMetadataAsync } = await import("hyparquet");
  const file = source instanceof Uint8Array ? bufferOf(source) : source;
  return notesOf(await attempt(name, () => parquetMetadataAsync(file)), name);
}

/**
 * Writes a catalogue as Parquet (Snappy), with a VOTable header that keeps units, UCDs and descriptions.
 *
 * Missing numbers (NaN) are written as null. 8- and 16-bit integers keep their width. The encoder loads on first use.
 *
 * @see IVOA Note "Parquet in the VO" (VOParquet) 1.0
 */
export async function parquetFromCatalog(catalog: Catalog): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import("hyparquet-writer");
  const columns = catalog.columns.map(({ name }) => ({ name, ...encode(name, catalog.column(name)) }));
  const kvMetadata = Array.from(fileMetadata(catalog), ([key, value]) => ({ key, value }));
  const schema = [{ name: "schema", num_children: columns.length }, ...columns.flatMap(({ elements }) => elements)];
  const columnData = columns.map(({ name, data }) => ({ name, data }));
  return new Uint8Array(parquetWriteBuffer({ columnData, kvMetadata, codec: "SNAPPY", schema }));
}

/** Values as the encoder takes them, and their place in the schema. */
interface Encoded {
  readonly data: unknown[];
  readonly elements: readonly WriteElement[];
}

const OPTIONAL = { repetition_type: "OPTIONAL" } as const;
const TEXT = { type: "BYTE_ARRAY", converted_type: "UTF8", ...OPTIONAL } as const;

function encode(name: string, data: ColumnData): Encoded {
  if (Array.isArray(data)) return encodeList(name, data);
  const isOptional = hasNaN(data as NumberColumn);
  const repetition_type = isOptional ? "OPTIONAL" : "REQUIRED";
  const element = { name, repetition_type, ...numberType(data) } as const;
  // The encoder takes unsigned 32-bit integers from plain arrays only
  const isPlain = isOptional || data instanceof Uint32Array;
  return { data: isPlain ? withNulls(data) : (data as unknown as unknown[]), elements: [element] };
}

/** Texts, logicals, or a list per row. */
function encodeList(name: string, data: readonly unknown[]): Encoded {
  const first = data.find((value) => value !== null);
  if (typeof first === "boolean") return { data: [...data], elements: [{ name, type: "BOOLEAN", ...OPTIONAL }] };
  if (first === undefined || typeof first === "string") return { data: [...data], elements: [{ name, ...TEXT }] };
  const lists = (data as (ArrayLike<unknown> | null)[]).map((list) => (list ? Array.from(list) : null));
  const isText = lists.some((list) => list?.some((value) => typeof value === "string"));
  const elements: WriteElement[] = [
    { name, converted_type: "LIST", num_children: 1, ...OPTIONAL },
    { name: "list", repetition_type: "REPEATED", num_children: 1 },
    isText ? { name: "element", ...TEXT } : { name: "element", type: "DOUBLE", ...OPTIONAL },
  ];
  return { data: lists, elements };
}

function numberType(data: Exclude<ColumnData, unknown[]>): Pick<WriteElement, "type" | "converted_type"> {
  if (data instanceof Float64Array) return { type: "DOUBLE" };
  if (data instanceof Float32Array) return { type: "FLOAT" };
  if (data instanceof Int32Array) return { type: "INT32" };
  if (data instanceof Int8Array) return { type: "INT32", converted_type: "INT_8" };
  if (data instanceof Int16Array) return { type: "INT32", converted_type: "INT_16" };
  if (data instanceof Uint8Array) return { type: "INT32", converted_type: "UINT_8" };
  if (data instanceof Uint16Array) return { type: "INT32", converted_type: "UINT_16" };
  if (data instanceof Uint32Array) return { type: "INT32", converted_type: "UINT_32" };
  return data instanceof BigInt64Array ? { type: "INT64" } : { type: "INT64", converted_type: "UINT_64" };
}

/** The typed array that a column's type stands for; undefined where it is no number. */
function arrayOf({ type, converted_type, logical_type, num_children }: SchemaElement): NumberArray | undefined {
  if (num_children) return undefined;
  const integer = logical_type?.type === "INTEGER" ? logical_type : undefined;
  const kind = integer ? `${integer.isSigned ? "" : "U"}INT_${integer.bitWidth}` : converted_type;
  if (type === "DOUBLE") return Float64Array;
  if (type === "FLOAT") return Float32Array;
  if (type !== "INT32" || (kind !== undefined && !kind.includes("INT_"))) return undefined;
  const arrays: Readonly<Record<string, NumberArray>> = {
    INT_8: Int8Array,
    INT_16: Int16Array,
    UINT_8: Uint8Array,
    UINT_16: Uint16Array,
    UINT_32: Uint32Array,
  };
  return arrays[kind ?? ""] ?? Int32Array;
}

/** The columns' elements: the root's children, without what is nested in them. */
function topLevel({ schema }: FileMetaData): SchemaElement[] {
  const elements: SchemaElement[] = [];
  let at = 1;
  const skip = (element: SchemaElement): void => {
    for (let i = 0; i < (element.num_children ?? 0); i++) skip(schema[at++] as SchemaElement);
  };
  while (at < schema.length) {
    const element = schema[at++] as SchemaElement;
    elements.push(element);
    skip(element);
  }
  return elements;
}

function notesOf({ key_value_metadata = [] }: FileMetaData, name: string): TableNotes {
  const metadata = new Map(key_value_metadata.map(({ key, value }) => [key, value ?? ""]));
  const notes = readFileMetadata(metadata, name);
  const arrow = metadata.get("ARROW:schema");
  if (notes.columns.size > 0 || arrow === undefined) return notes;
  return { ...notes, columns: readArrowSchema(arrow, name) };
}

function bufferOf(bytes: Uint8Array): AsyncBuffer {
  return {
    byteLength: bytes.length,
    // Not bytes.slice(): Node's Buffer shares memory there
    slice: (start, end) => Uint8Array.from(bytes.subarray(start, end)).buffer,
  };
}

async function attempt<T>(name: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    throw new CatalogError(name, `it must be a whole Parquet file: ${(cause as Error).message}`, { cause });
  }
}
