/**
 * Ones' complement sum of big-endian 32-bit words, the FITS checksum. The length must be a multiple of 4.
 *
 * @param start Sum to go on from. Default 0.
 * @see FITS standard 4.0, appendix J.
 */
export function sumWords(bytes: Uint8Array, start = 0): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let sum = start;
  // 2²⁰ words stay below 2⁵³, so the carries are folded once per stretch.
  for (let at = 0; at < bytes.length; ) {
    const stop = Math.min(bytes.length, at + 4 * 2 ** 20);
    for (; at < stop; at += 4) sum += view.getUint32(at);
    while (sum >= 2 ** 32) sum = (sum % 2 ** 32) + Math.floor(sum / 2 ** 32);
  }
  return sum;
}

/**
 * The 16 characters that, put into the CHECKSUM card of an HDU whose sum without them is `sum`, bring the HDU's sum
 * to −0: the complement of each byte is spread over four characters, then kept clear of punctuation.
 */
export function encodeChecksum(sum: number): string {
  const complement = ~sum >>> 0;
  const characters = new Uint8Array(16);
  for (let byte = 0; byte < 4; byte++) {
    const value = (complement >>> (24 - 8 * byte)) & 0xff;
    const quarter = Math.floor(value / 4) + 48;
    const parts = [quarter + (value % 4), quarter, quarter, quarter];
    while (parts.some(isPunctuation)) {
      const first = isPunctuation(parts[0]!) || isPunctuation(parts[1]!) ? 0 : 2;
      parts[first]!++;
      parts[first + 1]!--;
    }
    parts.forEach((code, position) => {
      // The string starts one byte after a word boundary, hence the rotation by one.
      characters[(4 * position + byte + 1) % 16] = code;
    });
  }
  return String.fromCharCode(...characters);
}

/** True for the ASCII codes between the digits, capitals and small letters. */
function isPunctuation(code: number): boolean {
  return (code >= 58 && code <= 64) || (code >= 91 && code <= 96);
}
