/**
 * VOTables: bytes in, typed columns with units and UCDs out, and back.
 *
 * @module
 */
export { decodeBase64 } from "./base64.ts";
export type { VotableColumn, VotableField } from "./column.ts";
export type { Datatype, VotableArray } from "./datatype.ts";
export { VotableError, VotableQueryError } from "./error.ts";
export { readVotable, type VotableFile, type VotableInfo, type VotableTable } from "./read-votable.ts";
export { type VotableSpec, writeVotable } from "./write-votable.ts";
export type { XmlElement } from "./xml.ts";
