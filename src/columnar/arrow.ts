import {
  type Batch,
  batchType,
  Column,
  columnFromArray,
  type DataType,
  float32,
  float64,
  int8,
  int16,
  int32,
  int64,
  list,
  type Table,
  Type,
  tableFromColumns,
  tableFromIPC,
  tableToIPC,
  uint8,
  uint16,
  uint32,
  uint64,
  utf8,
} from "@uwdata/flechette";
import { Catalog, CatalogError, type ColumnData, type ColumnFields, type NumberColumn } from "../catalog/index.ts";
import { decodeBase64 } from "../votable/index.ts";
import { type ColumnNotes, fieldMetadata, fileMetadata, readFieldMetadata, readFileMetadata } from "./metadata.ts";
import { columnOf, hasNaN } from "./values.ts";

/**
 * Reads an Arrow file or stream (IPC, also Feather version 2 without compression).
 *
 * Numbers without null share the file's memory where it is one batch. Units, UCDs and descriptions come from the fields'
 * metadata (`unit`, `ucd`, `description`) or the VOTable header in the schema's. Nulls become NaN or null.
 *
 * @param options.name What the catalogue and errors are called. Default "<arrow>".
 * @throws {CatalogError} If it is no Arrow data or holds structures.
 * @see https://arrow.apache.org/docs/format/Columnar.html
 */
export function catalogFromArrow(bytes: Uint8Array, options: { name?: string } = {}): Catalog {
  const name = options.name ?? "<arrow>";
  let table: Table;
  try {
    table = tableFromIPC(bytes, { useDate: true, useBigInt: true });
  } catch (cause) {
    throw new CatalogError(name, `it must be whole Arrow data: ${(cause as Error).message}`, { cause });
  }
  const header = readFileMetadata(table.schema.metadata ?? new Map(), name);
  const fields = table.schema.fields.map((field, i): ColumnFields => {
    const data = valuesOf(table.children[i] as Column<unknown>, name, field.name);
    return { name: field.name, ...header.columns.get(field.name), ...readFieldMetadata(field.metadata ?? null), data };
  });
  return new Catalog(fields, { name: header.name ?? name });
}

/**
 * Writes a catalogue as an Arrow file. Numbers are written from where they lie; missing ones (NaN) are null.
 *
 * Each field's metadata hold `unit`, `ucd` and `description`; the schema's hold the VOTable header that
 * `parquetFromCatalog` writes too.
 *
 * @param options.format Default "file"; "stream" is the same data for a pipe.
 */
export function arrowFromCatalog(catalog: Catalog, options: { format?: "file" | "stream" } = {}): Uint8Array {
  const columns = catalog.columns.map(({ name }): [string, Column<unknown>] => [name, encode(catalog.column(name))]);
  const table = tableFromColumns(columns);
  const fields = table.schema.fields.map((field, i) => {
    const column = catalog.columns[i];
    return column ? { ...field, metadata: fieldMetadata(column) } : field;
  });
  const schema = { ...table.schema, fields, metadata: new Map(fileMetadata(catalog)) };
  Object.assign(table, { schema });
  return tableToIPC(table, { format: options.format ?? "file" }) as Uint8Array;
}

/** Notes of the Arrow schema that Parquet files carry in base64 under "ARROW:schema". */
export function readArrowSchema(base64: string, file: string): ColumnNotes {
  const { schema } = tableFromIPC(decodeBase64(base64, file));
  return new Map(schema.fields.map((field) => [field.name, readFieldMetadata(field.metadata ?? null)]));
}

function encode(data: ColumnData): Column<unknown> {
  if (!Array.isArray(data)) return encodeNumbers(data);
  const first = (data as unknown[]).find((value) => value !== null);
  if (first === undefined) return columnFromArray(data as unknown[], utf8());
  if (typeof first !== "object") return columnFromArray(data as unknown[]);
  const lists = (data as (ArrayLike<unknown> | null)[]).map((cell) => (cell ? Array.from(cell) : null));
  const texts = lists.some((cell) => typeof cell?.[0] === "string");
  return columnFromArray(lists, list(texts ? utf8() : float64()));
}

/** One batch over the column's own memory, with a validity bitmap where a NaN stands for a missing value. */
function encodeNumbers(values: Exclude<ColumnData, unknown[]>): Column<unknown> {
  const type = typeOf(values);
  const length = values.length;
  if (length === 0) return columnFromArray([], type);
  let nullCount = 0;
  let validity = new Uint8Array(0);
  if (hasNaN(values as NumberColumn)) {
    validity = new Uint8Array(Math.ceil(length / 8));
    for (let i = 0; i < length; i++) {
      if (Number.isNaN(values[i] as number)) nullCount++;
      else validity[i >> 3]! |= 1 << (i & 7);
    }
  }
  const Kind = batchType(type, { useBigInt: true }) as unknown as typeof Batch;
  return new Column([new Kind({ length, nullCount, type, validity, values: values as Float64Array })]);
}

function typeOf(values: Exclude<ColumnData, unknown[]>): DataType {
  if (values instanceof Float64Array) return float64();
  if (values instanceof Float32Array) return float32();
  if (values instanceof Int32Array) return int32();
  if (values instanceof Uint32Array) return uint32();
  if (values instanceof Int16Array) return int16();
  if (values instanceof Uint16Array) return uint16();
  if (values instanceof Int8Array) return int8();
  if (values instanceof Uint8Array) return uint8();
  return values instanceof BigInt64Array ? int64() : uint64();
}

function valuesOf(column: Column<unknown>, file: string, name: string): ColumnData {
  const { type } = column;
  const isNumber = type.typeId === Type.Int || type.typeId === Type.Float;
  const isLong = type.typeId === Type.Int && type.bitWidth === 64;
  if (isNumber && !isLong && column.nullCount === 0) {
    const array = column.toArray();
    if (ArrayBuffer.isView(array)) return array as unknown as NumberColumn;
  }
  const values = Array.from(column as Iterable<unknown>);
  const array = type.typeId === Type.Float && type.precision === 1 ? Float32Array : Float64Array;
  return columnOf(values, { file, column: name, ...(isNumber && !isLong ? { array } : {}) });
}
