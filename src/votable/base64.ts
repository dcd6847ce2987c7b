import { VotableError } from "./error.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const LETTERS = Uint8Array.from(ALPHABET, (letter) => letter.charCodeAt(0));
const DIGITS = new Int8Array(256).fill(-1);
LETTERS.forEach((code, digit) => {
  DIGITS[code] = digit;
});

/** Decodes base64, passing over white space. */
export function decodeBase64(text: string, file: string): Uint8Array {
  const out = new Uint8Array(Math.floor((text.length * 3) / 4) + 3);
  let n = 0;
  let at = 0;
  // Four letters at a time, white space only between the fours, as lines of 76 have it
  for (const end = text.length - 3; at < end; ) {
    const word = quartet(text, at);
    if (word < 0) {
      if (text.charCodeAt(at) > 32) break;
      at++;
      continue;
    }
    out[n] = word >> 16;
    out[n + 1] = word >> 8;
    out[n + 2] = word;
    n += 3;
    at += 4;
  }
  return out.subarray(0, decodeRest(text, at, out, n, file));
}

/** 24 bits of four letters, or a negative number where one is no base64 letter. */
function quartet(text: string, at: number): number {
  const [a, b, c, d] = [text.charCodeAt(at), text.charCodeAt(at + 1), text.charCodeAt(at + 2), text.charCodeAt(at + 3)];
  if ((a | b | c | d) > 255) return -1;
  return (
    ((DIGITS[a] as number) << 18) | ((DIGITS[b] as number) << 12) | ((DIGITS[c] as number) << 6) | (DIGITS[d] as number)
  );
}

/** Letter by letter from `at` on; returns the number of bytes in `out`. */
function decodeRest(text: string, from: number, out: Uint8Array, start: number, file: string): number {
  let n = start;
  let bits = 0;
  let held = 0;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code <= 32) continue;
    if (code === 61) break;
    const digit = code < 128 ? (DIGITS[code] as number) : -1;
    if (digit < 0) throw new VotableError(file, `a binary stream must be base64: character ${at + 1} is "${text[at]}"`);
    held = ((held << 6) | digit) & 0xffffff;
    bits += 6;
    if (bits >= 8) out[n++] = (held >> (bits -= 8)) & 255;
  }
  return n;
}

/** Encodes bytes as base64 letters (ASCII codes), in lines of 76. */
export function encodeBase64(bytes: Uint8Array): Uint8Array {
  const letters = Math.ceil(bytes.length / 3) * 4;
  const out = new Uint8Array(letters + Math.ceil(letters / 76));
  let o = 0;
  for (let at = 0; at < bytes.length; at += 3) {
    const [a, b = 0, c = 0] = [bytes[at] as number, bytes[at + 1], bytes[at + 2]];
    out[o] = LETTERS[a >> 2] as number;
    out[o + 1] = LETTERS[((a & 3) << 4) | (b >> 4)] as number;
    out[o + 2] = at + 1 < bytes.length ? (LETTERS[((b & 15) << 2) | (c >> 6)] as number) : 61;
    out[o + 3] = at + 2 < bytes.length ? (LETTERS[c & 63] as number) : 61;
    o += 4;
    if (o % 77 === 76 || at + 3 >= bytes.length) out[o++] = 10;
  }
  return out.subarray(0, o);
}
