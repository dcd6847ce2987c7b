import type { Hdu } from "../fits/index.ts";

/** How RXTE's description of an event word (TEVTBn) begins where its first bit tells photons from other words. */
const PHOTON_BIT = /^\(M\[1\]\{1\}/;

/**
 * Rows of an event table that are photons; undefined where all are.
 *
 * RXTE's science events put marks of time and losses among the photons, as words whose first bit is 0; TEVTBn in the
 * header says so.
 */
export function photonRows(table: Extract<Hdu, { numRows: number }>): Int32Array | undefined {
  if (!table.has("Event")) return undefined;
  const { index, data, shape } = table.column("Event");
  const words = table.header.get(`TEVTB${index + 1}`);
  if (typeof words !== "string" || !PHOTON_BIT.test(words) || !(data instanceof Uint8Array)) return undefined;
  const [bits = 1] = shape;
  const rows = Int32Array.from({ length: table.numRows }, (_, row) => row).filter((row) => data[row * bits] === 1);
  return rows.length < table.numRows ? rows : undefined;
}
