import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { open, rename } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { createGunzip } from "node:zlib";

const BLOCK = 512;
const GZIP = [0x1f, 0x8b];

/**
 * Unpacks the files of a tar archive (plain or gzipped) into a folder, one after the other, whatever their size.
 *
 * Folders of the archive are left out: each file goes by its own name, so none can be written elsewhere. A file has its
 * name when it is whole.
 *
 * @returns The paths of the files, in their order.
 * @throws {Error} If the archive ends early, is none, or holds two files of one name.
 */
export async function untar(path: string, folder: string): Promise<string[]> {
  const blocks = new BlockReader(
    path,
    (await isGzipped(path)) ? createReadStream(path).pipe(createGunzip()) : createReadStream(path),
  );
  const written: string[] = [];
  let longName: string | undefined;
  for (;;) {
    const header = await blocks.take(BLOCK, "an end of the archive");
    if (header.every((byte) => byte === 0)) return written;
    const entry = readHeader(header, path);
    if (entry.type === "L" || entry.type === "x") {
      const text = (await blocks.take(entry.bytes, "a name")).toString("utf8");
      await blocks.skip(padding(entry.bytes));
      // GNU: the name alone; POSIX: records "length path=name\n"
      longName = entry.type === "L" ? text.replace(/\0.*$/s, "") : (/^\d+ path=(.*)$/m.exec(text)?.[1] ?? longName);
      continue;
    }
    const name = basename(longName ?? entry.name);
    longName = undefined;
    if (entry.type !== "0" || name === "") {
      await blocks.skip(entry.bytes + padding(entry.bytes));
      continue;
    }
    const target = join(folder, name);
    if (written.includes(target))
      throw new Error(`Cannot unpack "${path}": names must be different: "${name}" occurs again`);
    const out = createWriteStream(`${target}.part`);
    await blocks.copy(entry.bytes, name, (chunk) => out.write(chunk) || once(out, "drain"));
    out.end();
    await finished(out);
    await rename(`${target}.part`, target);
    await blocks.skip(padding(entry.bytes));
    written.push(target);
  }
}

const padding = (bytes: number) => (BLOCK - (bytes % BLOCK)) % BLOCK;

async function isGzipped(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return GZIP.every((byte, i) => buffer[i] === byte);
  } finally {
    await file.close();
  }
}

/** Name, size and type of an entry; a type of "" is an old file. */
function readHeader(header: Buffer, path: string): { name: string; bytes: number; type: string } {
  const text = (start: number, length: number) =>
    header.toString("latin1", start, start + length).replace(/\0.*$/s, "");
  const sum = header.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 32 : byte), 0);
  if (sum !== Number.parseInt(text(148, 8), 8)) {
    throw new Error(`Cannot unpack "${path}": it must be a tar archive: the checksum of a header is wrong`);
  }
  const prefix = text(257, 5) === "ustar" ? text(345, 155) : "";
  const type = text(156, 1);
  // Sizes beyond 8 GB are binary
  const bytes = (header[124] ?? 0) & 0x80 ? Number(header.readBigUInt64BE(128)) : Number.parseInt(text(124, 12), 8);
  return { name: prefix === "" ? text(0, 100) : `${prefix}/${text(0, 100)}`, bytes, type: type === "" ? "0" : type };
}

/** Takes exact numbers of bytes out of a stream. */
class BlockReader {
  readonly #path: string;
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(path: string, stream: Readable) {
    this.#path = path;
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /** Passes on the next bytes piece by piece. */
  async copy(bytes: number, what: string, put: (piece: Buffer) => unknown): Promise<void> {
    for (let left = bytes; left > 0; ) {
      if (this.#rest.length === 0) {
        const { value, done } = await this.#chunks.next();
        if (done)
          throw new Error(`Cannot unpack "${this.#path}": it must have ${left} more bytes of ${what}: it ends early`);
        this.#rest = value;
      }
      const piece = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(piece.length);
      left -= piece.length;
      await put(piece);
    }
  }

  async take(bytes: number, what: string): Promise<Buffer> {
    const pieces: Buffer[] = [];
    await this.copy(bytes, what, (piece) => pieces.push(piece));
    return Buffer.concat(pieces);
  }

  skip(bytes: number): Promise<void> {
    return this.copy(bytes, "an entry", () => undefined);
  }
}
