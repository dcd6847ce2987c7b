import { SaxesParser, type SaxesTagPlain } from "saxes";
import { decodeBase64 } from "./base64.ts";
import { addBinaryCell, decodeBinary } from "./binary.ts";
import { ColumnBuilder, makeBuilder, type VotableColumn } from "./column.ts";
import { VotableError, VotableQueryError } from "./error.ts";
import { decodeFits } from "./fits-data.ts";
import { scanRows } from "./scan-rows.ts";
import type { XmlElement } from "./xml.ts";

/** An INFO element, or a PARAM with its value as text. */
export interface VotableInfo {
  readonly name: string;
  readonly value: string;
  readonly text: string;
  readonly unit?: string;
}

/** One TABLE. */
export interface VotableTable {
  readonly id?: string;
  readonly name?: string;
  readonly description?: string;
  readonly utype?: string;
  readonly ucd?: string;
  readonly numRows: number;
  readonly columns: readonly VotableColumn[];
  /** What else stands in it: GROUP, PARAM, INFO, LINK. */
  readonly elements?: readonly XmlElement[];
}

/** A whole VOTable document. */
export interface VotableFile {
  readonly name: string;
  readonly version: string;
  readonly tables: readonly VotableTable[];
  readonly infos: readonly VotableInfo[];
  readonly params: readonly VotableInfo[];
  /** What stands outside the tables: COOSYS, TIMESYS, GROUP, PARAM, INFO, LINK, DESCRIPTION. */
  readonly elements: readonly XmlElement[];
  /** True where the service cut the result off at its row limit (QUERY_STATUS is OVERFLOW). */
  readonly overflow: boolean;
}

interface OpenTable {
  readonly attributes: Readonly<Record<string, string>>;
  description: string;
  readonly builders: ColumnBuilder[];
  readonly elements: XmlElement[];
  numRows: number;
  /** Columns of a FITS serialisation. */
  decoded?: readonly VotableColumn[];
}

interface OpenElement extends XmlElement {
  readonly children: XmlElement[];
  text: string;
}

/** Elements whose content the reader follows; any other is kept as it stands. */
const FOLLOWED = new Set(
  "VOTABLE RESOURCE DEFINITIONS TABLE FIELD DATA TABLEDATA TR TD BINARY BINARY2 FITS STREAM DESCRIPTION".split(" "),
);

type Attributes = Readonly<Record<string, string>>;

/**
 * Reads a VOTable (1.0 to 1.5; TABLEDATA, BINARY and BINARY2).
 *
 * @param bytes The document.
 * @param options.name What errors call it. Default "<bytes>".
 * @throws {VotableQueryError} If the service reports an error in it.
 * @throws {VotableError} If it is not well-formed XML, no VOTable, or a cell is not of its field's type.
 */
export function readVotable(bytes: Uint8Array, options: { name?: string } = {}): VotableFile {
  const name = options.name ?? "<bytes>";
  const text = decodeXml(bytes, name);
  try {
    return parse(text, name, { quick: true });
  } catch (error) {
    // Once more without leaving rows out, so that the place it names is the document's
    if (error instanceof XmlProblem) return parse(text, name, { quick: false });
    throw error;
  }
}

/** Not well-formed XML, found by a parser that did not see the whole document. */
class XmlProblem extends Error {}

function parse(text: string, file: string, { quick }: { quick: boolean }): VotableFile {
  const reader = new Reader(file);
  const parser = new SaxesParser();
  parser.on("error", ({ message }) => {
    throw quick ? new XmlProblem(message) : new VotableError(file, `it must be well-formed XML: ${message}`);
  });
  parser.on("opentag", (tag: SaxesTagPlain) => reader.open(local(tag.name), tag.attributes as Attributes));
  parser.on("closetag", (tag: SaxesTagPlain) => reader.close(local(tag.name)));
  parser.on("text", (chunk) => reader.text(chunk));
  parser.on("cdata", (chunk) => reader.text(chunk));
  feed(text, quick, parser, reader);
  parser.close();
  return reader.finish();
}

const PIECE = 1 << 20;

/** Hands the document to the parser in pieces, so that it is not held twice; plain rows go past the parser. */
function feed(text: string, quick: boolean, parser: SaxesParser, reader: Reader): void {
  const write = (from: number, to: number) => {
    for (let at = from; at < to; at += PIECE) parser.write(text.slice(at, Math.min(at + PIECE, to)));
  };
  const tableData = /<([\w.-]+:)?TABLEDATA\s*>/g;
  let at = 0;
  for (let match = quick ? tableData.exec(text) : null; match; match = tableData.exec(text)) {
    if (match.index < at) continue;
    const opened = reader.tablesOfRows;
    write(at, tableData.lastIndex);
    at = tableData.lastIndex;
    // A tag inside a comment opens nothing
    if (reader.tablesOfRows === opened) continue;
    const [, prefix = ""] = match;
    const rowEnd = `</${prefix}TR>`;
    for (let open = true; open; ) {
      at = reader.takeRows(text, at, prefix);
      const end = text.indexOf(rowEnd, at);
      if (end < 0 || !text.startsWith(`<${prefix}TR`, at)) break;
      const before = reader.numRows;
      write(at, end + rowEnd.length);
      at = end + rowEnd.length;
      open = reader.numRows === before + 1;
    }
    tableData.lastIndex = at;
  }
  write(at, text.length);
}

