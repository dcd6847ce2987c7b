const MULTIPLIER = 0x5bd1e995;

/**
 * The MurmurHash2 of a text's UTF-8 bytes, 32 bits: by it Jupyter's front ends and kernels name a cell's source.
 *
 * @see Appleby, MurmurHash2 (public domain).
 */
export function murmur2(text: string, seed: number): number {
  const bytes = new TextEncoder().encode(text);
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = bytes.length & ~3;
  let hash = seed ^ bytes.length;
  for (let offset = 0; offset < whole; offset += 4) {
    let word = Math.imul(words.getUint32(offset, true), MULTIPLIER);
    word ^= word >>> 24;
    hash = Math.imul(hash, MULTIPLIER) ^ Math.imul(word, MULTIPLIER);
  }
  if (whole < bytes.length) {
    for (let offset = whole; offset < bytes.length; offset++) hash ^= bytes[offset]! << (8 * (offset - whole));
    hash = Math.imul(hash, MULTIPLIER);
  }
  hash ^= hash >>> 13;
  hash = Math.imul(hash, MULTIPLIER);
  hash ^= hash >>> 15;
  return hash >>> 0;
}
