import { type BinaryTable, FitsError, type FitsFile } from "../fits/index.ts";

/** The first binary table with these columns; the error names them and lists the file's HDUs. */
export function findTable(file: FitsFile, what: string, columns: readonly string[]): BinaryTable {
  const table = findTables(file, columns)[0];
  if (table) return table;
  const names = file.hdus.map((hdu) => hdu.name || `HDU ${hdu.index}`).join(", ");
  throw new FitsError(
    { file: file.name },
    `${what} must be a table with columns ${columns.join(", ")}: current HDUs are ${names}`,
  );
}

/** Every binary table with these columns. */
export function findTables(file: FitsFile, columns: readonly string[]): BinaryTable[] {
  return file.hdus
    .filter((hdu): hdu is BinaryTable => hdu.kind === "bintable")
    .filter((table) => columns.every((name) => table.has(name)));
}

/** A header's number, or `fallback` where the keyword is absent or not a number. */
export function numberOr(table: BinaryTable, keyword: string, fallback: number): number {
  const value = table.header.get(keyword);
  return typeof value === "number" ? value : fallback;
}

/** A header's text without its padding; "none" and an empty string are undefined, as OGIP 92-007 says. */
export function textOr(table: BinaryTable, keyword: string): string | undefined {
  const value = table.header.get(keyword);
  const text = typeof value === "string" ? value.trim() : "";
  return text === "" || text.toLowerCase() === "none" ? undefined : text;
}

/** A quantity that OGIP 92-007 allows as a column or as a keyword: one value per channel either way. */
export function perChannel(table: BinaryTable, name: string, fallback: number): Float64Array {
  return table.has(name) ? table.numbers(name) : new Float64Array(table.numRows).fill(numberOr(table, name, fallback));
}
