import { encodeBase64 } from "./base64.ts";
import { RowBytes } from "./binary-row.ts";
import type { VotableColumn } from "./column.ts";
import { type EncodedColumn, encodeColumn } from "./encode-column.ts";
import type { VotableFile, VotableTable } from "./read-votable.ts";
import { escapeXml, formatAttributes, formatElement, type XmlElement } from "./xml.ts";

/** What is written: what was read, or tables made of columns. */
export type VotableSpec = Pick<VotableFile, "tables"> & Partial<Pick<VotableFile, "elements">>;

/**
 * A VOTable 1.4 document.
 *
 * Fields keep unit, UCD, utype, xtype, description, VALUES and LINK; GROUP, COOSYS, TIMESYS, PARAM and INFO are written
 * as they were read. Text beyond ASCII becomes unicodeChar.
 *
 * @param options.serialization Default "BINARY2", which keeps every value and null exactly; "TABLEDATA" is readable,
 * but does not tell a null text from an empty one.
 * @returns The document, UTF-8.
 * @throws {TypeError} If columns of a table differ in length, or values are not of their datatype.
 * @throws {RangeError} If a text holds a character that XML does not allow (TABLEDATA).
 * @see IVOA Recommendation VOTable 1.4
 */
export function writeVotable(
  spec: VotableSpec,
  options: { serialization?: "BINARY2" | "TABLEDATA" } = {},
): Uint8Array<ArrayBuffer> {
  const { serialization = "BINARY2" } = options;
  const utf8 = new TextEncoder();
  const head = `<?xml version="1.0" encoding="UTF-8"?>
<VOTABLE version="1.4" xmlns="http://www.ivoa.net/xml/VOTable/v1.3">
 <RESOURCE>
${elementsOf(spec.elements)}`;
  const parts = [
    utf8.encode(head),
    ...spec.tables.flatMap((table) => tableParts(table, serialization)),
    utf8.encode(" </RESOURCE>\n</VOTABLE>\n"),
  ];
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

function elementsOf(elements: readonly XmlElement[] = []): string {
  // The schema wants the description first, and what fields refer to before them
  const ordered = [...elements].sort((a, b) => rank(a) - rank(b));
  return ordered.map((element) => formatElement(element, "  ")).join("");
}

function rank({ name }: XmlElement): number {
  return name === "DESCRIPTION" ? 0 : name === "INFO" ? 1 : 2;
}

function tableParts(table: VotableTable, serialization: "BINARY2" | "TABLEDATA"): Uint8Array[] {
  const utf8 = new TextEncoder();
  for (const { name, data } of table.columns) {
    if (data.length === table.numRows) continue;
    throw new TypeError(
      `Cannot write VOTable: column "${name}" must have ${table.numRows} values, one per row: current number is ${data.length}`,
    );
  }
  const encoded = table.columns.map(encodeColumn);
  const { id: ID, name, utype, ucd, numRows } = table;
  const start = `  <TABLE${formatAttributes({ ID, name, utype, ucd, nrows: String(numRows) })}>\n`;
  const about = table.description
    ? `   <DESCRIPTION>${escapeXml(table.description, "DESCRIPTION")}</DESCRIPTION>\n`
    : "";
  const fields = table.columns.map((column, i) => fieldText(column, encoded[i] as EncodedColumn)).join("");
  const others = elementsOf(table.elements?.filter((element) => element.name !== "INFO"));
  const infos = elementsOf(table.elements?.filter((element) => element.name === "INFO"));
  const data = table.columns.length === 0 ? [] : dataParts(encoded, numRows, serialization);
  return [utf8.encode(start + about + fields + others), ...data, utf8.encode(`${infos}  </TABLE>\n`)];
}

function fieldText(column: VotableColumn, { datatype, arraysize, nullValue }: EncodedColumn): string {
  const { name, id: ID, unit, ucd, utype, xtype, ref, width, precision, description, elements = [] } = column;
  const start = `   <FIELD${formatAttributes({ name, ID, datatype, arraysize, unit, ucd, utype, xtype, ref, width, precision })}`;
  const values = withNull(elements, nullValue ?? column.nullValue);
  const inside =
    (description ? `    <DESCRIPTION>${escapeXml(description, "DESCRIPTION")}</DESCRIPTION>\n` : "") +
    values.map((element) => formatElement(element, "    ")).join("");
  return inside === "" ? `${start}/>\n` : `${start}>\n${inside}   </FIELD>\n`;
}

/** The field's elements with VALUES saying which value is null. */
function withNull(elements: readonly XmlElement[], nullValue: string | undefined): readonly XmlElement[] {
  if (nullValue === undefined) return elements;
  const values = elements.find(({ name }) => name === "VALUES") ?? {
    name: "VALUES",
    attributes: {},
    text: "",
    children: [],
  };
  const others = elements.filter((element) => element !== values);
  return [{ ...values, attributes: { ...values.attributes, null: nullValue } }, ...others];
}

const ROWS_PER_PART = 4096;

function dataParts(columns: readonly EncodedColumn[], numRows: number, serialization: string): Uint8Array[] {
  const utf8 = new TextEncoder();
  if (serialization === "BINARY2") {
    const out = new RowBytes();
    for (let row = 0; row < numRows; row++) {
      out.flags((i) => (columns[i] as EncodedColumn).isNull(row), columns.length);
      for (const column of columns) column.binary(row, out);
    }
    const [open, close] = [`<DATA><BINARY2><STREAM encoding="base64">\n`, "</STREAM></BINARY2></DATA>\n"];
    return [utf8.encode(`   ${open}`), encodeBase64(out.bytes), utf8.encode(close)];
  }
  const parts = [utf8.encode("   <DATA><TABLEDATA>\n")];
  for (let from = 0; from < numRows; from += ROWS_PER_PART) {
    let text = "";
    for (let row = from; row < Math.min(from + ROWS_PER_PART, numRows); row++) text += rowText(columns, row);
    parts.push(utf8.encode(text));
  }
  return [...parts, utf8.encode("   </TABLEDATA></DATA>\n")];
}

function rowText(columns: readonly EncodedColumn[], row: number): string {
  let text = "    <TR>";
  for (const column of columns) text += `<TD>${column.isNull(row) ? "" : column.text(row)}</TD>`;
  return `${text}</TR>\n`;
}
