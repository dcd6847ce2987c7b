import { PickleError } from "./pickle-error.ts";

/** Longest integer in bytes; Python's generators keep states of 16. */
const MAX_INTEGER_BYTES = 128;

/** The bytes of a pickle, read from front to back; no length is believed before the bytes are there. */
export class PickleBytes {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #name: string;
  readonly #utf8 = new TextDecoder("utf-8", { fatal: true });
  #at = 0;
  /** Where the operation under way begins, for errors. */
  #operation = 0;

  constructor(bytes: Uint8Array, name: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#name = name;
  }

  /** An error that names the file and the operation under way. */
  error(problem: string, cause?: unknown): PickleError {
    return new PickleError(this.#name, problem, { offset: this.#operation, ...(cause === undefined ? {} : { cause }) });
  }

  /** Code of the next operation. */
  operation(): number {
    this.#operation = this.#at;
    return this.unsigned(1);
  }

  /** Refuses a length that goes beyond the file. */
  checkLeft(count: number): void {
    const left = this.#bytes.length - this.#at;
    if (count > left) throw this.error(`the file must hold the ${count} bytes that come next: it ends after ${left}`);
  }

  /** Where the next `count` bytes begin; reading moves past them. */
  #skip(count: number): number {
    this.checkLeft(count);
    this.#at += count;
    return this.#at - count;
  }

  /** The next bytes, as a view. */
  take(count: number): Uint8Array {
    const start = this.#skip(count);
    return this.#bytes.subarray(start, start + count);
  }

  /** An unsigned integer, little-endian. */
  unsigned(count: 1 | 2 | 4): number {
    const at = this.#skip(count);
    if (count === 1) return this.#view.getUint8(at);
    return count === 2 ? this.#view.getUint16(at, true) : this.#view.getUint32(at, true);
  }

  /** A length, kept exact enough to compare with what is left of the file. */
  size(count: 1 | 4 | 8): number {
    return count === 8 ? Number(this.#view.getBigUint64(this.#skip(8), true)) : this.unsigned(count);
  }

  /** A two's complement integer of any length. */
  integer(count: number): number | bigint {
    if (count > MAX_INTEGER_BYTES)
      throw this.error(`integers must have at most ${MAX_INTEGER_BYTES} bytes: found ${count}`);
    const value = this.take(count).reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
    const signed = BigInt.asIntN(8 * count, value);
    const number = Number(signed);
    return Number.isSafeInteger(number) ? number : signed;
  }

  /** A float, big-endian, as pickles have it. */
  float64(): number {
    return this.#view.getFloat64(this.#skip(8), false);
  }

  /** UTF-8 text. */
  text(count: number): string {
    const bytes = this.take(count);
    try {
      return this.#utf8.decode(bytes);
    } catch (cause) {
      throw this.error("text must be UTF-8", cause);
    }
  }

  /** Text up to the next line feed, as GLOBAL has it. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    if (end < 0) throw this.error("a name must end in a line feed: the file ends before one");
    const text = this.text(end - this.#at);
    this.#at++;
    return text;
  }
}
