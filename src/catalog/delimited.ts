import { CatalogError } from "./catalog-error.ts";

/** A parsed record with the line it starts on (1-based). */
export interface DelimitedRecord {
  readonly cells: readonly string[];
  readonly line: number;
  /** Whether there is nothing but blanks on the line, not even quotes. */
  readonly isBlank: boolean;
}

/**
 * Splits delimited text into records.
 *
 * A field that starts with a double quote ends at the next single one; doubled quotes inside stand for one, and line
 * breaks belong to it. Elsewhere quotes are ordinary characters. Lines may end in LF, CRLF or CR.
 */
export function splitDelimited(text: string, delimiter: string, file: string): DelimitedRecord[] {
  const records: DelimitedRecord[] = [];
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const cells: string[] = [];
    const start = line;
    const from = at;
    for (;;) {
      const field =
        text[at] === '"' ? quotedField(text, at, { delimiter, file, line }) : plainField(text, at, delimiter);
      cells.push(field.value);
      line += field.lines;
      at = field.end;
      if (text[at] !== delimiter) break;
      at++;
    }
    const isBlank = cells.length === 1 && text.slice(from, at).trim() === "";
    if (text[at] === "\r") at++;
    if (text[at] === "\n") at++;
    line++;
    records.push({ cells, line: start, isBlank });
  }
  return records;
}

interface Field {
  readonly value: string;
  readonly end: number;
  readonly lines: number;
}

function plainField(text: string, at: number, delimiter: string): Field {
  let end = at;
  while (end < text.length && text[end] !== delimiter && text[end] !== "\n" && text[end] !== "\r") end++;
  return { value: text.slice(at, end), end, lines: 0 };
}

function quotedField(text: string, at: number, where: { delimiter: string; file: string; line: number }): Field {
  const { delimiter, file, line } = where;
  let value = "";
  let from = at + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote < 0)
      throw new CatalogError(file, `a quoted field must end with a quote: the one on line ${line} does not`);
    value += text.slice(from, quote);
    if (text[quote + 1] !== '"') {
      // What follows the closing quote up to the delimiter belongs to the field
      const { value: tail, end } = plainField(text, quote + 1, delimiter);
      return { value: value + tail, end, lines: value.split("\n").length - 1 };
    }
    value += '"';
    from = quote + 2;
  }
}

/** The delimiter that splits a header line into most fields; comma where none does. */
export function guessDelimiter(header: string): string {
  const counts = ["\t", ",", ";", "|"].map((delimiter) => ({ delimiter, n: header.split(delimiter).length }));
  return counts.reduce((best, next) => (next.n > best.n ? next : best), { delimiter: ",", n: 1 }).delimiter;
}
