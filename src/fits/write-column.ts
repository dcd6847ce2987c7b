/** Numbers a binary table column can hold. Signed bytes and unsigned words are written with the standard's TZERO. */
export type ColumnArray =
  | Uint8Array
  | Int8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** One column of a binary table to write. */
export interface ColumnSpec {
  /** TTYPEn, verbatim. */
  readonly name: string;
  /** TUNITn. */
  readonly unit?: string;
  /**
   * Values, row after row: `repeat` of them per row. Strings make an A column, booleans an L column; a list of typed
   * arrays of one type, one per row, a column of variable-length arrays.
   */
  readonly data: ColumnArray | readonly string[] | readonly boolean[] | readonly ColumnArray[];
  /** Comment of the TTYPEn card. */
  readonly comment?: string;
  /** Values per row, for vector columns. Default 1. Not for strings. */
  readonly repeat?: number;
  /** Bytes per string. Default: the longest in the column, at least 1. */
  readonly width?: number;
  /**
   * 1 where a value is missing, as long as `data`. Integers need `nullValue` (TNULL); floating-point values become
   * NaN, logical values 0 and strings empty.
   */
  readonly nulls?: Uint8Array;
  /** TNULLn, the stored integer that stands for a missing value. */
  readonly nullValue?: number | bigint;
}

/** A column ready to be laid out: its format, its bytes per row, and a function that writes row after row. */
export interface EncodedColumn {
  readonly form: string;
  readonly zero: number | bigint | undefined;
  readonly bytesPerRow: number;
  readonly numRows: number;
  /** Bytes that it puts into the heap. */
  readonly heapBytes: number;
  /** Writes this column into the rows of a table, `stride` bytes apart, from byte `offset` on. */
  writeInto(out: DataView, offset: number, stride: number, heap: HeapRoom): void;
}

/** Where a column's arrays go. */
export interface HeapRoom {
  /** Byte at which the table's heap starts. */
  readonly start: number;
  /** Byte of the heap from which on it is this column's. */
  readonly from: number;
}

type Put = (out: DataView, at: number, index: number) => void;

/**
 * Chooses the FITS format of a column and how its values are stored.
 *
 * @throws {TypeError} If values, mask or TNULL do not fit the column's type, or a string is not ASCII.
 * @throws {RangeError} If the number of values is not a multiple of `repeat`.
 */
export function encodeColumn(column: ColumnSpec): EncodedColumn {
  const { name, data, nulls, repeat = 1 } = column;
  if (!Number.isSafeInteger(repeat) || repeat < 0) {
    throw new RangeError(`Cannot write column "${name}": repeat must be an integer >= 0: current value is ${repeat}`);
  }
  if (nulls && nulls.length !== data.length) {
    throw new RangeError(
      `Cannot write column "${name}": nulls must have ${data.length} values, as data: current length is ${nulls.length}`,
    );
  }
  if (isStrings(data)) return encodeStrings(column, data);
  if (isArrays(data)) return encodeArrays(column, data);
  if (repeat > 0 && data.length % repeat !== 0) {
    throw new RangeError(
      `Cannot write column "${name}": data must have a multiple of ${repeat} (repeat) values: current length is ${data.length}`,
    );
  }
  const { letter, size, zero, put } = ArrayBuffer.isView(data)
    ? numbers(column, data)
    : logicals(column, data as readonly boolean[]);
  return {
    form: `${repeat}${letter}`,
    zero,
    bytesPerRow: size * repeat,
    numRows: repeat > 0 ? data.length / repeat : 0,
    heapBytes: 0,
    writeInto(out, offset, stride) {
      let at = offset;
      for (let index = 0; index < data.length; at += stride) {
        for (let element = 0; element < repeat; element++) put(out, at + element * size, index++);
      }
    },
  };
}

function isStrings(data: ColumnSpec["data"]): data is readonly string[] {
  return Array.isArray(data) && typeof data[0] === "string";
}

function isArrays(data: ColumnSpec["data"]): data is readonly ColumnArray[] {
  return Array.isArray(data) && ArrayBuffer.isView(data[0]);
}

