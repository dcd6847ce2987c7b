/** A row-major block of numbers with its shape, the form in which bulk data travels between domains. */
export interface NdArray<T extends Float32Array | Float64Array = Float64Array> {
  readonly data: T;
  readonly shape: readonly number[];
}

/** A row-major matrix, shape (nRows, nColumns). */
export interface Matrix<T extends Float32Array | Float64Array = Float64Array> extends NdArray<T> {
  readonly shape: readonly [number, number];
}

/**
 * Checks that an array has the shape its name promises.
 *
 * @param name What the array is called in the caller's documentation; it starts the error.
 * @param array The array to check.
 * @param shape Expected extents; -1 accepts any extent.
 * @throws {TypeError} If the rank, an extent or the number of elements differs.
 */
export function checkShape(name: string, array: NdArray<Float32Array | Float64Array>, shape: readonly number[]): void {
  const expected = `(${shape.map((extent) => (extent < 0 ? "any" : extent)).join(", ")})`;
  const matches =
    array.shape.length === shape.length && shape.every((extent, axis) => extent < 0 || array.shape[axis] === extent);
  if (!matches) {
    throw new TypeError(
      `Cannot use "${name}": shape must be ${expected}: current shape is (${array.shape.join(", ")})`,
    );
  }
  const size = array.shape.reduce((product, extent) => product * extent, 1);
  if (array.data.length !== size) {
    throw new TypeError(
      `Cannot use "${name}": shape (${array.shape.join(", ")}) needs ${size} values: current length is ${array.data.length}`,
    );
  }
}
