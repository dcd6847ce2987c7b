/**
 * Reading FITS: bytes in, headers and typed columns out.
 *
 * @example
 * const file = readFits(bytes, { name: "evt2.fits" });
 * const time = file.table("EVENTS").column("TIME").data;
 * @module
 */
export type { AsciiTable } from "./ascii-table.ts";
export type { BinaryTable } from "./binary-table.ts";
export type { ByteSource } from "./byte-source.ts";
export type { Card, CardValue } from "./card.ts";
export type { Column, ColumnInfo, FitsTable } from "./column.ts";
export type { NumericArray } from "./decode.ts";
export { FitsError } from "./error.ts";
export { FitsFile, type Hdu, readFits } from "./fits-file.ts";
export { Header } from "./header.ts";
export type { ImageHdu } from "./image.ts";
export type { GroupParameter, RandomGroups } from "./random-groups.ts";
export { RangedFits, type RangedHdu, readFitsRanges } from "./ranged-fits.ts";
export type { RangedTable, ReadRowsOptions } from "./ranged-table.ts";
export { columnPlane, type PlaneProjection, SkyPlane, type SkyPlaneFields } from "./sky-plane.ts";
export { decodeTileImage, isTileImage, type Pixels } from "./tile-image.ts";
export { type ChecksumVerdict, type HduChecksums, verifyChecksums } from "./verify-checksums.ts";
export { type HduSpec, type ImageSpec, writeFits } from "./write.ts";
export type { CardSpec } from "./write-card.ts";
export type { ColumnSpec } from "./write-column.ts";