/** Variable-length arrays: a row has the number of elements and the place in the heap, 32 bits each. */
function encodeArrays(column: ColumnSpec, data: readonly ColumnArray[]): EncodedColumn {
  const { name, nulls, repeat } = column;
  const Kind = data[0]?.constructor;
  const odd = data.findIndex((cell) => cell?.constructor !== Kind);
  if (odd >= 0) {
    throw new TypeError(
      `Cannot write column "${name}": all rows must hold ${Kind?.name}, as the first one: row ${odd + 1} does not`,
    );
  }
  if (nulls || repeat !== undefined) {
    throw new TypeError(`Cannot write column "${name}": variable-length arrays must be without nulls and repeat`);
  }
  const { letter, size, zero } = numbers(column, data[0] as ColumnArray);
  const longest = data.reduce((most, cell) => Math.max(most, cell.length), 0);
  const elements = data.reduce((sum, cell) => sum + cell.length, 0);
  return {
    form: `1P${letter}(${longest})`,
    zero,
    bytesPerRow: 8,
    numRows: data.length,
    heapBytes: size * elements,
    writeInto(out, offset, stride, { start, from }) {
      let at = from;
      for (const [row, cell] of data.entries()) {
        out.setInt32(offset + row * stride, cell.length);
        out.setInt32(offset + row * stride + 4, at);
        const { put } = numbers(column, cell);
        for (let i = 0; i < cell.length; i++, at += size) put(out, start + at, i);
      }
    },
  };
}

function logicals({ nulls }: ColumnSpec, data: readonly (boolean | string)[]): Storage {
  const put: Put = (out, at, i) => out.setUint8(at, nulls?.[i] ? 0 : data[i] ? 0x54 : 0x46);
  return { letter: "L", size: 1, zero: undefined, put };
}

interface Storage {
  readonly letter: string;
  readonly size: number;
  readonly zero: number | bigint | undefined;
  readonly put: Put;
}

function numbers(column: ColumnSpec, data: ColumnArray): Storage {
  const { name, nulls, nullValue } = column;
  if (data instanceof Float32Array) {
    const put: Put = (out, at, i) => out.setFloat32(at, nulls?.[i] ? Number.NaN : data[i]!);
    return { letter: "E", size: 4, zero: undefined, put };
  }
  if (data instanceof Float64Array) {
    const put: Put = (out, at, i) => out.setFloat64(at, nulls?.[i] ? Number.NaN : data[i]!);
    return { letter: "D", size: 8, zero: undefined, put };
  }
  if (nulls?.some((isNull) => isNull === 1) && nullValue === undefined) {
    throw new TypeError(
      `Cannot write column "${name}": nullValue (TNULL) must be given where an integer is missing: current value is undefined`,
    );
  }
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    const zero = data instanceof BigUint64Array ? 1n << 63n : undefined;
    const shift = zero ?? 0n;
    const missing = BigInt(nullValue ?? 0);
    const put: Put = (out, at, i) => out.setBigInt64(at, nulls?.[i] ? missing : data[i]! - shift);
    return { letter: "K", size: 8, zero, put };
  }
  const missing = Number(nullValue ?? 0);
  const value = (i: number, shift: number): number => (nulls?.[i] ? missing : data[i]! - shift);
  const { letter, zero } = integerForm(data);
  const shift = zero ?? 0;
  if (letter === "B") return { letter, size: 1, zero, put: (out, at, i) => out.setUint8(at, value(i, shift)) };
  if (letter === "I") return { letter, size: 2, zero, put: (out, at, i) => out.setInt16(at, value(i, shift)) };
  return { letter, size: 4, zero, put: (out, at, i) => out.setInt32(at, value(i, shift)) };
}

/** Format letter and TZERO of an integer array (FITS standard 4.0, table 19: the offsets of unsigned integers). */
function integerForm(data: ColumnArray): { letter: "B" | "I" | "J"; zero: number | undefined } {
  if (data instanceof Uint8Array) return { letter: "B", zero: undefined };
  if (data instanceof Int8Array) return { letter: "B", zero: -128 };
  if (data instanceof Int16Array) return { letter: "I", zero: undefined };
  if (data instanceof Uint16Array) return { letter: "I", zero: 32768 };
  if (data instanceof Int32Array) return { letter: "J", zero: undefined };
  return { letter: "J", zero: 2147483648 };
}

function encodeStrings({ name, nulls, width }: ColumnSpec, data: readonly string[]): EncodedColumn {
  const longest = data.reduce((most, text) => Math.max(most, text.length), 1);
  const size = width ?? longest;
  if (longest > size) {
    throw new RangeError(
      `Cannot write column "${name}": width must be at least ${longest}, its longest string: current value is ${size}`,
    );
  }
  return {
    form: `${size}A`,
    zero: undefined,
    bytesPerRow: size,
    numRows: data.length,
    heapBytes: 0,
    writeInto(out, offset, stride) {
      data.forEach((text, row) => {
        for (let i = 0; i < text.length && !nulls?.[row]; i++) {
          const code = text.charCodeAt(i);
          if (code > 126 || code < 32) {
            throw new TypeError(
              `Cannot write column "${name}": strings must be printable ASCII: current value is ${JSON.stringify(text)}`,
            );
          }
          out.setUint8(offset + row * stride + i, code);
        }
      });
    },
  };
}
