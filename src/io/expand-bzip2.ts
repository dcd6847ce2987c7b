import bunzip from "seek-bzip";

/**
 * Expands bzip2 data, also of several streams on end.
 *
 * @throws {Error} If a block's checksum is wrong or the data end before their last block.
 */
export function expandBzip2(bytes: Uint8Array): Uint8Array {
  const input = new ByteStream(bytes);
  const parts: Uint8Array[] = [];
  while (input.startsStream()) parts.push(bunzip.decode(input));
  return parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts);
}

/** Bytes for the decoder; given a plain buffer, it would take an end between two blocks for the end of the data. */
class ByteStream {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** True before the signature of a stream; what else follows the last one is no part of the data. */
  startsStream(): boolean {
    return [0x42, 0x5a, 0x68].every((byte, i) => this.#bytes[this.#at + i] === byte);
  }

  readByte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new SyntaxError("the data end before their last block");
    return byte;
  }

  read(into: Uint8Array, start: number, length: number): number {
    for (let i = 0; i < length; i++) into[start + i] = this.readByte();
    return length;
  }
}
