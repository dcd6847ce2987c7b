/** Bits of the number of low bits, greatest number of them, and bits of a pixel, by bytes of a pixel. */
const CODING: Readonly<Record<number, readonly [fsBits: number, fsMax: number, pixelBits: number]>> = {
  1: [3, 6, 8],
  2: [4, 14, 16],
  4: [5, 25, 32],
};

/**
 * Decodes RICE_1: differences of neighbouring pixels, block by block with as many low bits as suits the block.
 *
 * @param bytes One compressed tile.
 * @param count Pixels of the tile.
 * @returns Pixels as signed integers (unsigned where a pixel has one byte); undefined where the bytes end early.
 * @see FITS Standard 4.0, section 10.4.1
 */
export function decodeRice(
  bytes: Uint8Array,
  count: number,
  { blockSize, bytesPerPixel }: { blockSize: number; bytesPerPixel: number },
): Int32Array | undefined {
  const coding = CODING[bytesPerPixel];
  if (!coding || bytes.length < bytesPerPixel) return undefined;
  const [fsBits, fsMax, pixelBits] = coding;
  const out = new Int32Array(count);
  const wrap =
    bytesPerPixel === 1
      ? (x: number) => x & 0xff
      : bytesPerPixel === 2
        ? (x: number) => (x << 16) >> 16
        : (x: number) => x | 0;
  let last = 0;
  for (let i = 0; i < bytesPerPixel; i++) last = (last << 8) | (bytes[i] as number);
  last = wrap(last);
  const end = 8 * bytes.length;
  let bit = 8 * bytesPerPixel;
  const take = (bits: number): number => {
    let value = 0;
    for (let left = bits; left > 0; ) {
      const free = 8 - (bit & 7);
      const some = Math.min(left, free);
      const byte = bytes[bit >> 3] ?? 0;
      value = (value << some) | ((byte >> (free - some)) & ((1 << some) - 1));
      bit += some;
      left -= some;
    }
    return value >>> 0;
  };
  for (let first = 0; first < count; first += blockSize) {
    const stop = Math.min(first + blockSize, count);
    const lowBits = take(fsBits) - 1;
    for (let i = first; i < stop; i++) {
      if (lowBits >= 0) {
        let code: number;
        if (lowBits === fsMax) code = take(pixelBits);
        else {
          let zeros = 0;
          while (bit < end && take(1) === 0) zeros++;
          code = (zeros << lowBits) | take(lowBits);
        }
        // Even codes are differences from 0 up, odd ones from -1 down
        last = wrap(last + (code & 1 ? ~(code >>> 1) : code >>> 1));
      }
      out[i] = last;
    }
    if (bit > end) return undefined;
  }
  return out;
}
