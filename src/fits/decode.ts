import type { TypeCode } from "./tform.ts";

/** Typed arrays that numeric columns decode to. */
export type NumericArray =
  | Uint8Array
  | Int8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/** Where the elements of a fixed-width column lie: row r, element i at `start + r * stride + i * size`. */
export interface Layout {
  readonly view: DataView;
  readonly start: number;
  /** Bytes from row to row. */
  readonly stride: number;
  /** Elements per row; complex numbers count as two. */
  readonly perRow: number;
}

/** Raw array of a type for n elements. K comes as BigInt64Array, complex as pairs, L and X as bytes. */
export function allocate(type: Exclude<TypeCode, "A">, n: number): NumericArray {
  switch (type) {
    case "I":
      return new Int16Array(n);
    case "J":
      return new Int32Array(n);
    case "K":
      return new BigInt64Array(n);
    case "E":
    case "C":
      return new Float32Array(n);
    case "D":
    case "M":
      return new Float64Array(n);
    default:
      return new Uint8Array(n);
  }
}

/**
 * Decodes big-endian rows [from, to) into `out`, one tight loop per type.
 *
 * @param out Array from `allocate` for all rows.
 */
export function decodeInto(out: NumericArray, layout: Layout, type: Exclude<TypeCode, "A">, from: number, to: number) {
  if (type === "X") return bitsInto(out as Uint8Array, layout, from, to);
  const { view, start, stride, perRow } = layout;
  const size = out.BYTES_PER_ELEMENT;
  if (perRow <= 16) {
    for (let i = 0; i < perRow; i++) {
      stridedInto(out, from * perRow + i, perRow, view, start + from * stride + i * size, stride, to - from);
    }
  } else {
    for (let row = from; row < to; row++) stridedInto(out, row * perRow, 1, view, start + row * stride, size, perRow);
  }
}

/** out[o + k·step] = element at byte `at + k·stride`, k < n; the output's own type decides how the bytes are read. */
function stridedInto(
  out: NumericArray,
  o: number,
  step: number,
  view: DataView,
  at: number,
  stride: number,
  n: number,
): void {
  const end = o + n * step;
  if (out instanceof Float64Array) for (; o < end; o += step, at += stride) out[o] = view.getFloat64(at);
  else if (out instanceof Float32Array) for (; o < end; o += step, at += stride) out[o] = view.getFloat32(at);
  else if (out instanceof Int32Array) for (; o < end; o += step, at += stride) out[o] = view.getInt32(at);
  else if (out instanceof Int16Array) for (; o < end; o += step, at += stride) out[o] = view.getInt16(at);
  else if (out instanceof Uint8Array) for (; o < end; o += step, at += stride) out[o] = view.getUint8(at);
  else if (out instanceof BigInt64Array) for (; o < end; o += step, at += stride) out[o] = view.getBigInt64(at);
}

/** Bit arrays, most significant bit first, one output byte (0 or 1) per bit. */
function bitsInto(out: Uint8Array, { view, start, stride, perRow }: Layout, from: number, to: number): void {
  for (let row = from; row < to; row++) {
    const at = start + row * stride;
    for (let bit = 0; bit < perRow; bit++) {
      out[row * perRow + bit] = (view.getUint8(at + (bit >> 3)) >> (7 - (bit & 7))) & 1;
    }
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** A string field: ends at the first NUL, trailing blanks do not count; bytes beyond ASCII read as UTF-8, else Latin-1. */
export function decodeText(bytes: Uint8Array, start: number, length: number): string {
  let end = start;
  let ascii = true;
  while (end < start + length && bytes[end] !== 0) if ((bytes[end++] as number) > 127) ascii = false;
  while (end > start && bytes[end - 1] === 32) end--;
  const field = bytes.subarray(start, end);
  if (!ascii) {
    try {
      return utf8.decode(field);
    } catch {
      return latin1(field);
    }
  }
  return latin1(field);
}

function latin1(field: Uint8Array): string {
  if (field.length < 4096) return String.fromCharCode.apply(null, field as unknown as number[]);
  let text = "";
  for (let at = 0; at < field.length; at += 4000) text += latin1(field.subarray(at, at + 4000));
  return text;
}
