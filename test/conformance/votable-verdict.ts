import { readVotable, type VotableColumn, type VotableFile } from "../../src/votable/index.ts";
import { digest, type ElementKind, element, flatCells, plural } from "./elements.ts";
import type { PeerColumn } from "./fits-verdict.ts";

/** A table as the peer has it. */
export interface PeerTable {
  rows: number;
  columns: PeerColumn[];
}

/** Everything in which a VOTable as we read it differs from what astropy reads. */
export function votableDifferences(bytes: Uint8Array, tables: readonly PeerTable[]): string[] {
  const file = readVotable(bytes);
  const out = file.tables.length === tables.length ? [] : [`${file.tables.length} tables instead of ${tables.length}`];
  for (const [index, { rows, columns }] of tables.entries()) {
    const table = file.tables[index];
    if (!table || table.numRows !== rows) out.push(`table ${index}: ${table?.numRows} rows instead of ${rows}`);
    else if (table.columns.length !== columns.length) out.push(`table ${index}: ${table.columns.length} columns`);
    else out.push(...table.columns.flatMap((column, i) => columnDifferences(column, columns[i]!)));
  }
  return out;
}

/** How much of a document was compared. */
export function votableExtent({ tables }: VotableFile): string {
  const columns = tables.reduce((sum, table) => sum + table.columns.length, 0);
  return `${plural(tables.length, "table")}, ${plural(columns, "column")}`;
}

function columnDifferences(column: VotableColumn, theirs: PeerColumn): string[] {
  const { name, unit = null, ucd = null } = column;
  const mine = digest(cellsOf(column));
  const out: string[] = [];
  if (name !== theirs.name) out.push(`field "${name}" instead of "${theirs.name}"`);
  if (unit !== theirs.unit) out.push(`field "${name}": unit ${unit} instead of ${theirs.unit}`);
  if (ucd !== (theirs.ucd ?? null)) out.push(`field "${name}": UCD ${ucd} instead of ${theirs.ucd}`);
  if (theirs.sha256 === undefined) out.push(`field "${name}": astropy says ${theirs.error}`);
  else if (mine.sha256 !== theirs.sha256) {
    out.push(`field "${name}" ${column.datatype}: ${mine.begins} … instead of ${theirs.begins} …`);
  }
  return out;
}

const REALS = ["float", "double", "floatComplex", "doubleComplex"];

function cellsOf({ data, nulls, datatype, arraysize }: VotableColumn): string[] {
  const text = datatype === "char" || datatype === "unicodeChar";
  const kind: ElementKind = text ? "text" : REALS.includes(datatype) ? "real" : "integer";
  return Array.from(data as ArrayLike<unknown>, (cell, row) => {
    const isNull = nulls?.[row] === 1;
    if (isNull && typeof cell === "object" && !text) return "-";
    if (typeof cell !== "object" || cell === null) return element(cell, kind, isNull);
    // Strings are joined with the blanks that a fixed length fills up
    const elements = cell as ArrayLike<unknown>;
    const length = Number(/^(\d+)x/.exec(arraysize ?? "")?.[1] ?? 0);
    if (text) return element(Array.from(elements as string[], (each) => each.padEnd(length)).join(""), kind, isNull);
    // TABLEDATA does not tell an empty array from a null one
    return flatCells(elements, Math.max(elements.length, 1), { kind })[0] ?? "-";
  });
}
