/** One array of a safetensors file. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array | Int32Array;
}

/** Types of numbers that are written and read, by their names in the header. */
export const TYPES = { F32: Float32Array, F64: Float64Array, I32: Int32Array } as const;
export type TensorType = keyof typeof TYPES;

/** What the header says of one array. */
export interface TensorEntry {
  readonly type: TensorType;
  readonly shape: readonly number[];
}

/** Bytes of an array. */
export function byteLengthOf({ type, shape }: TensorEntry): number {
  return shape.reduce((product, extent) => product * extent, TYPES[type].BYTES_PER_ELEMENT);
}
