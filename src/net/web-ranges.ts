import { bytesOf, type RequestOptions, send, stoppable } from "./send.ts";

/** A file of a server that answers ranges of bytes. */
export interface WebRanges {
  readonly byteLength: number;
  /** Fills `out` with the bytes from `start` on. */
  readInto(out: Uint8Array, start: number): Promise<void>;
}

/** Bytes asked for first and kept: the headers of most files, so that opening one takes a single request. */
const FIRST_BYTES = 65_536;

/**
 * Opens a file on the web to read parts of it.
 *
 * Each range is a request, repeated politely as all are, and sent with the version of the first answer (ETag or
 * Last-Modified): a file that changes meanwhile is refused, not mixed.
 *
 * @throws {HttpError} If the server answers other than with success.
 * @throws {Error} If it cannot answer ranges.
 */
export async function webRanges(address: string, options: RequestOptions = {}): Promise<WebRanges> {
  const ask = (start: number, end: number, version?: string) =>
    stoppable(options, async (stopped) => {
      const range = `bytes=${start}-${end - 1}`;
      const headers = { range, "accept-encoding": "identity", ...(version ? { "if-range": version } : {}) };
      const reply = await send({ address, headers }, stopped);
      const [, from, size] = /^bytes (\d+)-\d+\/(\d+)$/.exec(reply.headers.get("content-range") ?? "") ?? [];
      if (reply.status === 206 && Number(from) === start)
        return { reply, bytes: await bytesOf(reply), size: Number(size) };
      await reply.body?.cancel();
      const state = version
        ? "it has changed since it was opened"
        : `it answers ${reply.status} (download the file instead: readBytes, loadCatalog)`;
      throw new Error(`Cannot read ranges of ${address}: the server must answer them with 206: ${state}`);
    });
  const { reply, bytes: first, size: byteLength } = await ask(0, FIRST_BYTES);
  const tag = reply.headers.get("etag");
  // A weak tag may stand for other bytes
  const version = tag && !tag.startsWith("W/") ? tag : (reply.headers.get("last-modified") ?? undefined);
  return {
    byteLength,
    async readInto(out, start) {
      const end = start + out.length;
      if (end <= first.length) return out.set(first.subarray(start, end));
      const { bytes, size } = await ask(start, end, version);
      if (bytes.length !== out.length || size !== byteLength) {
        throw new Error(
          `Cannot read ranges of ${address}: bytes ${start} to ${end} of ${byteLength} must be answered whole: ${bytes.length} bytes of ${size} came`,
        );
      }
      out.set(bytes);
    },
  };
}
