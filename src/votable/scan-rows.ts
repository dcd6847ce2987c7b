import type { ColumnBuilder } from "./column.ts";

const SPACE = /[ \t\r\n]*/y;

/**
 * Adds the plainly written rows of a TABLEDATA element to the columns, without an XML parser's cost per tag.
 *
 * Plain is `<TR>` with one `<TD>` or `<TD/>` per column, no attributes, comments, CDATA or unknown entities. It stops
 * before the first row that is not, which the XML parser then reads or refuses.
 *
 * @param text The document.
 * @param start Where to begin: after `<TABLEDATA>`, or after a row.
 * @param options.prefix Namespace prefix of the tags with its colon; "" without one.
 * @returns Where the first row that is not plain (or `</TABLEDATA>`) begins, and the number of rows before it.
 */
export function scanRows(
  text: string,
  start: number,
  columns: readonly ColumnBuilder[],
  options: { prefix: string },
): { end: number; rows: number } {
  const tags = tagsOf(options.prefix);
  const cells = new Array<string>(columns.length);
  let rows = 0;
  for (let at = skipSpace(text, start); ; rows++) {
    const end = scanRow(text, at, cells, tags);
    if (end < 0) return { end: at, rows };
    for (let i = 0; i < columns.length; i++) (columns[i] as ColumnBuilder).addText(cells[i] as string);
    at = skipSpace(text, end);
  }
}

interface Tags {
  readonly row: string;
  readonly rowEnd: string;
  readonly cell: string;
  readonly cellEnd: string;
  readonly emptyCell: string;
}

function tagsOf(prefix: string): Tags {
  const [tr, td] = [`${prefix}TR`, `${prefix}TD`];
  return { row: `<${tr}>`, rowEnd: `</${tr}>`, cell: `<${td}>`, cellEnd: `</${td}>`, emptyCell: `<${td}/>` };
}

/** Fills `cells` with a row's texts; returns where the row ends, or -1 if it is not plain. */
function scanRow(text: string, start: number, cells: string[], tags: Tags): number {
  if (!text.startsWith(tags.row, start)) return -1;
  let at = skipSpace(text, start + tags.row.length);
  for (let i = 0; i < cells.length; i++) {
    if (text.startsWith(tags.cell, at)) {
      const from = at + tags.cell.length;
      const to = text.indexOf("<", from);
      if (to < 0 || !text.startsWith(tags.cellEnd, to)) return -1;
      const cell = text.slice(from, to);
      // What needs more than copying: entities, line ends to normalise, "]]>" which is an error
      if (/[&\r>]/.test(cell)) return -1;
      cells[i] = cell;
      at = to + tags.cellEnd.length;
    } else if (text.startsWith(tags.emptyCell, at)) {
      cells[i] = "";
      at += tags.emptyCell.length;
    } else return -1;
    at = skipSpace(text, at);
  }
  return text.startsWith(tags.rowEnd, at) ? at + tags.rowEnd.length : -1;
}

function skipSpace(text: string, at: number): number {
  if (text.charCodeAt(at) > 32) return at;
  SPACE.lastIndex = at;
  SPACE.test(text);
  return SPACE.lastIndex;
}
