import { Catalog, type ColumnFields } from "./catalog.ts";
import { CatalogError } from "./catalog-error.ts";
import type { ColumnData } from "./column-data.ts";
import { type DelimitedRecord, guessDelimiter, splitDelimited } from "./delimited.ts";
import { ECSV_START, ecsvData, parseEcsvHeader } from "./ecsv.ts";

/** How text tables are read. */
export interface TextCatalogOptions {
  /** Shown in displays and errors. Default "<text>". */
  readonly name?: string;
  /** Field separator. Default: tab, comma, semicolon or bar, whichever the header line has most of. */
  readonly delimiter?: string;
}

type ColumnNotes = Omit<ColumnFields, "name" | "data">;

/** Texts that stand for a missing number. */
const MISSING = new Set(["", "nan", "na", "n/a", "null", "none", "-", "--"]);
const NUMBER = /^[+-]?((\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|inf(inity)?)$/i;
const INTEGER = /^[+-]?\d+$/;

/**
 * Makes a Catalog of CSV, TSV or ECSV text, also as the CSC command line and VizieR write it (units, UCDs and descriptions
 * from their `#Column` lines, VizieR's unit line).
 *
 * A column is numeric if all its non-missing cells are numbers; then empty cells, NaN, NA, N/A, null, None, - and --
 * are missing (NaN). TRUE/FALSE columns are logical. Other columns are text, of which only empty cells are missing.
 * ECSV says itself what its columns are. Integers too long for doubles stay exact (bigint, or text where some are missing). Lines that start with "#" before
 * the header are comments.
 *
 * @throws {CatalogError} If a line has more or fewer fields than the header, or a cell is not what ECSV says.
 */
export function catalogFromText(text: string, options: TextCatalogOptions = {}): Catalog {
  const name = options.name ?? "<text>";
  const { notes, comments, body } = readPreamble(text.replace(/^\uFEFF/, ""));
  const skipped = comments.length;
  const ecsv = ECSV_START.test(comments[0] ?? "") ? parseEcsvHeader(comments, name) : undefined;
  const headerLine = body.slice(0, (body.search(/[\r\n]/) + 1 || body.length + 1) - 1);
  const delimiter = options.delimiter ?? ecsv?.delimiter ?? guessDelimiter(headerLine);
  const records = splitDelimited(body, delimiter, name).filter(({ isBlank }) => !isBlank);
  const [header, ...rows] = records;
  if (!header) throw new CatalogError(name, "there must be a header line: the text is empty");
  const names = header.cells.map((cell, j) => cell.trim() || `col${j + 1}`);
  const units = ecsv ? [] : takeUnits(rows);
  for (const row of rows) checkWidth(row, names, name, skipped);
  const columns = names.map((column, j): ColumnFields => {
    const unit = units[j]?.trim();
    const cells = rows.map((row) => row.cells[j] as string);
    const typed = ecsv?.columns.get(column);
    if (typed) {
      const { datatype: _, subtype: __, ...known } = typed;
      return { ...known, data: ecsvData(cells, typed, name) ?? inferColumn(cells) };
    }
    return { name: column, ...(unit ? { unit } : {}), ...notes.get(column), data: inferColumn(cells) };
  });
  return new Catalog(columns, { name });
}

/** Comment (and empty) lines at the start; those that describe columns are read. */
function readPreamble(text: string): { notes: Map<string, ColumnNotes>; comments: string[]; body: string } {
  const notes = new Map<string, ColumnNotes>();
  const comments: string[] = [];
  let at = 0;
  for (;;) {
    const line = /[^\r\n]*/y;
    line.lastIndex = at;
    const content = (line.exec(text) as RegExpExecArray)[0];
    if (!(content.startsWith("#") || content.trim() === "") || at + content.length >= text.length) break;
    parseColumnLine(content, notes);
    at += content.length;
    at += text.startsWith("\r\n", at) ? 2 : 1;
    comments.push(content);
  }
  return { notes, comments, body: text.slice(at) };
}

/** `#Column name (format) description (table.column) ["unit"] [ucd]` of the CSC, `… [ucd=…]` of VizieR, tab-separated. */
function parseColumnLine(line: string, notes: Map<string, ColumnNotes>): void {
  const [tag, name, , description, ...rest] = line.split("\t");
  if (tag !== "#Column" || !name) return;
  const brackets = rest.flatMap((part) => /^\s*\[(.*)\]\s*$/.exec(part)?.[1] ?? []);
  const unit = brackets.map((part) => /^"(.*)"$/.exec(part)?.[1]).find((found) => found);
  const ucd = brackets.find((part) => !part.startsWith('"'))?.replace(/^ucd=/, "");
  notes.set(name.trim(), {
    ...(unit ? { unit } : {}),
    ...(ucd ? { ucd } : {}),
    ...(description?.trim() ? { description: description.trim() } : {}),
  });
}

/** VizieR's two lines after the header, units and dashes; both are removed from the rows. */
function takeUnits(rows: DelimitedRecord[]): readonly string[] {
  const dashes = rows[1]?.cells;
  if (!dashes || dashes.length < 2 || !dashes.every((cell) => /^-+$/.test(cell.trim()))) return [];
  const units = rows[0]?.cells ?? [];
  rows.splice(0, 2);
  return units;
}

function checkWidth(row: DelimitedRecord, names: readonly string[], file: string, skipped: number): void {
  if (row.cells.length === names.length) return;
  throw new CatalogError(
    file,
    `line ${row.line + skipped} must have ${names.length} fields, as the header has: it has ${row.cells.length}`,
  );
}

/** The kind of a column follows from its cells. */
function inferColumn(cells: readonly string[]): ColumnData {
  const trimmed = cells.map((cell) => cell.trim());
  const known = trimmed.filter((cell) => !MISSING.has(cell.toLowerCase()));
  if (known.every((cell) => NUMBER.test(cell))) return numbersOf(trimmed, known);
  if (known.every((cell) => /^(true|false)$/i.test(cell))) {
    return trimmed.map((cell) => (MISSING.has(cell.toLowerCase()) ? null : cell.toLowerCase() === "true"));
  }
  return trimmed.map((cell) => (cell === "" ? null : cell));
}

function numbersOf(cells: readonly string[], known: readonly string[]): ColumnData {
  const long = known.filter((cell) => INTEGER.test(cell) && !Number.isSafeInteger(Number(cell)));
  if (long.length > 0 && known.every((cell) => INTEGER.test(cell))) return longIntegers(cells, known);
  return Float64Array.from(cells, (cell) => (MISSING.has(cell.toLowerCase()) ? Number.NaN : parseNumber(cell)));
}

function longIntegers(cells: readonly string[], known: readonly string[]): ColumnData {
  const fits =
    known.length === cells.length &&
    known.every((cell) => BigInt.asIntN(64, BigInt(cell.replace("+", ""))) === BigInt(cell.replace("+", "")));
  return fits
    ? BigInt64Array.from(cells, (cell) => BigInt(cell.replace("+", "")))
    : cells.map((cell) => (MISSING.has(cell.toLowerCase()) ? null : cell));
}

function parseNumber(cell: string): number {
  if (!/^[+-]?inf/i.test(cell)) return Number(cell);
  return cell.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
