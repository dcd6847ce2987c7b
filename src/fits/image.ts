import type { Header } from "./header.ts";
import { axes, bitpix, type HduPlace } from "./layout.ts";
import { decodeGroups, hasGroups, type RandomGroups } from "./random-groups.ts";
import { decodeBlock, type Scaling, toPhysical } from "./scale.ts";
import type { TypeCode } from "./tform.ts";
import type { Pixels } from "./tile-image.ts";

const TYPES: Readonly<Record<number, Exclude<TypeCode, "A">>> = {
  8: "B",
  16: "I",
  32: "J",
  64: "K",
  [-32]: "E",
  [-64]: "D",
};

/** A primary HDU or IMAGE extension (with no data, or of a kind whose data are not interpreted). */
export class ImageHdu {
  readonly kind: "primary" | "image";
  readonly index: number;
  readonly name: string;
  readonly header: Header;
  /** Extents, slowest first (the reverse of NAXISn); empty without data. */
  readonly shape: readonly number[];
  /** The data unit as stored, big-endian. */
  readonly bytes: Uint8Array;
  readonly #place: HduPlace;

  constructor(kind: "primary" | "image", header: Header, place: HduPlace) {
    this.kind = kind;
    this.index = place.hdu;
    this.name = place.hduName;
    this.header = header;
    this.bytes = place.bytes;
    this.shape = axes(header).reverse();
    this.#place = place;
  }

  /**
   * Decodes the pixels, row-major in `shape`; BSCALE, BZERO and BLANK applied as for table columns.
   *
   * @throws {FitsError} If the data are shorter than the header says, or random groups.
   */
  pixels(): Pixels {
    if (hasGroups(this.header)) {
      throw this.header.error(
        "GROUPS",
        "must be F to read the data as one image: they are random groups, see groups()",
      );
    }
    const type = TYPES[bitpix(this.header)] as Exclude<TypeCode, "A">;
    const n = this.shape.length === 0 ? 0 : this.shape.reduce((product, extent) => product * extent, 1);
    if ((n * Math.abs(bitpix(this.header))) / 8 > this.bytes.length) {
      throw this.header.error("NAXIS", `promises ${n} pixels: the data hold ${this.bytes.length} bytes`);
    }
    return { ...toPhysical(decodeBlock(this.#place.view, 0, n, type), type, this.#scaling()), shape: this.shape };
  }

  /**
   * Decodes random groups (radio visibilities): their parameters, and their arrays as one.
   *
   * @throws {FitsError} If the HDU has none.
   */
  groups(): RandomGroups {
    if (!hasGroups(this.header)) {
      throw this.header.error("GROUPS", "must be T and NAXIS1 0 to read random groups: this HDU has none");
    }
    const type = TYPES[bitpix(this.header)] as Exclude<TypeCode, "A">;
    return decodeGroups(this.header, this.#place.view, type, this.#scaling());
  }

  #scaling(): Scaling {
    const text = this.header.card("BLANK")?.text ?? "";
    return {
      scale: this.header.number("BSCALE", 1),
      zero: this.header.number("BZERO", 0),
      ...(/^[+-]?\d+$/.test(text) ? { nullValue: BigInt(text) } : {}),
    };
  }
}
