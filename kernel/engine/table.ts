import { lastPlace, numberText } from "./digits.ts";

/** The part of an arquero table that is needed to show it. */
interface TableLike {
  numRows(): number;
  columnNames(): string[];
  get(name: string, row: number): unknown;
}

const MAX_ROWS = 10;
const MAX_COLUMNS = 30;
const MAX_CELL = 60;

/** Whether a value is an arquero table, or behaves like one. */
export function isTable(value: unknown): value is TableLike {
  if (typeof value !== "object" || value === null) return false;
  const { numRows, columnNames, get } = value as Partial<Record<keyof TableLike, unknown>>;
  return typeof numRows === "function" && typeof columnNames === "function" && typeof get === "function";
}

/** The first rows of a table, as HTML and as text. */
export function tableBundle(table: TableLike): { [mimeType: string]: string } {
  const names = table.columnNames();
  const shown = names.slice(0, MAX_COLUMNS);
  const numRows = table.numRows();
  const columns = shown.map((name) => columnTexts(table, name, Math.min(numRows, MAX_ROWS)));
  const rows = Array.from({ length: Math.min(numRows, MAX_ROWS) }, (_, row) => columns.map((texts) => texts[row]!));
  const size = `${counted(numRows, "row")} × ${counted(names.length, "column")}`;
  return { "text/html": html(shown, rows, size), "text/plain": plain(shown, rows, size) };
}

function counted(count: number, what: string): string {
  return `${count.toLocaleString("en")} ${what}${count === 1 ? "" : "s"}`;
}

function html(names: readonly string[], rows: readonly string[][], size: string): string {
  const line = (cells: readonly string[], tag: string) =>
    `<tr>${cells.map((text) => `<${tag}>${escapeHtml(text)}</${tag}>`).join("")}</tr>`;
  const body = rows.map((cells) => line(cells, "td")).join("");
  return `<table><thead>${line(names, "th")}</thead><tbody>${body}</tbody></table><p>${size}</p>`;
}

function plain(names: readonly string[], rows: readonly string[][], size: string): string {
  const widths = names.map((name, column) => Math.max(name.length, ...rows.map((cells) => cells[column]!.length)));
  const line = (cells: readonly string[]) => cells.map((text, column) => text.padStart(widths[column]!)).join("  ");
  return [line(names), ...rows.map(line), size].join("\n");
}

/** The first cells of a column, numbers so that they can be told apart. */
function columnTexts(table: TableLike, name: string, rows: number): string[] {
  const values = Array.from({ length: rows }, (_, row) => table.get(name, row));
  const place = lastPlace(values.filter((value) => typeof value === "number"));
  return values.map((value) => (typeof value === "number" ? numberText(value, place) : cellText(value)));
}

/** Dates as ISO, the rest as it prints itself. */
function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  const text = value instanceof Date ? value.toISOString() : String(value);
  return text.length <= MAX_CELL ? text : `${text.slice(0, MAX_CELL - 1)}…`;
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
