import { escapeMarkup } from "../plot/index.ts";
import type { Catalog, CatalogColumn } from "./catalog.ts";
import { isMissing } from "./column-data.ts";

const MAX_ROWS = 10;
const MAX_COLUMNS = 40;

/** Header with units, the first rows, and how much there is. */
export function catalogHtml(catalog: Catalog): string {
  const columns = catalog.columns.slice(0, MAX_COLUMNS);
  const rows = Array.from({ length: Math.min(MAX_ROWS, catalog.numRows) }, (_, i) => bodyRow(catalog, columns, i));
  const hidden = catalog.columns.length - columns.length;
  const facts = [
    `${catalog.numRows.toLocaleString("en-US")} rows × ${catalog.columns.length} columns`,
    ...(catalog.numRows > MAX_ROWS ? [`first ${MAX_ROWS} rows shown`] : []),
    ...(hidden > 0 ? [`${hidden} more columns`] : []),
    ...catalog.notes,
  ];
  const title = catalog.name ? `<b>${escapeMarkup(catalog.name)}</b> ` : "";
  return `<div style="color:var(--jp-ui-font-color1,inherit)"><div style="overflow-x:auto;max-width:100%"><table style="border-collapse:collapse;font-variant-numeric:tabular-nums"><thead><tr>${columns.map(headerCell).join("")}</tr></thead><tbody>${rows.join("")}</tbody></table></div><div style="font-size:85%;opacity:.75;margin-top:4px">${title}${escapeMarkup(facts.join(" · "))}</div></div>`;
}

/** One line on the size and the columns. */
export function catalogText(catalog: Catalog): string {
  const names = catalog.columns
    .slice(0, 12)
    .map((column) => (column.unit ? `${column.name} (${column.unit})` : column.name));
  const more = catalog.columns.length > 12 ? ", …" : "";
  return `Catalog ${catalog.name}: ${catalog.numRows} rows × ${catalog.columns.length} columns: ${names.join(", ")}${more}`;
}

function headerCell({ name, unit, description, ucd, kind }: CatalogColumn): string {
  const align = kind === "number" || kind === "bigint" ? "right" : "left";
  const tip = [description, ucd && `UCD ${ucd}`].filter(Boolean).join(" · ");
  const unitLine = `<div style="font-weight:400;opacity:.7;font-size:85%">${unit ? escapeMarkup(unit) : "&nbsp;"}</div>`;
  return `<th title="${escapeMarkup(tip)}" style="text-align:${align};padding:2px 8px;border-bottom:1px solid currentColor;white-space:nowrap">${escapeMarkup(name)}${unitLine}</th>`;
}

function bodyRow(catalog: Catalog, columns: readonly CatalogColumn[], row: number): string {
  const cells = columns.map(({ name, kind }) => {
    const value = catalog.column(name)[row];
    const align = kind === "number" || kind === "bigint" ? "right" : "left";
    const text = isMissing(value) ? `<span style="opacity:.45">–</span>` : escapeMarkup(show(value));
    return `<td style="text-align:${align};padding:1px 8px;white-space:nowrap">${text}</td>`;
  });
  return `<tr>${cells.join("")}</tr>`;
}

/** A value in at most about 24 characters. */
function show(value: unknown): string {
  if (typeof value === "number")
    return Number.isInteger(value) && Math.abs(value) < 1e15 ? String(value) : shortNumber(value);
  if (typeof value === "object" && value !== null) return showArray(value as ArrayLike<unknown>);
  const text = String(value);
  return text.length > 48 ? `${text.slice(0, 47)}…` : text;
}

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(7)));
}

function showArray(values: ArrayLike<unknown>): string {
  const shown = Array.from({ length: Math.min(values.length, 3) }, (_, i) => show(values[i]));
  return `[${shown.join(", ")}${values.length > 3 ? `, … ${values.length} values` : ""}]`;
}
