import { closeSync, fstatSync, openSync, read, readSync } from "node:fs";
import { setImmediate as turnOfOthers } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { fileProblem } from "../disk/index.ts";
import type { ByteSource } from "../fits/index.ts";

/** A file on disk that is read in parts; nothing stays open between them. */
export interface LocalFile extends ByteSource {
  /** The bytes [start, end), or fewer where the file ends. */
  slice(start: number, end?: number): Promise<ArrayBuffer>;
}

/** Bytes read at a time. */
const PIECE_BYTES = 2 ** 21;
/** How long a piece from the page cache takes at most, and reading keeps others from their turn, in milliseconds. */
const TURN_MS = 10;

const readAway = promisify(read);

/**
 * A file to read parts of; it must stay the file it is now.
 *
 * What the page cache holds is copied on this thread, in half of the time that passing it to Node's other threads and back
 * takes. Those wait for the bytes of a file whose last piece took as long as a disk or a server does.
 *
 * @throws {Error} If there is none of that path.
 */
export async function localFile(source: string | URL): Promise<LocalFile> {
  const path = String(source).startsWith("file:") ? fileURLToPath(source) : String(source);
  const { size, mtimeMs } = await withFile(path, async (file) => fstatSync(file));
  let cached = true;
  let turnMs = performance.now();
  const readPiece = async (file: number, out: Uint8Array, done: number, at: number) => {
    if (performance.now() - turnMs > TURN_MS) {
      await turnOfOthers();
      turnMs = performance.now();
    }
    const length = Math.min(PIECE_BYTES, out.length - done);
    const begunMs = performance.now();
    const bytes = cached
      ? readSync(file, out, done, length, at)
      : (await readAway(file, out, done, length, at)).bytesRead;
    cached = performance.now() - begunMs < TURN_MS;
    return bytes;
  };
  const readInto = (out: Uint8Array, start: number) =>
    withFile(path, async (file) => {
      const now = fstatSync(file);
      if (now.size !== size || now.mtimeMs !== mtimeMs) {
        throw new Error(`Cannot read "${path}": it must be the file that was opened: it has changed since`);
      }
      for (let done = 0; done < out.length; ) {
        const at = start + done;
        const bytes = await readPiece(file, out, done, at);
        if (bytes === 0) throw new Error(`Cannot read "${path}": it must have more bytes: it ends at byte ${at}`);
        done += bytes;
      }
    });
  const slice = async (start: number, end = size) => {
    const out = new Uint8Array(Math.max(0, Math.min(end, size) - start));
    await readInto(out, start);
    return out.buffer;
  };
  return { byteLength: size, readInto, slice };
}

async function withFile<T>(path: string, use: (file: number) => Promise<T>): Promise<T> {
  try {
    const file = openSync(path, "r");
    try {
      return await use(file);
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === undefined) throw cause;
    throw new Error(`Cannot read "${path}": ${fileProblem(cause, path, "read")}`, { cause });
  }
}
