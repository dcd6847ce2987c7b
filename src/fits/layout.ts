import type { Header } from "./header.ts";

/** The data unit of an HDU and how errors call it. */
export interface HduPlace {
  readonly file: string;
  readonly hdu: number;
  readonly hduName: string;
  /** The data unit, without padding. */
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

const BITPIX = [8, 16, 32, 64, -32, -64];

/** NAXISn, fastest axis first, as the header has them. */
export function axes(header: Header): number[] {
  const n = header.integer("NAXIS", { least: 0 });
  if (n > 999) throw header.error("NAXIS", `must be 0–999: current value is ${n}`);
  return Array.from({ length: n }, (_, i) => header.integer(`NAXIS${i + 1}`, { least: 0 }));
}

/** BITPIX, checked. */
export function bitpix(header: Header): number {
  const value = header.integer("BITPIX");
  if (!BITPIX.includes(value))
    throw header.error("BITPIX", `must be one of ${BITPIX.join(", ")}: current value is ${value}`);
  return value;
}

/**
 * Bytes of the data unit without padding.
 *
 * @see FITS standard 4.0, equations 1, 2 (groups) and 4
 */
export function dataBytes(header: Header): number {
  const extents = axes(header);
  const elementBytes = Math.abs(bitpix(header)) / 8;
  if (extents.length === 0) return 0;
  const groups = extents[0] === 0 && header.get("GROUPS") === true;
  const counted = groups ? extents.slice(1) : extents;
  const product = counted.reduce((size, extent) => size * extent, 1);
  const perGroup = header.integer("PCOUNT", { fallback: 0, least: 0 }) + product;
  return elementBytes * header.integer("GCOUNT", { fallback: 1, least: 0 }) * perGroup;
}

/**
 * Checks that the rows of a table lie inside its data unit.
 *
 * @param dataBytes Size of the data unit.
 * @returns Bytes per row and number of rows.
 */
export function tableRows(header: Header, dataBytes: number): { rowBytes: number; numRows: number } {
  const rowBytes = header.integer("NAXIS1", { least: 0 });
  const numRows = header.integer("NAXIS2", { least: 0 });
  if (rowBytes * numRows > dataBytes) {
    throw header.error(
      "NAXIS2",
      `must leave ${numRows} rows of ${rowBytes} bytes inside the data (BITPIX 8, GCOUNT 1): there are ${dataBytes} bytes`,
    );
  }
  if (rowBytes === 0 && numRows > 2 ** 24) {
    throw header.error("NAXIS2", `must be at most ${2 ** 24} where rows are empty: current value is ${numRows}`);
  }
  return { rowBytes, numRows };
}
