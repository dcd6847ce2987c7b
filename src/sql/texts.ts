import { isAscii } from "node:buffer";

/** What DuckDB's vectors of texts have, though their typings keep it private: 16 bytes a text, and the null mask. */
export interface TextVector {
  readonly dataView: DataView;
  readonly validity: { readonly data: BigUint64Array | null; itemValid(index: number): boolean };
  readonly itemCount: number;
}

/** Reads memory of DuckDB's from the address that stands at `offset` of a buffer on. */
export type ReadMemory = (buffer: ArrayBuffer, offset: number, byteCount: number) => Uint8Array;

/**
 * A text's 16 bytes as words: its length, then up to 12 bytes themselves, or 4 of them and the address of all in the
 * last two.
 */
const WORDS_EACH = 4;
const INLINE_BYTES = 12;
const INLINE_WORD = 1;
const ADDRESS_WORD = 2;

/**
 * Bytes that may lie between two texts that are read at once. Less than a page, so that what lies between two texts is
 * memory of the process, whoever has it.
 */
const GAP_BYTES = 64;

/**
 * Puts the texts of a vector, null where there is none, into `texts` from place `at` on. DuckDB lays the long ones of a
 * vector one after another, so one look at its memory serves hundreds; one at a time costs as much as all the rest of a
 * query.
 */
export function readTextsInto(
  texts: (string | null)[],
  at: number,
  { vector, read }: { vector: TextVector; read: ReadMemory },
): void {
  const { dataView: view, validity, itemCount } = vector;
  const buffer = view.buffer as ArrayBuffer;
  const words = new Uint32Array(buffer, view.byteOffset, WORDS_EACH * itemCount);
  const own = Buffer.from(buffer, view.byteOffset, words.byteLength);
  const isThere = validity.data ? (i: number) => validity.itemValid(i) : () => true;
  const lengthOf = (i: number) => words[WORDS_EACH * i]!;
  const addressOf = (i: number) => {
    const word = WORDS_EACH * i + ADDRESS_WORD;
    return words[word]! + 2 ** 32 * words[word + 1]!;
  };
  const isLong = (i: number) => lengthOf(i) > INLINE_BYTES && isThere(i);

  /** Reads the texts of the run that begins with `first` and returns the row behind it. */
  function readRun(first: number): number {
    const start = addressOf(first);
    let end = start + lengthOf(first);
    let next = first + 1;
    for (; next < itemCount && isLong(next); next++) {
      const address = addressOf(next);
      if (address < end || address > end + GAP_BYTES) break;
      end = address + lengthOf(next);
    }
    const pointer = view.byteOffset + 4 * (WORDS_EACH * first + ADDRESS_WORD);
    const { buffer: memory, byteOffset, byteLength } = read(buffer, pointer, end - start);
    const bytes = Buffer.from(memory as ArrayBuffer, byteOffset, byteLength);
    // Where a character is a byte, one text serves and the others are its parts.
    const all = isAscii(bytes) ? bytes.toString("latin1") : undefined;
    for (let i = first; i < next; i++) {
      const from = addressOf(i) - start;
      const to = from + lengthOf(i);
      texts[at + i] = all === undefined ? bytes.toString("utf8", from, to) : all.slice(from, to);
    }
    return next;
  }

  for (let i = 0; i < itemCount; ) {
    if (isLong(i)) {
      i = readRun(i);
      continue;
    }
    const from = 4 * (WORDS_EACH * i + INLINE_WORD);
    texts[at + i] = isThere(i) ? own.toString("utf8", from, from + lengthOf(i)) : null;
    i++;
  }
}
