import { DISPLAY } from "../host/index.ts";
import { AsciiTable } from "./ascii-table.ts";
import { BinaryTable } from "./binary-table.ts";
import { findHdu, noTable, requireHdu } from "./find-hdu.ts";
import { findHdus, type HduRange } from "./find-hdus.ts";
import { fitsDisplay } from "./fits-display.ts";
import type { Header } from "./header.ts";
import { ImageHdu } from "./image.ts";
import { decodeTileImage, isTileImage, type Pixels } from "./tile-image.ts";

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
    return findHdu(this.hdus, name) !== undefined;
  }

  /** An HDU by index or EXTNAME (case does not count; the first of that name). */
  hdu(nameOrIndex: string | number): Hdu {
    return requireHdu(this.name, this.hdus, nameOrIndex);
  }

  /** A table HDU by index or EXTNAME. */
  table(nameOrIndex: string | number): BinaryTable | AsciiTable {
    const hdu = this.hdu(nameOrIndex);
    if (hdu.kind === "bintable" || hdu.kind === "table") return hdu;
    throw noTable(hdu);
  }

  /**
   * The pixels of an image by index or EXTNAME, also of one compressed in tiles.
   *
   * @throws {FitsError} If the HDU is another table, or its pixels cannot be decoded.
   */
  image(nameOrIndex: string | number): Pixels {
    const hdu = this.hdu(nameOrIndex);
    if (hdu.kind === "primary" || hdu.kind === "image") return hdu.pixels();
    if (hdu.kind === "bintable" && isTileImage(hdu)) return decodeTileImage(hdu);
    throw hdu.header.error("XTENSION", `must be "IMAGE" to read pixels from this HDU: it is a table`);
  }

  /** All table HDUs, in file order. */
  get tables(): readonly (BinaryTable | AsciiTable)[] {
    return this.hdus.filter((hdu) => hdu.kind === "bintable" || hdu.kind === "table");
  }

  [DISPLAY](): Record<string, string> {
    return fitsDisplay(this, this.hdus);
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
  const search = findHdus(file, bytes.length);
  let step = search.next();
  while (!step.done) step = search.next(bytes.subarray(...step.value));
  const { hdus, notes } = step.value;
  const made = hdus.map((range) =>
    makeHdu(file, range, bytes.subarray(range.dataStart, range.dataStart + range.dataBytes)),
  );
  return new FitsFile(file, made, [...notes, ...compressionNotes(hdus)]);
}

function compressionNotes(hdus: readonly HduRange[]): string[] {
  return hdus
    .filter(({ header }) => header.get("ZIMAGE") === true)
    .map(
      ({ index }) =>
        `HDU ${index} is an image compressed in tiles, which image(${index}) decodes; as a table it has the tiles`,
    );
}

/** An HDU with its data unit in memory. */
export function makeHdu(file: string, { header, index }: HduRange, data: Uint8Array): Hdu {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const place = { file, hdu: index, hduName: hduName(header, index), bytes: data, view };
  const kind = hduKind(header, index);
  if (kind === "bintable") return new BinaryTable(header, place);
  if (kind === "table") return new AsciiTable(header, place);
  return new ImageHdu(kind, header, place);
}

/** What an HDU is, by its first card. */
export function hduKind(header: Header, index: number): Hdu["kind"] {
  if (index === 0) return "primary";
  const type = header.string("XTENSION").trim();
  if (type === "BINTABLE" || type === "A3DTABLE") return "bintable";
  return type === "TABLE" ? "table" : "image";
}

/** EXTNAME, "PRIMARY" for the primary HDU without one. */
export function hduName(header: Header, index: number): string {
  const name = header.get("EXTNAME");
  return typeof name === "string" && name !== "" ? name.trim() : index === 0 ? "PRIMARY" : "";
}
