import type { ColumnBuilder } from "./column.ts";
import { DATATYPE_BYTES, type Datatype } from "./datatype.ts";
import { VotableError } from "./error.ts";

const utf8 = new TextDecoder("utf-8");
const SHORT_TEXT = 64;
const utf16 = new TextDecoder("utf-16be");

/**
 * Decodes the rows of a BINARY or BINARY2 stream into the columns.
 *
 * @param options.nullFlags BINARY2: each row starts with a null flag bit per field.
 * @returns Number of rows.
 */
export function decodeBinary(
  bytes: Uint8Array,
  columns: readonly ColumnBuilder[],
  options: { file: string; nullFlags: boolean },
): number {
  const cursor = new Cursor(bytes, options.file);
  const flagBytes = options.nullFlags ? Math.ceil(columns.length / 8) : 0;
  if (columns.length === 0) return 0;
  let rows = 0;
  while (cursor.at < bytes.length) {
    const before = cursor.at;
    const flags = cursor.take(flagBytes);
    for (const [i, column] of columns.entries()) {
      const isNull = flagBytes > 0 && (((flags[i >> 3] as number) >> (7 - (i & 7))) & 1) === 1;
      readCell(cursor, column, isNull);
    }
    if (cursor.at === before)
      throw new VotableError(options.file, "the rows of a binary stream must have a size: they have none");
    rows++;
  }
  return rows;
}

/** A position in the stream that does not run past its end. */
class Cursor {
  at = 0;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly #file: string;

  constructor(bytes: Uint8Array, file: string) {
    this.bytes = bytes;
    this.view = viewOf(bytes);
    this.#file = file;
  }

  take(n: number): Uint8Array {
    const at = this.skip(n);
    return this.bytes.subarray(at, at + n);
  }

  /** Moves on by `n` bytes; returns where they start. */
  skip(n: number): number {
    if (this.at + n > this.bytes.length) {
      throw new VotableError(
        this.#file,
        `the binary stream must hold whole rows: ${n} bytes are needed at byte ${this.at} of ${this.bytes.length} (truncated)`,
      );
    }
    this.at += n;
    return this.at - n;
  }
}

function readCell(cursor: Cursor, column: ColumnBuilder, isNull: boolean): void {
  const { datatype } = column.field;
  const read = column.isScalar && !isNull ? SCALARS[datatype] : undefined;
  if (read) {
    const at = cursor.skip(DATATYPE_BYTES[datatype]);
    column.addNumber(read(cursor.view, at));
    return;
  }
  const count = column.size.count ?? cursor.view.getUint32(cursor.skip(4));
  const field = cursor.take(Math.ceil(count * DATATYPE_BYTES[datatype]));
  if (isNull) column.addNull();
  else if (column.isText) column.addString(decodeText(datatype, field));
  else column.addNumbers(decodeNumbers(datatype, field, count));
}

/** How one number of a type is read; the other types go the long way. */
const SCALARS: Partial<Record<Datatype, (view: DataView, at: number) => number | bigint>> = {
  unsignedByte: (view, at) => view.getUint8(at),
  short: (view, at) => view.getInt16(at),
  int: (view, at) => view.getInt32(at),
  long: (view, at) => view.getBigInt64(at),
  float: (view, at) => view.getFloat32(at),
  double: (view, at) => view.getFloat64(at),
};

/** A TABLEDATA cell written in base64: the bytes of its elements, without a count. */
export function addBinaryCell(bytes: Uint8Array, column: ColumnBuilder): void {
  const { datatype } = column.field;
  if (column.isText) column.addString(decodeText(datatype, bytes));
  else column.addNumbers(decodeNumbers(datatype, bytes, Math.floor(bytes.length / DATATYPE_BYTES[datatype])));
}

/** Text up to the first NUL. Short ASCII goes without the decoder, whose call costs more than the text. */
function decodeText(datatype: Datatype, field: Uint8Array): string {
  if (datatype === "char" && field.length <= SHORT_TEXT && field.every((code) => code > 0 && code < 128)) {
    return String.fromCharCode(...field);
  }
  const text = datatype === "char" ? utf8.decode(field) : utf16.decode(field);
  const end = text.indexOf("\0");
  return end < 0 ? text : text.slice(0, end);
}

function decodeNumbers(datatype: Datatype, field: Uint8Array, count: number): (number | bigint | null)[] {
  const view = viewOf(field);
  switch (datatype) {
    case "boolean":
      return Array.from(field, decodeBoolean);
    case "bit":
      // A single bit is the highest of its byte; astropy writes another one
      if (count === 1) return [field[0] === 0 ? 0 : 1];
      return Array.from({ length: count }, (_, i) => ((field[i >> 3] as number) >> (7 - (i & 7))) & 1);
    case "short":
      return Array.from({ length: count }, (_, i) => view.getInt16(2 * i));
    case "int":
      return Array.from({ length: count }, (_, i) => view.getInt32(4 * i));
    case "long":
      return Array.from({ length: count }, (_, i) => view.getBigInt64(8 * i));
    case "float":
    case "floatComplex":
      return Array.from({ length: field.length / 4 }, (_, i) => view.getFloat32(4 * i));
    case "double":
    case "doubleComplex":
      return Array.from({ length: field.length / 8 }, (_, i) => view.getFloat64(8 * i));
    default:
      return Array.from(field);
  }
}

/** T, t, 1 are true, F, f, 0 false; anything else is null. */
function decodeBoolean(byte: number): number | null {
  const letter = String.fromCharCode(byte).toLowerCase();
  if (letter === "t" || letter === "1") return 1;
  return letter === "f" || letter === "0" ? 0 : null;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
