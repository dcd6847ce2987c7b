import { byteLengthOf, type Tensor, type TensorEntry, type TensorType } from "./tensor.ts";

function typeOf(data: Tensor["data"]): TensorType {
  return data instanceof Int32Array ? "I32" : data instanceof Float64Array ? "F64" : "F32";
}

/**
 * The beginning of a safetensors file, a 64-bit length and a JSON header padded to 8 bytes; the arrays' bytes,
 * little-endian and in the order of the entries, complete the file.
 *
 * @param metadata Free text by key.
 * @see https://github.com/huggingface/safetensors#format
 */
export function safetensorsHeader(
  entries: ReadonlyMap<string, TensorEntry>,
  metadata: { readonly [key: string]: string },
): Uint8Array<ArrayBuffer> {
  const header: { [name: string]: unknown } = { __metadata__: metadata };
  let end = 0;
  for (const [name, entry] of entries) {
    const begin = end;
    end += byteLengthOf(entry);
    header[name] = { dtype: entry.type, shape: entry.shape, data_offsets: [begin, end] };
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const padded = Math.ceil(text.length / 8) * 8;
  const out = new Uint8Array(8 + padded);
  new DataView(out.buffer).setBigUint64(0, BigInt(padded), true);
  out.fill(0x20, 8);
  out.set(text, 8);
  return out;
}

/**
 * Writes named arrays in the safetensors format.
 *
 * @param tensors In the order in which they are written.
 * @param metadata Free text by key.
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: { readonly [key: string]: string },
): Uint8Array<ArrayBuffer> {
  const entries = new Map<string, TensorEntry>();
  let length = 0;
  for (const [name, { shape, data }] of tensors) {
    entries.set(name, { type: typeOf(data), shape });
    length += data.byteLength;
  }
  const header = safetensorsHeader(entries, metadata);
  const out = new Uint8Array(header.length + length);
  out.set(header);
  let at = header.length;
  for (const { data } of tensors.values()) {
    out.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return out;
}
