import { gunzipSync } from "fflate";
import type { BinaryTable } from "./binary-table.ts";
import { allocate, type NumericArray } from "./decode.ts";
import { dequantize, type Quantization } from "./dither.ts";
import type { Header } from "./header.ts";
import { decodePlio } from "./plio.ts";
import { decodeRice } from "./rice.ts";
import { type Decoded, decodeBlock, toPhysical } from "./scale.ts";

type Code = "B" | "I" | "J" | "K" | "E" | "D";
const TYPES: Readonly<Record<number, Code>> = { 8: "B", 16: "I", 32: "J", 64: "K", [-32]: "E", [-64]: "D" };
const INTEGERS: Readonly<Record<number, Code>> = { 1: "B", 2: "I", 4: "J", 8: "K" };
const ALGORITHMS = ["GZIP_1", "GZIP_2", "RICE_1", "PLIO_1", "NOCOMPRESS"];

/** Pixels with their shape, slowest axis first. */
export interface Pixels extends Decoded {
  readonly shape: readonly number[];
}

/** Whether a table is an image compressed in tiles. */
export function isTileImage({ header }: BinaryTable): boolean {
  return header.get("ZIMAGE") === true;
}

/**
 * Decodes an image that is compressed in tiles: GZIP_1, GZIP_2, RICE_1 and PLIO_1, reals quantised with or without
 * dither. BSCALE, BZERO and blanks are applied as for other images.
 *
 * @throws {FitsError} If a tile is damaged, or the image is compressed otherwise (HCOMPRESS_1).
 * @see FITS Standard 4.0, section 10
 */
export function decodeTileImage(table: BinaryTable): Pixels {
  const { header } = table;
  const bitpix = header.integer("ZBITPIX");
  const type = TYPES[bitpix];
  if (!type) throw header.error("ZBITPIX", `must be 8, 16, 32, 64, -32 or -64: current value is ${bitpix}`);
  const algorithm = header.string("ZCMPTYPE").trim();
  if (!ALGORITHMS.includes(algorithm)) {
    throw header.error("ZCMPTYPE", `must be ${ALGORITHMS.join(", ")}: current value is "${algorithm}"`);
  }
  const extents = axesOf(header);
  const size = extents.reduce((product, extent) => product * extent, 1);
  const real = bitpix < 0;
  const image = allocate(type, extents.length === 0 ? 0 : size);
  const tiles = new TileReader(table, { algorithm, bitpix });
  let row = 0;
  for (const tile of tilesOf(extents, tileExtents(header, extents))) {
    place(
      image,
      extents,
      tile,
      tiles.read(
        row++,
        tile.extents.reduce((product, extent) => product * extent, 1),
      ),
    );
  }
  if (row !== table.numRows) {
    throw header.error("NAXIS2", `must be the number of tiles, ${row}: current value is ${table.numRows}`);
  }
  const blank = header.card("ZBLANK")?.text ?? header.card("BLANK")?.text ?? "";
  const scaling = {
    scale: header.number("BSCALE", 1),
    zero: header.number("BZERO", 0),
    ...(!real && /^[+-]?\d+$/.test(blank) ? { nullValue: BigInt(blank) } : {}),
  };
  return { ...toPhysical(image, type, scaling), shape: [...extents].reverse() };
}

/** ZNAXISn, fastest first. */
function axesOf(header: Header): number[] {
  const n = header.integer("ZNAXIS", { least: 0 });
  if (n > 999) throw header.error("ZNAXIS", `must be 0–999: current value is ${n}`);
  return Array.from({ length: n }, (_, i) => header.integer(`ZNAXIS${i + 1}`, { least: 0 }));
}

/** ZTILEn; rows of the image by default. */
function tileExtents(header: Header, extents: readonly number[]): number[] {
  return extents.map((extent, i) => header.integer(`ZTILE${i + 1}`, { fallback: i === 0 ? extent : 1, least: 1 }));
}

interface Tile {
  readonly origin: readonly number[];
  readonly extents: readonly number[];
}

/** The tiles in the order of the table's rows: along the fastest axis first; those at an edge are smaller. */
function* tilesOf(extents: readonly number[], steps: readonly number[]): Generator<Tile> {
  if (extents.length === 0 || extents.includes(0)) return;
  const origin = extents.map(() => 0);
  for (;;) {
    yield { origin: [...origin], extents: extents.map((extent, i) => Math.min(steps[i]!, extent - origin[i]!)) };
    let axis = 0;
    for (; axis < extents.length; axis++) {
      origin[axis]! += steps[axis]!;
      if (origin[axis]! < extents[axis]!) break;
      origin[axis] = 0;
    }
    if (axis === extents.length) return;
  }
}

/** Copies a tile to its place, run by run along the fastest axis. */
function place(image: NumericArray, extents: readonly number[], tile: Tile, pixels: NumericArray): void {
  const run = tile.extents[0]!;
  const index = tile.extents.map(() => 0);
  for (let from = 0; from < pixels.length; from += run) {
    let to = 0;
    for (let axis = extents.length - 1; axis >= 0; axis--) {
      to = to * extents[axis]! + tile.origin[axis]! + (axis === 0 ? 0 : index[axis]!);
    }
    image.set(pixels.subarray(from, from + run) as never, to);
    for (let axis = 1; axis < index.length; axis++) {
      if (++index[axis]! < tile.extents[axis]!) break;
      index[axis] = 0;
    }
  }
}

/** Takes tiles out of their columns. */
class TileReader {
  readonly #table: BinaryTable;
  readonly #algorithm: string;
  readonly #bitpix: number;

