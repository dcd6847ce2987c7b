/** Code that empties the dictionary, in files of block mode. */
const CLEAR = 256;

/**
 * Expands data of Unix `compress` (.Z): LZW with codes of 9 bits growing to the width in the header, least significant
 * bit first, padded to eight codes where the width changes.
 *
 * @throws {SyntaxError} If the header names no width of 9–16 bits or a code has no meaning yet.
 * @see Welch 1984, IEEE Computer 17(6), 8
 */
export function expandLzw(bytes: Uint8Array): Uint8Array {
  const flags = bytes[2] ?? 0;
  const maxBits = flags & 31;
  if (maxBits < 9 || maxBits > 16) throw new SyntaxError(`the width of codes must be 9–16 bits: it is ${maxBits}`);
  const first = flags & 128 ? CLEAR + 1 : CLEAR;
  const prefix = new Uint16Array(2 ** maxBits);
  const suffix = new Uint8Array(2 ** maxBits);
  const spelled = new Uint8Array(2 ** maxBits + 1);
  const out = new GrowingBytes(bytes.length * 3);
  let [at, group, bits, free] = [24, 24, 9, first];
  let previous = -1;
  let lastByte = 0;
  const widen = (to: number) => {
    group = at = group + Math.ceil((at - group) / (8 * bits)) * 8 * bits;
    bits = to;
  };
  for (let code = 0; at + bits <= bytes.length * 8; previous = code) {
    code = readCode(bytes, at, bits);
    at += bits;
    if (code === CLEAR && first > CLEAR) {
      widen(9);
      free = first;
      code = -1;
      continue;
    }
    if (code > free || (previous < 0 && code >= 256)) throw new SyntaxError(`code ${code} must be below ${free + 1}`);
    // A code that is only about to be entered stands for the previous text and its own first byte.
    let from = spelled.length;
    let entry = code;
    if (code === free) {
      spelled[--from] = lastByte;
      entry = previous;
    }
    for (; entry >= 256; entry = prefix[entry] as number) spelled[--from] = suffix[entry] as number;
    spelled[--from] = lastByte = entry;
    out.append(spelled.subarray(from));
    if (previous < 0 || free === 2 ** maxBits) continue;
    prefix[free] = previous;
    suffix[free++] = lastByte;
    if (free === 2 ** bits && bits < maxBits) widen(bits + 1);
  }
  return out.bytes();
}

function readCode(bytes: Uint8Array, at: number, bits: number): number {
  const byte = at >> 3;
  const three = (bytes[byte] ?? 0) | ((bytes[byte + 1] ?? 0) << 8) | ((bytes[byte + 2] ?? 0) << 16);
  return (three >> (at & 7)) & (2 ** bits - 1);
}

/** Bytes whose number is known only at the end. */
class GrowingBytes {
  #room: Uint8Array;
  #length = 0;

  constructor(expected: number) {
    this.#room = new Uint8Array(expected);
  }

  append(more: Uint8Array): void {
    const length = this.#length + more.length;
    if (length > this.#room.length) {
      const wider = new Uint8Array(length * 2);
      wider.set(this.#room.subarray(0, this.#length));
      this.#room = wider;
    }
    this.#room.set(more, this.#length);
    this.#length = length;
  }

  bytes(): Uint8Array {
    return this.#room.slice(0, this.#length);
  }
}
