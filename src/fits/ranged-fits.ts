import { DISPLAY } from "../host/index.ts";
import { type ByteSource, readRange } from "./byte-source.ts";
import { findHdu, noTable, requireHdu } from "./find-hdu.ts";
import { findHdus, type HduRange } from "./find-hdus.ts";
import { fitsDisplay } from "./fits-display.ts";
import { type Hdu, hduKind, hduName, makeHdu } from "./fits-file.ts";
import type { Header } from "./header.ts";
import { RangedTable } from "./ranged-table.ts";

/** An HDU of a file that is read in parts, with its header. */
export interface RangedHdu {
  readonly index: number;
  /** EXTNAME, "PRIMARY" for the primary HDU without one. */
  readonly name: string;
  readonly kind: Hdu["kind"];
  readonly header: Header;
}

/**
 * A FITS file of any size, of which only the headers were read. `table(name).read(…)` reads columns or rows of a table,
 * `load(name)` a whole HDU.
 */
export class RangedFits {
  readonly name: string;
  readonly hdus: readonly RangedHdu[];
  /** What was odd and read nonetheless, such as bytes after the last HDU. */
  readonly notes: readonly string[];
  readonly #source: ByteSource;
  readonly #ranges: readonly HduRange[];

  /** Use `readFitsRanges`. */
  constructor(name: string, source: ByteSource, layout: { hdus: readonly HduRange[]; notes: readonly string[] }) {
    this.name = name;
    this.notes = layout.notes;
    this.#source = source;
    this.#ranges = layout.hdus;
    this.hdus = layout.hdus.map(({ index, header }) => {
      return { index, name: hduName(header, index), kind: hduKind(header, index), header };
    });
  }

  /** True if there is an HDU of that EXTNAME. */
  has(name: string): boolean {
    return findHdu(this.hdus, name) !== undefined;
  }

  /** An HDU by index or EXTNAME (case does not count; the first of that name). */
  hdu(nameOrIndex: string | number): RangedHdu {
    return requireHdu(this.name, this.hdus, nameOrIndex);
  }

  /** A table HDU by index or EXTNAME. */
  table(nameOrIndex: string | number): RangedTable {
    const hdu = this.hdu(nameOrIndex);
    const { index, name, kind } = hdu;
    if (kind !== "bintable" && kind !== "table") throw noTable(hdu);
    return new RangedTable(this.name, this.#source, { ...(this.#ranges[index] as HduRange), name, kind });
  }

  /** All table HDUs, in file order. */
  get tables(): readonly RangedTable[] {
    return this.hdus
      .filter(({ kind }) => kind === "bintable" || kind === "table")
      .map(({ index }) => this.table(index));
  }

  [DISPLAY](): Record<string, string> {
    const tables = new Map(this.tables.map((table) => [table.index, table]));
    return fitsDisplay(
      this,
      this.hdus.map((hdu) => tables.get(hdu.index) ?? hdu),
    );
  }

  /** Reads the whole data unit of an HDU, as `readFits` would have it. */
  async load(nameOrIndex: string | number): Promise<Hdu> {
    const range = this.#ranges[this.hdu(nameOrIndex).index] as HduRange;
    const data = await readRange(this.#source, range.dataStart, range.dataStart + range.dataBytes);
    return makeHdu(this.name, range, data);
  }
}

/**
 * Reads the headers of a FITS file that is read in parts.
 *
 * @param options.name What errors call the file. Default "<bytes>".
 * @throws {FitsError} If it is no FITS file or ends too early.
 */
export async function readFitsRanges(source: ByteSource, options: { name?: string } = {}): Promise<RangedFits> {
  const name = options.name ?? "<bytes>";
  const search = findHdus(name, source.byteLength);
  let step = search.next();
  while (!step.done) step = search.next(await readRange(source, ...step.value));
  return new RangedFits(name, source, step.value);
}
