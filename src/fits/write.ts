import { type CardSpec, formatCard } from "./write-card.ts";
import { encodeChecksum, sumWords } from "./write-checksum.ts";
import { type ColumnArray, type ColumnSpec, type EncodedColumn, encodeColumn } from "./write-column.ts";

/** An image to write. */
export interface ImageSpec {
  /** Pixels, row-major in `shape`; unsigned words and signed bytes are written with the standard's BZERO. */
  readonly data: ColumnArray;
  /** Extents, slowest first; NAXISn are the reverse. */
  readonly shape: readonly number[];
  /** BLANK, the stored integer that stands for a missing pixel. Only for integers. */
  readonly nullValue?: number | bigint;
}

/** One header-data unit to write: a binary table if it has columns, an image if it has one, else a header alone. */
export interface HduSpec {
  /** EXTNAME. Left out of the primary header if empty. */
  readonly name: string;
  /** Further cards, in order, after those that describe the data. */
  readonly header?: readonly CardSpec[];
  readonly columns?: readonly ColumnSpec[];
  /** Instead of columns. */
  readonly image?: ImageSpec;
}

const BLOCK = 2880;
const RESERVED =
  /^(SIMPLE|XTENSION|BITPIX|NAXIS\d*|EXTEND|PCOUNT|GCOUNT|TFIELDS|BSCALE|BZERO|BLANK|T(TYPE|FORM|UNIT|NULL|ZERO|SCAL)\d+)$/;

/**
 * A FITS file of headers, binary tables and images.
 *
 * The first HDU must be the primary one if it has no columns; where it has some, an empty primary HDU goes before it.
 * The same input gives the same bytes: nothing in them depends on the day or the machine.
 *
 * @param hdus What to write, in order.
 * @param options.checksum Adds DATASUM and CHECKSUM to every HDU. Default false.
 * @returns The file, a multiple of 2880 bytes.
 * @throws {RangeError} If columns of one table differ in length, an image is not as large as its shape, or a card describes what the data already say.
 * @see FITS standard 4.0, sections 3, 4 and 7.3.
 * @example A table of two columns
 * ```ts
 * const bytes = writeFits([{ name: "EVENTS", columns: [
 *   { name: "time", unit: "s", data: new Float64Array([0.5, 1.5]) },
 *   { name: "energy", unit: "eV", data: new Float32Array([812, 6400]) },
 * ] }]);
 * bytes.length % 2880; // 0
 * ```
 */
export function writeFits(
  hdus: readonly HduSpec[],
  options: { readonly checksum?: boolean } = {},
): Uint8Array<ArrayBuffer> {
  const all = hdus[0] === undefined || hdus[0].columns ? [{ name: "" }, ...hdus] : hdus;
  return concatenate(all.flatMap((hdu, index) => encodeHdu(hdu, index === 0, options.checksum ?? false)));
}

function encodeHdu(hdu: HduSpec, isPrimary: boolean, checksum: boolean): Uint8Array<ArrayBuffer>[] {
  for (const [key] of hdu.header ?? []) {
    if (RESERVED.test(key)) {
      throw new RangeError(
        `Cannot write HDU "${hdu.name}": ${key} must be left to the writer, which takes it from the data`,
      );
    }
  }
  const { own, data } = hdu.image ? encodeImage(hdu, hdu.image, isPrimary) : encodeTable(hdu, isPrimary);
  const cards = [...own, ...(hdu.header ?? [])];
  if (!checksum) return [encodeHeader(cards), data];
  const dataSum = sumWords(data);
  const summed: CardSpec[] = [...cards, ["DATASUM", String(dataSum), "data unit checksum"]];
  const zeroed = encodeHeader([...summed, ["CHECKSUM", "0".repeat(16), "HDU checksum"]]);
  const sum = encodeChecksum(sumWords(zeroed, dataSum));
  return [encodeHeader([...summed, ["CHECKSUM", sum, "HDU checksum"]]), data];
}

/** The data unit, and the cards that describe it. */
interface EncodedData {
  readonly own: readonly CardSpec[];
  readonly data: Uint8Array<ArrayBuffer>;
}

function encodeTable(hdu: HduSpec, isPrimary: boolean): EncodedData {
  const columns = (hdu.columns ?? []).map(encodeColumn);
  const numRows = checkRows(hdu, columns);
  const rowBytes = columns.reduce((sum, column) => sum + column.bytesPerRow, 0);
  const heapBytes = columns.reduce((sum, column) => sum + column.heapBytes, 0);
  if (heapBytes > 2 ** 31 - 1) {
    throw new RangeError(
      `Cannot write HDU "${hdu.name}": variable-length arrays must take at most ${2 ** 31 - 1} bytes: they take ${heapBytes}`,
    );
  }
  const data = new Uint8Array(padded(rowBytes * numRows + heapBytes));
  const view = new DataView(data.buffer);
  let [offset, from] = [0, 0];
  for (const column of columns) {
    column.writeInto(view, offset, rowBytes, { start: rowBytes * numRows, from });
    offset += column.bytesPerRow;
    from += column.heapBytes;
  }
  const size = { rowBytes, numRows, heapBytes, numColumns: columns.length };
  const own = [
    ...(isPrimary ? primaryCards() : tableCards(size)),
    ...nameCards(hdu),
    ...(hdu.columns ?? []).flatMap((column, i) => columnCards(column, columns[i]!, i + 1)),
  ];
  return { own, data };
}

