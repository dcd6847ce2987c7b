import { AsciiTable } from "./ascii-table.ts";
import { BinaryTable } from "./binary-table.ts";
import { FitsError } from "./error.ts";
import { type Header, parseHeader } from "./header.ts";
import { ImageHdu } from "./image.ts";
import { dataBytes } from "./layout.ts";

/** Any header-data unit. */
export type Hdu = ImageHdu | BinaryTable | AsciiTable;

/** A FITS file in memory: headers parsed, data decoded on demand. */
export class FitsFile {
  readonly name: string;
  readonly hdus: readonly Hdu[];
  /** What was odd and read nonetheless, such as bytes after the last HDU. */
  readonly notes: readonly string[];

  constructor(name: string, hdus: readonly Hdu[], notes: readonly string[] = []) {
    this.name = name;
    this.hdus = hdus;
    this.notes = notes;
  }

  /** True if there is an HDU of that EXTNAME. */
  has(name: string): boolean {
    return this.#find(name) !== undefined;
  }

  /** An HDU by index or EXTNAME (case does not count; the first of that name). */
  hdu(nameOrIndex: string | number): Hdu {
    const found = this.#find(nameOrIndex);
    if (found) return found;
    const known = this.hdus.map((hdu) => `${hdu.index} "${hdu.name}"`).join(", ");
    throw new FitsError({ file: this.name }, `the file has no HDU ${JSON.stringify(nameOrIndex)}: it has ${known}`);
  }

  /** A table HDU by index or EXTNAME. */
  table(nameOrIndex: string | number): BinaryTable | AsciiTable {
    const hdu = this.hdu(nameOrIndex);
    if (hdu.kind === "bintable" || hdu.kind === "table") return hdu;
    throw hdu.header.error(
      "XTENSION",
      `must be "BINTABLE" or "TABLE" to read rows from this HDU: it is of kind "${hdu.kind}"`,
    );
  }

  /** All table HDUs, in file order. */
  get tables(): readonly (BinaryTable | AsciiTable)[] {
    return this.hdus.filter((hdu) => hdu.kind === "bintable" || hdu.kind === "table");
  }

  #find(nameOrIndex: string | number): Hdu | undefined {
    if (typeof nameOrIndex === "number") return this.hdus[nameOrIndex];
    const name = nameOrIndex.trim().toUpperCase();
    return this.hdus.find((hdu) => hdu.name.toUpperCase() === name);
  }
}

/**
 * Reads a FITS file that is in memory.
 *
 * Headers are parsed at once; columns and pixels when they are asked for. Compressed files (.gz, .bz2, .Z) must be
 * expanded first. Missing padding after the last HDU is accepted, missing data are not.
 *
 * @param bytes The whole file. It is kept and must not change.
 * @param options.name What errors call the file. Default "<bytes>".
 * @throws {FitsError} If the bytes are no FITS file or end too early.
 */
export function readFits(bytes: Uint8Array, options: { name?: string } = {}): FitsFile {
  const file = options.name ?? "<bytes>";
  checkSignature(bytes, file);
  const hdus: Hdu[] = [];
  const notes: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (hdus.length > 0 && !startsWith(bytes, at, "XTENSION")) {
      notes.push(`${bytes.length - at} bytes after HDU ${hdus.length - 1} are not an extension and were not read`);
      break;
    }
    const { hdu, end } = readHdu(bytes, at, file, hdus.length);
    hdus.push(hdu);
    if (hdu.header.get("ZIMAGE") === true) {
      notes.push(
        `HDU ${hdu.index} is an image compressed in tiles, of which only the table of compressed tiles was read`,
      );
    }
    at = end;
  }
  return new FitsFile(file, hdus, notes);
}

function checkSignature(bytes: Uint8Array, file: string): void {
  if (startsWith(bytes, 0, "SIMPLE  =")) return;
  const compressed =
    bytes[0] === 0x1f && bytes[1] === 0x8b
      ? "gzip"
      : bytes[0] === 0x1f && bytes[1] === 0x9d
        ? "compress (.Z)"
        : startsWith(bytes, 0, "BZh")
          ? "bzip2"
          : undefined;
  const found = compressed
    ? `they are compressed with ${compressed} and must be expanded first`
    : `they start with ${JSON.stringify(String.fromCharCode(...bytes.subarray(0, 9)))}`;
  throw new FitsError(
    { file, hdu: 0, keyword: "SIMPLE" },
    `the bytes must start with "SIMPLE  =": ${bytes.length === 0 ? "the file is empty" : found}`,
  );
}

function readHdu(bytes: Uint8Array, at: number, file: string, hdu: number): { hdu: Hdu; end: number } {
  const { header, end: dataStart } = parseHeader(bytes, at, { file, hdu });
  const size = dataBytes(header);
  if (dataStart + size > bytes.length) {
    throw header.error(
      "NAXIS",
      `promises ${size} bytes of data from byte ${dataStart}: the file ends at byte ${bytes.length} (truncated)`,
    );
  }
  const data = bytes.subarray(dataStart, dataStart + size);
  const place = {
    file,
    hdu,
    hduName: hduName(header, hdu),
    bytes: data,
    view: new DataView(data.buffer, data.byteOffset, data.byteLength),
  };
  return { hdu: makeHdu(header, place, hdu), end: dataStart + Math.ceil(size / 2880) * 2880 };
}

function makeHdu(header: Header, place: ConstructorParameters<typeof BinaryTable>[1], index: number): Hdu {
  if (index === 0) return new ImageHdu("primary", header, place);
  const type = header.string("XTENSION").trim();
  if (type === "BINTABLE" || type === "A3DTABLE") return new BinaryTable(header, place);
  if (type === "TABLE") return new AsciiTable(header, place);
  return new ImageHdu("image", header, place);
}

/** EXTNAME, "PRIMARY" for the primary HDU without one. */
export function hduName(header: Header, index: number): string {
  const name = header.get("EXTNAME");
  return typeof name === "string" && name !== "" ? name.trim() : index === 0 ? "PRIMARY" : "";
}

function startsWith(bytes: Uint8Array, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}
