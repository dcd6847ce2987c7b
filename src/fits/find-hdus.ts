import { FitsError } from "./error.ts";
import { type Header, hasEnd, parseHeader } from "./header.ts";
import { dataBytes } from "./layout.ts";

/** Where an HDU lies in its file. */
export interface HduRange {
  readonly index: number;
  readonly header: Header;
  /** Byte at which the data unit starts. */
  readonly dataStart: number;
  /** Bytes of the data unit, without padding. */
  readonly dataBytes: number;
}

/** The HDUs of a file, and what was odd. */
export interface FileLayout {
  readonly hdus: readonly HduRange[];
  readonly notes: readonly string[];
}

/** Bytes asked for at a header's start: ten blocks hold that of most tables. */
const HEADER_BYTES = 28_800;

/**
 * Finds the HDUs of a file from its headers. It yields the ranges of bytes that it needs and is sent them, so it serves
 * files in memory, on disk and on the web alike. Missing padding after the last HDU is accepted, missing data are not.
 *
 * @throws {FitsError} If the bytes are no FITS file or end too early.
 */
export function* findHdus(
  file: string,
  byteLength: number,
): Generator<readonly [start: number, end: number], FileLayout, Uint8Array> {
  const hdus: HduRange[] = [];
  const notes: string[] = [];
  for (let at = 0; at < byteLength || hdus.length === 0; ) {
    const bytes = yield* headerBytes(at, byteLength);
    const index = hdus.length;
    if (index === 0) checkSignature(bytes, file);
    else if (!startsWith(bytes, "XTENSION")) {
      notes.push(`${byteLength - at} bytes after HDU ${index - 1} are not an extension and were not read`);
      break;
    }
    const { header: own, end } = parseHeader(bytes, 0, { file, hdu: index }, at);
    const header = own.within(hdus[0]?.header);
    const dataStart = at + end;
    const size = dataBytes(header);
    if (dataStart + size > byteLength) {
      throw header.error(
        "NAXIS",
        `promises ${size} bytes of data from byte ${dataStart}: the file ends at byte ${byteLength} (truncated)`,
      );
    }
    hdus.push({ index, header, dataStart, dataBytes: size });
    at = dataStart + Math.ceil(size / 2880) * 2880;
  }
  return { hdus, notes };
}

/** Bytes from `at` on that hold a whole header, or all that are left. */
function* headerBytes(at: number, byteLength: number): Generator<readonly [number, number], Uint8Array, Uint8Array> {
  for (let size = HEADER_BYTES; ; size *= 8) {
    const end = Math.min(at + size, byteLength);
    const bytes = yield [at, end];
    if (end === byteLength || !startsWith(bytes, at === 0 ? "SIMPLE" : "XTENSION") || hasEnd(bytes)) return bytes;
  }
}

const COMPRESSED = [
  { name: "gzip", magic: "\x1f\x8b" },
  { name: "compress (.Z)", magic: "\x1f\x9d" },
  { name: "bzip2", magic: "BZh" },
];

function checkSignature(bytes: Uint8Array, file: string): void {
  if (startsWith(bytes, "SIMPLE  =")) return;
  const compressed = COMPRESSED.find(({ magic }) => startsWith(bytes, magic))?.name;
  const found = compressed
    ? `they are compressed with ${compressed} and must be expanded first`
    : `they start with ${JSON.stringify(String.fromCharCode(...bytes.subarray(0, 9)))}`;
  throw new FitsError(
    { file, hdu: 0, keyword: "SIMPLE" },
    `the bytes must start with "SIMPLE  =": ${bytes.length === 0 ? "the file is empty" : found}`,
  );
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[i] !== text.charCodeAt(i)) return false;
  return true;
}
