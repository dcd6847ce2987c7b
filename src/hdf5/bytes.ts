import { concatArrays } from "../array/index.ts";

/** Little-endian bytes being put together. */
export class Bytes {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  /** How many there are so far. */
  get length(): number {
    return this.#length;
  }

  /** Unsigned integers of one width: 1, 2, 4 or 8 bytes. */
  uint(width: 1 | 2 | 4 | 8, ...values: readonly number[]): this {
    const part = new Uint8Array(width * values.length);
    const view = new DataView(part.buffer);
    values.forEach((value, i) => {
      if (width === 1) view.setUint8(i, value);
      else if (width === 2) view.setUint16(2 * i, value, true);
      else if (width === 4) view.setUint32(4 * i, value, true);
      else view.setBigUint64(8 * i, BigInt(value), true);
    });
    return this.put(part);
  }

  /** The address that means "none". */
  noAddress(): this {
    return this.put(new Uint8Array(8).fill(0xff));
  }

  /** Bytes as they are; they are not copied until `finish`. */
  put(part: Uint8Array): this {
    this.#parts.push(part);
    this.#length += part.length;
    return this;
  }

  /** Text in UTF-8, without an end mark. */
  text(value: string): this {
    return this.put(new TextEncoder().encode(value));
  }

  /** Zeros up to a multiple of 8. */
  pad(): this {
    return this.put(new Uint8Array(-this.#length & 7));
  }

  /** All of them. */
  finish(): Uint8Array {
    return concatArrays([new Uint8Array(), ...this.#parts]);
  }
}
