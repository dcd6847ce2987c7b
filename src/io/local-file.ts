import { open } from "node:fs/promises";

/** A file on disk that is read in parts. */
export interface LocalFile {
  readonly source: { readonly byteLength: number; slice(start: number, end?: number): Promise<ArrayBuffer> };
  close(): Promise<void>;
}

/** Opens a file to read parts of it; undefined where there is none of that path (such as a pattern with *). */
export async function localFile(path: string): Promise<LocalFile | undefined> {
  const handle = await open(path).catch(() => undefined);
  if (!handle) return undefined;
  const { size } = await handle.stat();
  const slice = async (start: number, end = size) => {
    const buffer = new ArrayBuffer(Math.max(0, Math.min(end, size) - start));
    await handle.read(new Uint8Array(buffer), 0, buffer.byteLength, start);
    return buffer;
  };
  return { source: { byteLength: size, slice }, close: () => handle.close() };
}
