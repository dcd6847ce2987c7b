import { countOf, textsApart } from "../array/index.ts";
import { escapeMarkup } from "../plot/index.ts";
import type { Catalog, CatalogColumn } from "./catalog.ts";
import { isMissing } from "./column-data.ts";

const MAX_ROWS = 10;
const MAX_COLUMNS = 40;

/** Header with units, the first rows, and how much there is. */
export function catalogHtml(catalog: Catalog): string {
  const columns = catalog.columns.slice(0, MAX_COLUMNS);
  const shownRows = Math.min(MAX_ROWS, catalog.numRows);
  const cells = columns.map((column) => columnCells(catalog, column, shownRows));
  const rows = Array.from({ length: shownRows }, (_, row) => `<tr>${cells.map((each) => each[row]).join("")}</tr>`);
  const hidden = catalog.columns.length - columns.length;
  const facts = [
    `${countOf(catalog.numRows, "row")} × ${countOf(catalog.columns.length, "column")}`,
    ...(catalog.numRows > MAX_ROWS ? [`first ${MAX_ROWS} rows shown`] : []),
    ...(hidden > 0 ? [`${countOf(hidden, "more column")}`] : []),
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
  return `Catalog ${catalog.name}: ${countOf(catalog.numRows, "row")} × ${countOf(catalog.columns.length, "column")}: ${names.join(", ")}${more}`;
}

function headerCell({ name, unit, description, ucd, kind }: CatalogColumn): string {
  const align = kind === "number" || kind === "bigint" ? "right" : "left";
  const tip = [description, ucd && `UCD ${ucd}`].filter(Boolean).join(" · ");
  const unitLine = `<div style="font-weight:400;opacity:.7;font-size:85%">${unit ? escapeMarkup(unit) : "&nbsp;"}</div>`;
  return `<th title="${escapeMarkup(tip)}" style="text-align:${align};padding:2px 8px;border-bottom:1px solid currentColor;white-space:nowrap">${escapeMarkup(name)}${unitLine}</th>`;
}

/** The cells of a column's first rows. */
function columnCells(catalog: Catalog, column: CatalogColumn, rows: number): string[] {
  const { name, kind } = column;
  const data = catalog.column(name);
  const values = Array.from({ length: rows }, (_, row) => data[row]);
  const texts = kind === "number" ? numberTexts(values as number[], column, data) : values.map(show);
  const align = kind === "number" || kind === "bigint" ? "right" : "left";
  return texts.map((text, row) => {
    const shown = isMissing(values[row]) ? `<span style="opacity:.45">–</span>` : escapeMarkup(text);
    return `<td style="text-align:${align};padding:1px 8px;white-space:nowrap">${shown}</td>`;
  });
}

/** Names of columns that hold positions, in files that give no units. */
const POSITION = /^(ra|dec|de|glon|glat|l|b)(_?(icrs|j?2000|deg|x|ave))?$|^(raj|dej)2000$|_(ra|dec)$/i;

/** Numbers that can be told apart; positions to a millionth of a degree, 4 mas. */
function numberTexts(values: readonly number[], { name, unit, ucd }: CatalogColumn, data: unknown): string[] {
  const isAngle =
    (unit === undefined && POSITION.test(name)) ||
    /^deg(rees?)?$/i.test(unit ?? "") ||
    /^pos\.(eq|galactic|ecliptic)/.test(ucd ?? "");
  return textsApart(values, { single: data instanceof Float32Array, ...(isAngle ? { step: 1e-6 } : {}) });
}

/** A value in at most about 48 characters. */
function show(value: unknown): string {
  if (typeof value === "object" && value !== null) return showArray(value as ArrayLike<unknown>);
  const text = String(value);
  return text.length > 48 ? `${text.slice(0, 47)}…` : text;
}

/** The first values of an array. */
function showArray(values: ArrayLike<unknown>): string {
  const first = Array.from({ length: Math.min(values.length, 3) }, (_, i) => values[i]);
  const single = values instanceof Float32Array;
  const shown = typeof first[0] === "number" ? textsApart(first as number[], { single }) : first.map(show);
  return `[${shown.join(", ")}${values.length > 3 ? `, … ${countOf(values.length, "value")}` : ""}]`;
}
