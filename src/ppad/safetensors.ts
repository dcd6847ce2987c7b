/** One array of a safetensors file. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array | Int32Array;
}

const TYPES = { F32: Float32Array, F64: Float64Array, I32: Int32Array } as const;

function typeOf(data: Tensor["data"]): keyof typeof TYPES {
  return data instanceof Int32Array ? "I32" : data instanceof Float64Array ? "F64" : "F32";
}

/**
 * Writes named arrays in the safetensors format: a 64-bit length, a JSON header padded to 8 bytes, the data.
 *
 * @param tensors In the order in which they are written.
 * @param metadata Free text by key.
 * @see https://github.com/huggingface/safetensors#format
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: { [key: string]: string },
): Uint8Array {
  const header: { [name: string]: unknown } = { __metadata__: metadata };
  let end = 0;
  for (const [name, { shape, data }] of tensors) {
    const begin = end;
    end += data.byteLength;
    header[name] = { dtype: typeOf(data), shape, data_offsets: [begin, end] };
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const padded = Math.ceil(text.length / 8) * 8;
  const out = new Uint8Array(8 + padded + end);
  new DataView(out.buffer).setBigUint64(0, BigInt(padded), true);
  out.fill(0x20, 8, 8 + padded);
  out.set(text, 8);
  let at = 8 + padded;
  for (const { data } of tensors.values()) {
    out.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return out;
}

function unreadable(why: string): never {
  throw new SyntaxError(`Cannot read safetensors: ${why}`);
}

/**
 * Reads a safetensors file of float32, float64 and int32 arrays.
 *
 * @throws {SyntaxError} If the bytes are not such a file.
 */
export function readSafetensors(bytes: Uint8Array): {
  tensors: Map<string, Tensor>;
  metadata: { [key: string]: string };
} {
  if (bytes.length < 8) unreadable(`a file must have 8 bytes or more: current length is ${bytes.length}`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (!(length <= bytes.length - 8)) unreadable(`the header must fit the file: its length says ${length} bytes`);
  const header = parseHeader(bytes.subarray(8, 8 + length));
  const tensors = new Map<string, Tensor>();
  let metadata: { [key: string]: string } = {};
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") {
      metadata = entry as typeof metadata;
      continue;
    }
    const {
      dtype,
      shape,
      data_offsets: offsets,
    } = entry as { dtype: keyof typeof TYPES; shape: number[]; data_offsets: number[] };
    const type = TYPES[dtype];
    if (!type) unreadable(`"${name}" must be F32, F64 or I32: current type is "${dtype}"`);
    const [begin, end] = offsets as [number, number];
    const count = shape.reduce((product, extent) => product * extent, 1);
    const inside = begin >= 0 && end - begin === type.BYTES_PER_ELEMENT * count && 8 + length + end <= bytes.length;
    if (!inside) unreadable(`"${name}" must lie inside the file: its bytes are ${begin} to ${end}`);
    // Not bytes.slice(): that of a Buffer, which readFileSync gives, copies nothing.
    const copy = Uint8Array.from(bytes.subarray(8 + length + begin, 8 + length + end));
    tensors.set(name, { shape, data: new type(copy.buffer, 0, count) });
  }
  return { tensors, metadata };
}

function parseHeader(bytes: Uint8Array): { [name: string]: unknown } {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new SyntaxError("Cannot read safetensors: the header must be JSON", { cause });
  }
}
