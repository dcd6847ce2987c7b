import type { Datatype } from "./datatype.ts";

/** Bytes of one number (half of a complex one); 1 where it is not here. */
const SIZES: Partial<Record<Datatype, number>> = {
  short: 2,
  int: 4,
  long: 8,
  float: 4,
  floatComplex: 4,
  double: 8,
  doubleComplex: 8,
};

/** Bytes of a BINARY2 stream, growing as rows are written. */
export class RowBytes {
  #bytes = new Uint8Array(1 << 16);
  #view = new DataView(this.#bytes.buffer);
  #at = 0;

  /** What was written so far. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#at);
  }

  /** The null flags of a row, a bit per column, the first the highest. */
  flags(isNull: (column: number) => boolean, columns: number): void {
    const start = this.#reserve(Math.ceil(columns / 8));
    for (let i = 0; i < columns; i++) {
      if (isNull(i)) this.#bytes[start + (i >> 3)] = (this.#bytes[start + (i >> 3)] as number) | (128 >> (i & 7));
    }
  }

  /** The length of an array that says its own. */
  length(n: number): void {
    const start = this.#reserve(4);
    this.#view.setUint32(start, n);
  }

  /** Text in `n` code units, filled up with NUL. */
  text(datatype: Datatype, text: string, n: number): void {
    const size = datatype === "unicodeChar" ? 2 : 1;
    const start = this.#reserve(n * size);
    for (let i = 0; i < text.length; i++) {
      if (size === 2) this.#view.setUint16(start + 2 * i, text.charCodeAt(i));
      else this.#bytes[start + i] = text.charCodeAt(i);
    }
  }

  /** Bits, the first the highest of its byte. */
  bits(values: ArrayLike<number | bigint>): void {
    const start = this.#reserve(Math.ceil(values.length / 8));
    for (let i = 0; i < values.length; i++) {
      if (values[i]) this.#bytes[start + (i >> 3)] = (this.#bytes[start + (i >> 3)] as number) | (128 >> (i & 7));
    }
  }

  /** One number (or half of a complex one); a logical as T, F or, where it is NaN, "?". */
  number(datatype: Datatype, value: number | bigint): void {
    // Reserved first: growing replaces the buffer that the view is of
    const start = this.#reserve(SIZES[datatype] ?? 1);
    switch (datatype) {
      case "boolean":
        this.#bytes[start] = Number.isNaN(value) ? 0x3f : value ? 0x54 : 0x46;
        break;
      case "short":
        this.#view.setInt16(start, Number(value));
        break;
      case "int":
        this.#view.setInt32(start, Number(value));
        break;
      case "long":
        this.#view.setBigInt64(start, BigInt(value));
        break;
      case "float":
      case "floatComplex":
        this.#view.setFloat32(start, Number(value));
        break;
      case "double":
      case "doubleComplex":
        this.#view.setFloat64(start, Number(value));
        break;
      default:
        this.#bytes[start] = Number(value);
    }
  }

  /** Room for `n` zero bytes; returns where they start. */
  #reserve(n: number): number {
    const start = this.#at;
    this.#at += n;
    if (this.#at > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#at, 2 * this.#bytes.length));
      grown.set(this.#bytes.subarray(0, start));
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    return start;
  }
}