/** Follows the document's elements. */
class Reader {
  readonly file: string;
  #version = "";
  #rootSeen = false;
  readonly #tables: VotableTable[] = [];
  /** Columns of the tables read, by the table's ID. */
  readonly #models = new Map<string, readonly ColumnBuilder[]>();
  readonly #infos: VotableInfo[] = [];
  readonly #params: VotableInfo[] = [];
  readonly #path: string[] = [];
  #table: OpenTable | undefined;
  #field: { attributes: Attributes; description: string; nullValue?: string; elements: XmlElement[] } | undefined;
  readonly #elements: XmlElement[] = [];
  /** Elements being kept, the innermost last. */
  readonly #open: OpenElement[] = [];
  #extnum: number | undefined;
  /** Number of TABLEDATA elements opened so far. */
  tablesOfRows = 0;
  #cells: (string | Uint8Array)[] = [];
  #stream: Attributes = {};
  /** Text being collected; undefined where text means nothing. */
  #chunks: string[] | undefined;

  constructor(file: string) {
    this.file = file;
  }

  open(name: string, attributes: Attributes): void {
    if (!this.#rootSeen && name !== "VOTABLE") {
      throw new VotableError(this.file, `the root element must be VOTABLE: it is ${name}`);
    }
    this.#rootSeen = true;
    if (this.#open.length > 0 || !FOLLOWED.has(name) || this.#isLoose(name)) {
      this.#open.push({ name, attributes, text: "", children: [] });
      return;
    }
    this.#path.push(name);
    switch (name) {
      case "VOTABLE":
        this.#version = attributes.version ?? "";
        break;
      case "TABLE":
        this.#openTable(attributes);
        break;
      case "FIELD":
        this.#field = { attributes, description: "", elements: [] };
        break;
      case "TABLEDATA":
        this.tablesOfRows++;
        break;
      case "STREAM":
        this.#stream = attributes;
        this.#chunks = [];
        break;
      case "TD":
        this.#stream = attributes;
        this.#chunks = [];
        break;
      case "DESCRIPTION":
        this.#chunks = [];
        break;
      case "FITS":
        this.#extnum = attributes.extnum === undefined ? undefined : Number(attributes.extnum);
        break;
      case "TR":
        this.#cells = [];
        break;
    }
  }

  text(chunk: string): void {
    const kept = this.#open.at(-1);
    if (kept) kept.text += chunk;
    else this.#chunks?.push(chunk);
  }

  /** Rows of the open table so far. */
  get numRows(): number {
    return this.#table?.numRows ?? 0;
  }

  /** Reads plain rows from `at` on; returns where the first other one begins. */
  takeRows(text: string, at: number, prefix: string): number {
    const table = this.#table;
    if (!table || this.#path.at(-1) !== "TABLEDATA" || table.builders.length === 0) return at;
    const { end, rows } = scanRows(text, at, table.builders, { prefix });
    table.numRows += rows;
    return end;
  }

  close(name: string): void {
    const kept = this.#open.pop();
    if (kept) {
      this.#keep({ ...kept, text: kept.text.trim() });
      return;
    }
    this.#path.pop();
    switch (name) {
      case "TD":
        this.#cells.push(this.#stream.encoding === "base64" ? this.#base64Cell() : this.#takeText());
        break;
      case "TR":
        this.#addRow();
        break;
      case "FIELD":
        this.#addField();
        break;
      case "DESCRIPTION":
        this.#describe(this.#takeText().trim());
        break;
      case "STREAM":
        this.#addStream(this.#takeText());
        break;
      case "TABLE":
        this.#addTable();
        break;
    }
  }

  finish(): VotableFile {
    const status = this.#infos.filter((info) => info.name.toUpperCase() === "QUERY_STATUS");
    const failed = status.find((info) => info.value.toUpperCase() === "ERROR");
    const bare =
      this.#tables.length === 0 ? this.#infos.find((info) => info.name.toLowerCase() === "error") : undefined;
    const error = failed ?? bare;
    if (error) {
      const said = error.text || (error === bare ? error.value : "");
      throw new VotableQueryError(this.file, said || "without a message");
    }
    return {
      name: this.file,
      version: this.#version,
      tables: this.#tables,
      infos: this.#infos,
      params: this.#params,
      elements: this.#elements,
      overflow: status.some((info) => info.value.toUpperCase() === "OVERFLOW"),
    };
  }

  /** Starts a table; with a `ref` it has the fields of the table of that ID. */
  #openTable(attributes: Attributes): void {
    const model = attributes.ref ? this.#models.get(attributes.ref) : undefined;
    const builders = (model ?? []).map((builder) => new ColumnBuilder(this.file, builder.field, builder.size));
    this.#table = { attributes, description: "", builders, elements: [], numRows: 0 };
  }

