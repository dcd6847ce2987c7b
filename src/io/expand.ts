import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { expandLzw } from "./expand-lzw.ts";

const unzip = promisify(gunzip);

/** Compressions, how their files start and how they are expanded. */
const FORMS = [
  { name: "gzip", magic: [0x1f, 0x8b], run: (bytes: Uint8Array) => unzip(bytes) },
  {
    name: "bzip2",
    magic: [0x42, 0x5a, 0x68],
    run: async (bytes: Uint8Array) => (await import("./expand-bzip2.ts")).expandBzip2(bytes),
  },
  { name: "compress (.Z)", magic: [0x1f, 0x9d], run: expandLzw },
] as const;

/**
 * Expands gzip, bzip2 and compress (.Z), recognised by their first bytes; other bytes come back as they are.
 *
 * @throws {Error} If compressed data are damaged or end too early, naming `source`.
 */
export async function expand(raw: Uint8Array, source: string): Promise<Uint8Array> {
  const form = FORMS.find(({ magic }) => magic.every((byte, i) => raw[i] === byte));
  if (!form) return raw;
  try {
    return plain(await form.run(raw));
  } catch (cause) {
    throw new Error(
      `Cannot read "${source}": its ${form.name} data must be whole: ${(cause as Error).message} after ${raw.length} compressed bytes (truncated or damaged)`,
      { cause },
    );
  }
}

/** The bytes without Node's Buffer, whose slice() shares memory where a Uint8Array's copies. */
export function plain(buffer: Uint8Array): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
