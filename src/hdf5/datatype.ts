import { Bytes } from "./bytes.ts";

/** What values of a dataset are. */
export type Hdf5Type =
  | { readonly kind: "integer"; readonly bytes: 1 | 2 | 4 | 8; readonly signed: boolean }
  | { readonly kind: "float"; readonly bytes: 4 | 8 }
  | { readonly kind: "text"; readonly bytes: number }
  | { readonly kind: "logical" }
  | { readonly kind: "list"; readonly of: Hdf5Type };

const VERSION_1 = 0x10;
const CLASS = { integer: 0, float: 1, text: 3, enumeration: 8, list: 9 };
/** Bits: the field is signed; padded with zeros and UTF-8; mantissa without its leading 1. */
const SIGNED = 0x08;
const ZERO_PADDED_UTF8 = 0x11;
const IMPLIED_ONE = 0x20;
/** A length, a heap's address and an index in the heap. */
export const LIST_BYTES = 16;

/**
 * A datatype message, version 1.
 *
 * @see HDF5 File Format Specification 3.0, IV.A.2.d
 */
export function datatypeMessage(type: Hdf5Type): Uint8Array {
  switch (type.kind) {
    case "integer": {
      const bits = type.signed ? SIGNED : 0;
      return head(CLASS.integer, [bits, 0], type.bytes)
        .uint(2, 0, 8 * type.bytes)
        .finish();
    }
    case "float":
      return float(type.bytes);
    case "text":
      return head(CLASS.text, [ZERO_PADDED_UTF8, 0], type.bytes).finish();
    case "logical":
      return logical();
    case "list":
      return head(CLASS.list, [0, 0], LIST_BYTES).put(datatypeMessage(type.of)).finish();
  }
}

function head(kind: number, [low, high]: readonly [number, number], size: number): Bytes {
  return new Bytes().uint(1, VERSION_1 | kind, low, high, 0).uint(4, size);
}

/** IEEE 754: where sign, exponent and mantissa lie. */
function float(bytes: 4 | 8): Uint8Array {
  const [exponentBits, bias] = bytes === 8 ? [11, 1023] : [8, 127];
  const mantissaBits = 8 * bytes - 1 - exponentBits;
  return head(CLASS.float, [IMPLIED_ONE, 8 * bytes - 1], bytes)
    .uint(2, 0, 8 * bytes)
    .uint(1, mantissaBits, exponentBits, 0, mantissaBits)
    .uint(4, bias)
    .finish();
}

/** An enumeration of bytes called FALSE and TRUE, as h5py and PyTables have it. */
function logical(): Uint8Array {
  return head(CLASS.enumeration, [2, 0], 1)
    .put(datatypeMessage({ kind: "integer", bytes: 1, signed: true }))
    .text("FALSE\0\0\0TRUE\0\0\0\0")
    .uint(1, 0, 1)
    .finish();
}
