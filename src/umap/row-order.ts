/** Rows of `width` values in another order: row i of the result is row `order[i]`. */
export function reorderRows<T extends Float32Array | Float64Array>(rows: T, order: Int32Array, width: number): T {
  const out = rows.slice() as T;
  order.forEach((from, to) => {
    out.set(rows.subarray(from * width, (from + 1) * width), to * width);
  });
  return out;
}

/** Undoes `reorderRows`: row `order[i]` of the result is row i. */
export function restoreRows<T extends Float32Array | Float64Array>(rows: T, order: Int32Array, width: number): T {
  const out = rows.slice() as T;
  order.forEach((to, from) => {
    out.set(rows.subarray(from * width, (from + 1) * width), to * width);
  });
  return out;
}
