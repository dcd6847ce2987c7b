/** Bytes that are read in parts: a file on disk or on the web. */
export interface ByteSource {
  readonly byteLength: number;
  /**
   * Fills `out` with the bytes from `start` on.
   *
   * @throws {Error} If there are fewer, or the file is no longer the one it was.
   */
  readInto(out: Uint8Array, start: number): Promise<void>;
}

/** The bytes [start, end) of a source. */
export async function readRange(source: ByteSource, start: number, end: number): Promise<Uint8Array> {
  const out = new Uint8Array(end - start);
  if (out.length > 0) await source.readInto(out, start);
  return out;
}
