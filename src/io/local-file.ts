import { type FileHandle, open } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { fileProblem } from "../disk/index.ts";
import type { ByteSource } from "../fits/index.ts";

/** A file on disk that is read in parts; nothing stays open between them. */
export interface LocalFile extends ByteSource {
  /** The bytes [start, end), or fewer where the file ends. */
  slice(start: number, end?: number): Promise<ArrayBuffer>;
}

/**
 * A file to read parts of; it must stay the file it is now.
 *
 * @throws {Error} If there is none of that path.
 */
export async function localFile(source: string | URL): Promise<LocalFile> {
  const path = String(source).startsWith("file:") ? fileURLToPath(source) : String(source);
  const { size, mtimeMs } = await withFile(path, (file) => file.stat());
  const readInto = (out: Uint8Array, start: number) =>
    withFile(path, async (file) => {
      const now = await file.stat();
      if (now.size !== size || now.mtimeMs !== mtimeMs) {
        throw new Error(`Cannot read "${path}": it must be the file that was opened: it has changed since`);
      }
      await fill(out, { file, start, path });
    });
  const slice = async (start: number, end = size) => {
    const out = new Uint8Array(Math.max(0, Math.min(end, size) - start));
    await readInto(out, start);
    return out.buffer;
  };
  return { byteLength: size, readInto, slice };
}

async function withFile<T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  try {
    const file = await open(path);
    return await use(file).finally(() => file.close());
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === undefined) throw cause;
    throw new Error(`Cannot read "${path}": ${fileProblem(cause, path, "read")}`, { cause });
  }
}

async function fill(out: Uint8Array, from: { file: FileHandle; start: number; path: string }): Promise<void> {
  for (let done = 0; done < out.length; ) {
    const at = from.start + done;
    const { bytesRead } = await from.file.read(out, done, out.length - done, at);
    if (bytesRead === 0) throw new Error(`Cannot read "${from.path}": it must have more bytes: it ends at byte ${at}`);
    done += bytesRead;
  }
}
