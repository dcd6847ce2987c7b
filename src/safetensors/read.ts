import { byteLengthOf, type Tensor, type TensorEntry, TYPES } from "./tensor.ts";

/** An array's entry, and where its bytes lie in the file. */
export interface PlacedTensor extends TensorEntry {
  readonly begin: number;
  readonly end: number;
}

/** The header of a safetensors file. */
export interface SafetensorsHeader {
  readonly tensors: ReadonlyMap<string, PlacedTensor>;
  readonly metadata: { readonly [key: string]: string };
}

function unreadable(why: string): never {
  throw new SyntaxError(`Cannot read safetensors: ${why}`);
}

/**
 * Bytes that the header of a safetensors file takes, its length's own 8 included.
 *
 * @param start First 8 bytes of the file, or more.
 * @param fileLength Bytes of the whole file.
 * @throws {SyntaxError} If such a header does not fit the file.
 */
export function safetensorsHeaderLength(start: Uint8Array, fileLength: number): number {
  if (start.length < 8) unreadable(`a file must have 8 bytes or more: current length is ${fileLength}`);
  const length = Number(new DataView(start.buffer, start.byteOffset).getBigUint64(0, true));
  if (!(length <= fileLength - 8)) unreadable(`the header must fit the file: its length says ${length} bytes`);
  return 8 + length;
}

/**
 * Reads the header alone, so that arrays can be read by ranges of the file.
 *
 * @param start The file's first bytes: as many as `safetensorsHeaderLength` says, or more.
 * @param fileLength Bytes of the whole file.
 * @throws {SyntaxError} If it is not such a header, or an array has another type than F32, F64 or I32.
 */
export function readSafetensorsHeader(start: Uint8Array, fileLength: number): SafetensorsHeader {
  const dataStart = safetensorsHeaderLength(start, fileLength);
  const { __metadata__: metadata = {}, ...entries } = parseHeader(start.subarray(8, dataStart));
  const tensors = new Map<string, PlacedTensor>();
  for (const [name, entry] of Object.entries(entries)) {
    const { dtype, shape, data_offsets } = entry as {
      dtype: TensorEntry["type"];
      shape: number[];
      data_offsets: [number, number];
    };
    if (!TYPES[dtype]) unreadable(`"${name}" must be F32, F64 or I32: current type is "${dtype}"`);
    const [begin, end] = data_offsets;
    const placed = { type: dtype, shape, begin: dataStart + begin, end: dataStart + end };
    if (!(begin >= 0 && end - begin === byteLengthOf(placed) && placed.end <= fileLength)) {
      unreadable(`"${name}" must lie inside the file: its bytes are ${begin} to ${end}`);
    }
    tensors.set(name, placed);
  }
  return { tensors, metadata: metadata as SafetensorsHeader["metadata"] };
}

function parseHeader(bytes: Uint8Array): { [name: string]: unknown } {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new SyntaxError("Cannot read safetensors: the header must be JSON", { cause });
  }
}

/**
 * Reads a safetensors file of float32, float64 and int32 arrays.
 *
 * @throws {SyntaxError} If the bytes are not such a file.
 */
export function readSafetensors(bytes: Uint8Array): {
  tensors: Map<string, Tensor>;
  metadata: SafetensorsHeader["metadata"];
} {
  const header = readSafetensorsHeader(bytes, bytes.length);
  const tensors = new Map<string, Tensor>();
  for (const [name, { type, shape, begin, end }] of header.tensors) {
    // Not bytes.slice(): that of a Buffer, which readFileSync gives, copies nothing.
    const copy = Uint8Array.from(bytes.subarray(begin, end));
    tensors.set(name, { shape, data: new TYPES[type](copy.buffer) });
  }
  return { tensors, metadata: header.metadata };
}
