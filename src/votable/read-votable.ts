import { SaxesParser, type SaxesTagPlain } from "saxes";
import { addBinaryCell, decodeBase64, decodeBinary } from "./binary.ts";
import { ColumnBuilder, makeBuilder, type VotableColumn } from "./column.ts";
import { VotableError, VotableQueryError } from "./error.ts";

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
  readonly numRows: number;
  readonly columns: readonly VotableColumn[];
}

/** A whole VOTable document. */
export interface VotableFile {
  readonly name: string;
  readonly version: string;
  readonly tables: readonly VotableTable[];
  readonly infos: readonly VotableInfo[];
  readonly params: readonly VotableInfo[];
  /** True where the service cut the result off at its row limit (QUERY_STATUS is OVERFLOW). */
  readonly overflow: boolean;
}

interface OpenTable {
  readonly attributes: Readonly<Record<string, string>>;
  description: string;
  readonly builders: ColumnBuilder[];
  numRows: number;
}

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
  const reader = new Reader(options.name ?? "<bytes>");
  const text = decodeXml(bytes);
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw new VotableError(reader.file, `it must be well-formed XML: ${error.message}`);
  });
  parser.on("opentag", (tag: SaxesTagPlain) => reader.open(local(tag.name), tag.attributes as Attributes));
  parser.on("closetag", (tag: SaxesTagPlain) => reader.close(local(tag.name)));
  parser.on("text", (chunk) => reader.text(chunk));
  parser.on("cdata", (chunk) => reader.text(chunk));
  // In pieces, so that the parser does not hold the document twice
  for (let at = 0; at < text.length; at += 1 << 20) parser.write(text.slice(at, at + (1 << 20)));
  parser.close();
  return reader.finish();
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
  #field: { attributes: Attributes; description: string; nullValue?: string } | undefined;
  #info: { attributes: Attributes; isParam: boolean; text: string } | undefined;
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
    this.#path.push(name);
    switch (name) {
      case "VOTABLE":
        this.#version = attributes.version ?? "";
        break;
      case "TABLE":
        this.#openTable(attributes);
        break;
      case "FIELD":
        this.#field = { attributes, description: "" };
        break;
      case "VALUES":
        if (this.#field && attributes.null !== undefined) this.#field.nullValue = attributes.null;
        break;
      case "INFO":
      case "PARAM":
        this.#info = { attributes, isParam: name === "PARAM", text: "" };
        this.#chunks = [];
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
        throw new VotableError(this.file, "the data must be TABLEDATA, BINARY or BINARY2: they are FITS");
      case "TR":
        this.#cells = [];
        break;
    }
  }

  text(chunk: string): void {
    this.#chunks?.push(chunk);
  }

  close(name: string): void {
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
      case "INFO":
      case "PARAM":
        this.#addInfo();
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
      overflow: status.some((info) => info.value.toUpperCase() === "OVERFLOW"),
    };
  }

  /** Starts a table; with a `ref` it has the fields of the table of that ID. */
  #openTable(attributes: Attributes): void {
    const model = attributes.ref ? this.#models.get(attributes.ref) : undefined;
    const builders = (model ?? []).map((builder) => new ColumnBuilder(this.file, builder.field, builder.size));
    this.#table = { attributes, description: "", builders, numRows: 0 };
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
    const { attributes, description, nullValue } = this.#field as {
      attributes: Attributes;
      description: string;
      nullValue?: string;
    };
    this.#table?.builders.push(
      makeBuilder(this.file, attributes, {
        ...(description ? { description } : {}),
        ...(nullValue === undefined ? {} : { nullValue }),
      }),
    );
    this.#field = undefined;
  }

  #addInfo(): void {
    const { attributes, isParam } = this.#info as { attributes: Attributes; isParam: boolean };
    const text = this.#takeText().trim();
    const info = {
      name: attributes.name ?? attributes.ID ?? "",
      value: attributes.value ?? "",
      text,
      ...(attributes.unit ? { unit: attributes.unit } : {}),
    };
    (isParam ? this.#params : this.#infos).push(info);
    this.#info = undefined;
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
    const nullFlags = this.#path.at(-1) === "BINARY2";
    table.numRows = decodeBinary(decodeBase64(text, this.file), table.builders, { file: this.file, nullFlags });
  }

  #addTable(): void {
    const { attributes, description, builders, numRows } = this.#table as OpenTable;
    const id = attributes.ID;
    if (id) this.#models.set(id, builders);
    this.#tables.push({
      ...(id ? { id } : {}),
      ...(attributes.name ? { name: attributes.name } : {}),
      ...(description ? { description } : {}),
      numRows,
      columns: builders.map((builder) => builder.finish()),
    });
    this.#table = undefined;
  }
}

/** Element name without its namespace prefix. */
function local(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

/** The document's text, by its byte order mark or XML declaration; UTF-8 without either. */
function decodeXml(bytes: Uint8Array): string {
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  const start = String.fromCharCode(...bytes.subarray(0, 200));
  const encoding = /^\s*<\?xml[^>]*encoding=["']([\w.-]+)["']/.exec(start)?.[1]?.toLowerCase() ?? "utf-8";
  return new TextDecoder(encoding).decode(bytes);
}
