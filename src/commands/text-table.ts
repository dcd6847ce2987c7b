/**
 * Rows as aligned columns for a terminal.
 *
 * Columns of which every cell below the heading is a number (or empty) stand right.
 *
 * @param rows The first is the heading; all equally long.
 */
export function textTable(rows: readonly (readonly string[])[]): string {
  const columns = rows[0]?.length ?? 0;
  const widths = Array.from({ length: columns }, (_, j) => Math.max(...rows.map((row) => (row[j] as string).length)));
  const right = widths.map((_, j) => rows.slice(1).every((row) => /^([+-]?[\d.].*)?$/.test(row[j] as string)));
  const line = (row: readonly string[]) =>
    row.map((cell, j) => (right[j] ? cell.padStart(widths[j] as number) : cell.padEnd(widths[j] as number))).join("  ");
  return rows.map((row) => `${line(row).trimEnd()}\n`).join("");
}

/** A summary's number for a table: texts shortened, reals to 9 digits. */
export function shortCell(value: number | string | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(Number(value.toPrecision(9)));
  return value.length > 20 ? `${value.slice(0, 19)}…` : value;
}