  /** A DESCRIPTION that is neither a field's nor a table's. */
  #isLoose(name: string): boolean {
    return name === "DESCRIPTION" && !this.#field && !this.#table;
  }

  /** Puts a finished element where it belongs. */
  #keep(element: XmlElement): void {
    const { name, attributes, text } = element;
    if (name === "INFO" || name === "PARAM") {
      const { name: called, ID, value = "", unit } = attributes;
      const info = { name: called ?? ID ?? "", value, text, ...(unit ? { unit } : {}) };
      (name === "PARAM" ? this.#params : this.#infos).push(info);
    }
    const parent = this.#open.at(-1);
    if (parent) parent.children.push(element);
    else (this.#field ?? this.#table)?.elements.push(element);
    if (!parent && !this.#field && !this.#table) this.#elements.push(element);
    if (!parent && name === "VALUES" && this.#field && attributes.null !== undefined) {
      this.#field.nullValue = attributes.null;
    }
  }

  #takeText(): string {
    const text = this.#chunks?.join("") ?? "";
    this.#chunks = undefined;
    return text;
  }

  #describe(text: string): void {
    if (this.#field) this.#field.description = text;
    else if (this.#table && this.#path.at(-1) === "TABLE") this.#table.description = text;
  }

  #addField(): void {
    if (!this.#field) return;
    const { attributes, description, nullValue, elements } = this.#field;
    this.#table?.builders.push(
      makeBuilder(this.file, attributes, {
        ...(description ? { description } : {}),
        ...(nullValue === undefined ? {} : { nullValue }),
        ...(elements.length > 0 ? { elements } : {}),
      }),
    );
    this.#field = undefined;
  }

  #addRow(): void {
    const table = this.#table;
    if (!table) return;
    const { builders } = table;
    if (this.#cells.length !== builders.length && this.#cells.length > 0) {
      throw new VotableError(
        this.file,
        `row ${table.numRows + 1} must have ${builders.length} cells, one per field: it has ${this.#cells.length}`,
      );
    }
    for (const [i, builder] of builders.entries()) {
      const cell = this.#cells[i];
      if (cell === undefined) builder.addNull();
      else if (typeof cell === "string") builder.addText(cell);
      else addBinaryCell(cell, builder);
    }
    table.numRows++;
  }

  #base64Cell(): Uint8Array {
    return decodeBase64(this.#takeText(), this.file);
  }

  #addStream(text: string): void {
    const table = this.#table;
    if (!table) return;
    if (this.#stream.href) {
      throw new VotableError(this.file, `the data must be inside the document: they are at "${this.#stream.href}"`);
    }
    if ((this.#stream.encoding ?? "base64") !== "base64") {
      throw new VotableError(
        this.file,
        `a STREAM must have the encoding "base64": current value is "${this.#stream.encoding}"`,
      );
    }
    const bytes = decodeBase64(text, this.file);
    const form = this.#path.at(-1);
    if (form === "FITS") {
      const extnum = this.#extnum;
      const decoded = decodeFits(bytes, table.builders, {
        file: this.file,
        ...(extnum === undefined ? {} : { extnum }),
      });
      table.numRows = decoded.numRows;
      table.decoded = decoded.columns;
    } else {
      table.numRows = decodeBinary(bytes, table.builders, { file: this.file, nullFlags: form === "BINARY2" });
    }
  }

  #addTable(): void {
    if (!this.#table) return;
    const { attributes, description, builders, elements, numRows, decoded } = this.#table;
    const { ID: id, name, utype, ucd } = attributes;
    if (id) this.#models.set(id, builders);
    this.#tables.push({
      ...(id ? { id } : {}),
      ...(name ? { name } : {}),
      ...(description ? { description } : {}),
      ...(utype ? { utype } : {}),
      ...(ucd ? { ucd } : {}),
      numRows,
      columns: decoded ?? builders.map((builder) => builder.finish()),
      ...(elements.length > 0 ? { elements } : {}),
    });
    this.#table = undefined;
  }
}

/** Element name without its namespace prefix. */
function local(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

/** The document's text, by its byte order mark or XML declaration; UTF-8 without either. */
function decodeXml(bytes: Uint8Array, file: string): string {
  const encoding = encodingOf(bytes);
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(encoding);
  } catch (cause) {
    throw new VotableError(file, `its encoding must be known: current value is "${encoding}"`, { cause });
  }
  if (bytes.length > LONGEST) {
    throw new VotableError(file, `it must be at most ${LONGEST} bytes, the longest text: it has ${bytes.length}`);
  }
  return decoder.decode(bytes);
}

/** Longest string that V8 holds. */
const LONGEST = 2 ** 29 - 24;

function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  const start = String.fromCharCode(...bytes.subarray(0, 200));
  return /^\s*<\?xml[^>]*encoding=["']([\w.-]+)["']/.exec(start)?.[1]?.toLowerCase() ?? "utf-8";
}
