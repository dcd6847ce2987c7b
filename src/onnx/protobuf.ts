import { concatArrays } from "../array/index.ts";

const VARINT = 0;
const BYTES = 2;

/** One protobuf message being written, field by field. */
export class ProtoMessage {
  readonly #parts: Uint8Array[] = [];

  #put(part: Uint8Array): this {
    this.#parts.push(part);
    return this;
  }

  #varint(value: number): this {
    const bytes: number[] = [];
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
    bytes.push(rest);
    return this.#put(Uint8Array.from(bytes));
  }

  #tag(field: number, wire: number): this {
    return this.#varint(field * 8 + wire);
  }

  /** A non-negative integer up to 2⁵³. */
  integer(field: number, value: number): this {
    return this.#tag(field, VARINT).#varint(value);
  }

  /** Bytes, which are not copied until `finish`. */
  bytes(field: number, value: Uint8Array): this {
    return this.#tag(field, BYTES).#varint(value.length).#put(value);
  }

  /** Text in UTF-8. */
  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  /** A message inside this one. */
  message(field: number, value: ProtoMessage): this {
    return this.bytes(field, value.finish());
  }

  /** The whole message. */
  finish(): Uint8Array {
    return concatArrays([new Uint8Array(), ...this.#parts]);
  }
}
