import { countOf } from "../array/index.ts";
import { escapeMarkup } from "../plot/index.ts";
import type { ColumnInfo } from "./column.ts";
import type { Header } from "./header.ts";
import { axes } from "./layout.ts";

/** What a listing says of an HDU. */
interface Listed {
  readonly index: number;
  readonly name: string;
  readonly kind: string;
  readonly header: Header;
  readonly columns?: readonly ColumnInfo[];
}

const MAX_COLUMNS = 40;

/** The HDUs of a file as a table: kind, extents, columns with their units. */
export function fitsDisplay(
  file: { readonly name: string; readonly notes: readonly string[] },
  hdus: readonly Listed[],
): Record<string, string> {
  const rows = hdus.map((hdu) => {
    const cells = [String(hdu.index), hdu.name, hdu.kind, extentsOf(hdu), columnsOf(hdu)];
    return `<tr>${cells.map((cell) => `<td style="text-align:left;padding:1px 8px;vertical-align:top">${escapeMarkup(cell)}</td>`).join("")}</tr>`;
  });
  const facts = [file.name, `${hdus.length} HDUs`, ...file.notes].join(" · ");
  const lines = hdus.map((hdu) => `  ${hdu.index} "${hdu.name}" ${hdu.kind} ${extentsOf(hdu)}`);
  return {
    "text/html": `<div style="color:var(--jp-ui-font-color1,inherit)"><table style="border-collapse:collapse"><tbody>${rows.join("")}</tbody></table><div style="font-size:85%;opacity:.75">${escapeMarkup(facts)}</div></div>`,
    "text/plain": [`FITS file ${file.name}: ${hdus.length} HDUs`, ...lines].join("\n"),
  };
}

function extentsOf({ header, columns }: Listed): string {
  if (columns) return `${countOf(header.integer("NAXIS2"), "row")} × ${countOf(columns.length, "column")}`;
  return axes(header).join(" × ") || "no data";
}

function columnsOf({ columns = [] }: Listed): string {
  const names = columns.slice(0, MAX_COLUMNS).map(({ name, unit }) => (unit ? `${name} (${unit})` : name));
  return [...names, ...(columns.length > MAX_COLUMNS ? [`… ${columns.length - MAX_COLUMNS} more`] : [])].join(", ");
}
