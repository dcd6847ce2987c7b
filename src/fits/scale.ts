import { allocate, decodeInto, type NumericArray } from "./decode.ts";
import type { TypeCode } from "./tform.ts";

/** TSCALn, TZEROn and TNULLn of a column. */
export interface Scaling {
  readonly scale: number;
  readonly zero: number;
  /** Exact, since 64-bit values may exceed double precision. */
  readonly nullValue?: bigint;
}

/** Decoded elements with their nulls. */
export interface Decoded {
  readonly data: NumericArray;
  readonly nulls?: Uint8Array;
}

/** TZERO by which a type's signedness is flipped. */
const FLIP: Partial<Record<TypeCode, number>> = { B: -128, I: 2 ** 15, J: 2 ** 31, K: 2 ** 63 };

/** Turns raw elements into physical values: nulls found, logicals to 0/1, signedness and scale applied. */
export function toPhysical(raw: NumericArray, type: TypeCode, scaling: Scaling): Decoded {
  if (type === "L") return logicals(raw as Uint8Array);
  const nulls = findNulls(raw, scaling.nullValue);
  const plain = scaling.scale === 1 && scaling.zero === 0;
  const flipped = scaling.scale === 1 && scaling.zero === FLIP[type];
  const exact = flipped ? flipSign(raw) : raw;
  const data = plain || flipped ? narrow(exact, nulls) : scaled(raw, scaling, nulls);
  return nulls ? { data, nulls } : { data };
}

/** T, F and the null byte 0; any other byte is no logical and counts as null. */
function logicals(raw: Uint8Array): Decoded {
  const nulls = new Uint8Array(raw.length);
  let any = 0;
  for (let i = 0; i < raw.length; i++) {
    const byte = raw[i];
    raw[i] = byte === 84 ? 1 : 0;
    if (byte !== 84 && byte !== 70) any = nulls[i] = 1;
  }
  return any ? { data: raw, nulls } : { data: raw };
}

function findNulls(raw: NumericArray, nullValue: bigint | undefined): Uint8Array | undefined {
  if (nullValue === undefined || raw instanceof Float32Array || raw instanceof Float64Array) return undefined;
  const wanted = raw instanceof BigInt64Array ? nullValue : Number(nullValue);
  let nulls: Uint8Array | undefined;
  for (let i = 0; i < raw.length; i++) {
    if (raw[i] === wanted) {
      nulls ??= new Uint8Array(raw.length);
      nulls[i] = 1;
    }
  }
  return nulls;
}

/** Reinterprets raw integers as the opposite signedness: the TZERO of the convention flips the top bit. */
function flipSign(raw: NumericArray): NumericArray {
  const { buffer, byteOffset, length } = raw;
  if (raw instanceof BigInt64Array) {
    for (let i = 0; i < length; i++) raw[i] = (raw[i] as bigint) ^ (-1n << 63n);
    return new BigUint64Array(buffer, byteOffset, length);
  }
  const ints = raw as Int16Array;
  const top = raw instanceof Uint8Array ? 0x80 : raw instanceof Int16Array ? 0x8000 : 0x80000000;
  for (let i = 0; i < length; i++) ints[i] = (ints[i] as number) ^ top;
  if (raw instanceof Uint8Array) return new Int8Array(buffer, byteOffset, length);
  if (raw instanceof Int16Array) return new Uint16Array(buffer, byteOffset, length);
  return new Uint32Array(buffer, byteOffset, length);
}

/** 64-bit integers as doubles where all of them (nulls apart) are safe integers. */
function narrow(values: NumericArray, nulls: Uint8Array | undefined): NumericArray {
  if (!(values instanceof BigInt64Array || values instanceof BigUint64Array)) return values;
  const out = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = Number(values[i]);
    if (!Number.isSafeInteger(value) && !nulls?.[i]) return values;
    out[i] = value;
  }
  return out;
}

/** zero + scale · raw in double precision; nulls become NaN. */
function scaled(raw: NumericArray, { scale, zero }: Scaling, nulls: Uint8Array | undefined): Float64Array {
  const out = new Float64Array(raw.length);
  for (let i = 0; i < out.length; i++) out[i] = nulls?.[i] ? Number.NaN : Number(raw[i]) * scale + zero;
  return out;
}

/** Raw elements of a contiguous block. */
export function decodeBlock(view: DataView, start: number, n: number, type: Exclude<TypeCode, "A">): NumericArray {
  const out = allocate(type, n);
  decodeInto(out, { view, start, stride: 0, perRow: n }, type, 0, 1);
  return out;
}
