type ArrayOf = new (buffer: ArrayBuffer) => ArrayBufferView;

/**
 * Bytes from the browser as the kind of array that the value has been so far: the wire does not say what they are.
 *
 * @throws {RangeError} If they are not whole elements.
 */
export function asKindOf(before: ArrayBufferView, bytes: ArrayBufferView, name: string): ArrayBufferView {
  if (bytes.constructor === before.constructor) return bytes;
  const { BYTES_PER_ELEMENT: size = 1, constructor: Kind } = before as ArrayBufferView & { BYTES_PER_ELEMENT?: number };
  if (bytes.byteLength % size !== 0) {
    throw new RangeError(
      `Cannot set ${name}: it must be whole elements of ${Kind.name}, ${size} bytes each: current value has ${bytes.byteLength} bytes`,
    );
  }
  const own = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength).slice();
  return new (Kind as ArrayOf)(own.buffer);
}