  constructor(table: BinaryTable, { algorithm, bitpix }: { algorithm: string; bitpix: number }) {
    this.#table = table;
    this.#algorithm = algorithm;
    this.#bitpix = bitpix;
  }

  /** The pixels of a tile, as the image's type. */
  read(row: number, count: number): NumericArray {
    const compressed = this.#cell("COMPRESSED_DATA", row);
    if (compressed && compressed.length > 0) return this.#decode(compressed, row, count);
    // Where a tile of reals could not be quantised, or compressing did not pay
    const gzipped = this.#cell("GZIP_COMPRESSED_DATA", row);
    if (gzipped && gzipped.length > 0) return this.#plain(this.#expand(gzipped, row), row, count);
    const plain = this.#cell("UNCOMPRESSED_DATA", row);
    if (plain && plain.length === count) return plain;
    throw this.#damaged(row, "it has no data");
  }

  #decode(cell: NumericArray, row: number, count: number): NumericArray {
    const quantized = this.#bitpix < 0 ? this.#quantization(row) : undefined;
    const integers = this.#integers(cell, row, count, quantized !== undefined);
    if (!quantized) return integers;
    return dequantize(Int32Array.from(integers as Int32Array), quantized);
  }

  #integers(cell: NumericArray, row: number, count: number, quantized: boolean): NumericArray {
    if (this.#algorithm === "RICE_1") {
      const options = { blockSize: this.#parameter("BLOCKSIZE", 32), bytesPerPixel: this.#parameter("BYTEPIX", 4) };
      return decodeRice(cell as Uint8Array, count, options) ?? this.#fail(row, "its bits end early");
    }
    if (this.#algorithm === "PLIO_1")
      return decodePlio(cell as Int16Array, count) ?? this.#fail(row, "its runs do not fill it");
    const bytes = this.#algorithm === "NOCOMPRESS" ? (cell as Uint8Array) : this.#expand(cell, row);
    const ordered = this.#algorithm === "GZIP_2" ? unshuffled(bytes, count) : bytes;
    return quantized || this.#bitpix > 0 ? this.#asIntegers(ordered, row, count) : this.#plain(ordered, row, count);
  }

  /** Bytes of integers, whose width is told by their number. */
  #asIntegers(bytes: Uint8Array, row: number, count: number): NumericArray {
    const type = INTEGERS[bytes.length / count];
    if (!type) throw this.#damaged(row, `${bytes.length} bytes are no ${count} pixels`);
    const values = decodeBlock(viewOf(bytes), 0, count, type);
    if (this.#bitpix !== 64 || type === "K") return values;
    return BigInt64Array.from(values as Int32Array, BigInt);
  }

  /** Bytes of pixels as the image has them. */
  #plain(bytes: Uint8Array, row: number, count: number): NumericArray {
    if (bytes.length !== (count * Math.abs(this.#bitpix)) / 8) {
      throw this.#damaged(row, `${bytes.length} bytes are no ${count} pixels`);
    }
    return decodeBlock(viewOf(bytes), 0, count, TYPES[this.#bitpix] as Code);
  }

  #expand(cell: NumericArray, row: number): Uint8Array {
    try {
      return gunzipSync(cell as Uint8Array);
    } catch {
      throw this.#damaged(row, "it is no gzip stream");
    }
  }

  /** ZSCALE, ZZERO and ZBLANK of a tile: columns, else keywords; none where reals were left as they are. */
  #quantization(row: number): Quantization | undefined {
    const { header } = this.#table;
    const number = (name: string): number | undefined => {
      if (this.#table.has(name)) return Number(this.#table.numbers(name)[row]);
      return header.has(name) ? header.number(name) : undefined;
    };
    const [scale, zero] = [number("ZSCALE"), number("ZZERO")];
    if (scale === undefined || zero === undefined) return undefined;
    const method = header.string("ZQUANTIZ", "NO_DITHER").trim();
    const dithered = method.startsWith("SUBTRACTIVE_DITHER_");
    return {
      scale,
      zero,
      blank: number("ZBLANK"),
      dither: dithered
        ? { tile: row, seed: header.integer("ZDITHER0", { fallback: 1 }), keepsZero: method.endsWith("2") }
        : undefined,
    };
  }

  /** ZVALn of the parameter that ZNAMEn names. */
  #parameter(name: string, fallback: number): number {
    const { header } = this.#table;
    for (let i = 1; header.has(`ZNAME${i}`); i++) {
      if (header.string(`ZNAME${i}`).trim() === name) return header.integer(`ZVAL${i}`, { least: 1 });
    }
    return fallback;
  }

  #cell(name: string, row: number): NumericArray | undefined {
    if (!this.#table.has(name)) return undefined;
    return (this.#table.column(name).data as NumericArray[])[row];
  }

  #fail(row: number, problem: string): never {
    throw this.#damaged(row, problem);
  }

  #damaged(row: number, problem: string): Error {
    return this.#table.header.error(
      "ZCMPTYPE",
      `tile ${row + 1} must hold its pixels (${this.#algorithm}): ${problem}`,
    );
  }
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Puts together pixels whose first bytes came all before their second ones. */
function unshuffled(bytes: Uint8Array, count: number): Uint8Array {
  const width = bytes.length / count;
  const out = new Uint8Array(bytes.length);
  for (let byte = 0; byte < width; byte++) {
    for (let i = 0; i < count; i++) out[i * width + byte] = bytes[byte * count + i] as number;
  }
  return out;
}