const BITPIX: Readonly<Record<string, number>> = { B: 8, I: 16, J: 32, K: 64, E: -32, D: -64 };

function encodeImage(hdu: HduSpec, image: ImageSpec, isPrimary: boolean): EncodedData {
  const { data: pixels, shape, nullValue } = image;
  const n = shape.length === 0 ? 0 : shape.reduce((product, extent) => product * extent, 1);
  if (hdu.columns || n !== pixels.length) {
    throw new RangeError(
      `Cannot write HDU "${hdu.name}": an image must have no columns, and ${n} pixels for its shape (${shape.join(", ")}): it has ${pixels.length}`,
    );
  }
  const { form, zero, bytesPerRow, writeInto } = encodeColumn({ name: hdu.name, data: pixels });
  const letter = form.at(-1)!;
  if (nullValue !== undefined && "ED".includes(letter)) {
    throw new TypeError(`Cannot write HDU "${hdu.name}": nullValue (BLANK) must be left out of an image of reals`);
  }
  const data = new Uint8Array(padded(bytesPerRow * n));
  writeInto(new DataView(data.buffer), 0, bytesPerRow, { start: 0, from: 0 });
  const own: CardSpec[] = [
    isPrimary ? ["SIMPLE", true, "conforms to the FITS standard"] : ["XTENSION", "IMAGE", "image"],
    ["BITPIX", BITPIX[letter]!],
    ["NAXIS", shape.length],
    ...shape.toReversed().map((extent, i): CardSpec => [`NAXIS${i + 1}`, extent]),
    ...(isPrimary ? [["EXTEND", true] as CardSpec] : [["PCOUNT", 0] as CardSpec, ["GCOUNT", 1] as CardSpec]),
    ...nameCards(hdu),
    ...(zero === undefined
      ? []
      : [["BSCALE", 1] as CardSpec, ["BZERO", zero, "offset of the stored integers"] as CardSpec]),
    ...(nullValue === undefined ? [] : [["BLANK", nullValue, "stands for a missing pixel"] as CardSpec]),
  ];
  return { own, data };
}

function nameCards({ name }: HduSpec): CardSpec[] {
  return name ? [["EXTNAME", name]] : [];
}

function checkRows(hdu: HduSpec, columns: readonly EncodedColumn[]): number {
  const numRows = columns[0]?.numRows ?? 0;
  columns.forEach((column, i) => {
    if (column.numRows !== numRows) {
      const [first, other] = [hdu.columns![0]!.name, hdu.columns![i]!.name];
      throw new RangeError(
        `Cannot write HDU "${hdu.name}": column "${other}" must have ${numRows} rows, as "${first}": current number is ${column.numRows}`,
      );
    }
  });
  return numRows;
}

function primaryCards(): CardSpec[] {
  return [
    ["SIMPLE", true, "conforms to the FITS standard"],
    ["BITPIX", 8],
    ["NAXIS", 0, "no data here"],
    ["EXTEND", true, "extensions may follow"],
  ];
}

function tableCards(size: { rowBytes: number; numRows: number; heapBytes: number; numColumns: number }): CardSpec[] {
  const { rowBytes, numRows, heapBytes, numColumns } = size;
  return [
    ["XTENSION", "BINTABLE", "binary table"],
    ["BITPIX", 8],
    ["NAXIS", 2],
    ["NAXIS1", rowBytes, "bytes per row"],
    ["NAXIS2", numRows, "rows"],
    ["PCOUNT", heapBytes],
    ["GCOUNT", 1],
    ["TFIELDS", numColumns, "columns"],
  ];
}

function columnCards(column: ColumnSpec, encoded: EncodedColumn, number: number): CardSpec[] {
  const cards: CardSpec[] = [
    column.comment ? [`TTYPE${number}`, column.name, column.comment] : [`TTYPE${number}`, column.name],
    [`TFORM${number}`, encoded.form],
  ];
  if (column.unit) cards.push([`TUNIT${number}`, column.unit]);
  if (encoded.zero !== undefined) {
    cards.push([`TSCAL${number}`, 1], [`TZERO${number}`, encoded.zero, "offset of the stored integers"]);
  }
  if (column.nullValue !== undefined) cards.push([`TNULL${number}`, column.nullValue, "stands for a missing value"]);
  return cards;
}

function encodeHeader(cards: readonly CardSpec[]): Uint8Array<ArrayBuffer> {
  const text = `${cards.map(formatCard).join("")}${"END".padEnd(80)}`;
  const bytes = new Uint8Array(padded(text.length)).fill(0x20);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

function padded(length: number): number {
  return Math.ceil(length / BLOCK) * BLOCK;
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
