/**
 * Selections as bit masks: bit i % 8 of byte i >> 3 is point i. 400,000 points take 51 kB, small enough for the
 * browser to send whole after each stroke of the lasso.
 */

/** Empty mask of n points. */
export function emptyMask(n: number): Uint8Array {
  return new Uint8Array((n + 7) >> 3);
}

export function hasBit(mask: Uint8Array, i: number): boolean {
  return (((mask[i >> 3] as number) >> (i & 7)) & 1) === 1;
}

export function setBit(mask: Uint8Array, i: number): void {
  mask[i >> 3] = (mask[i >> 3] as number) | (1 << (i & 7));
}

/** Number of points in the mask. */
export function countBits(mask: Uint8Array): number {
  let count = 0;
  for (let byte of mask) for (; byte !== 0; byte &= byte - 1) count++;
  return count;
}

/** Positions of the set bits, ascending; at most `limit` of them. */
export function maskIndices(mask: Uint8Array, limit = Number.POSITIVE_INFINITY): Uint32Array {
  const indices = new Uint32Array(Math.min(countBits(mask), limit));
  for (let i = 0, k = 0; k < indices.length; i++) if (hasBit(mask, i)) indices[k++] = i;
  return indices;
}

/**
 * Mask of n points from their positions.
 *
 * @throws {RangeError} If a position is not an integer from 0 to n - 1.
 */
export function maskOf(indices: ArrayLike<number>, n: number): Uint8Array {
  const mask = emptyMask(n);
  for (let k = 0; k < indices.length; k++) {
    const i = indices[k] as number;
    if (!Number.isInteger(i) || i < 0 || i >= n) {
      throw new RangeError(`Cannot select: indices must be integers from 0 to ${n - 1}: current value is ${i}`);
    }
    setBit(mask, i);
  }
  return mask;
}

/** How a new stroke joins what is selected. */
export type Combine = "replace" | "add" | "subtract" | "intersect";

/** A new mask from an old one and a stroke. */
export function combineMasks(old: Uint8Array, stroke: Uint8Array, how: Combine): Uint8Array {
  if (how === "replace") return stroke.slice();
  return old.map((byte, i) => {
    const other = stroke[i] as number;
    return how === "add" ? byte | other : how === "subtract" ? byte & ~other : byte & other;
  });
}
