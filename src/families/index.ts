/**
 * Catalogue families: Chandra's CSC 2.1, XMM-Newton's 4XMM-DR13, eROSITA's eRASS1, their columns, bands and flags, and
 * one common view of them.
 *
 * @module
 */
export { type CommonOptions, sourcesOf } from "./common-sources.ts";
export type { BandFlux, FamilyTable } from "./family.ts";
export { FAMILY_TABLES, familyOf } from "./family-columns.ts";
export { bandRatio } from "./power-law-band.ts";
