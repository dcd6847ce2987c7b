import path from "node:path";
import { transform, transformSync } from "esbuild";
import { blankExports, cellText } from "./cell-text.ts";
import { type CompletionResult, completeAt } from "./completion.ts";
import { notebookConfig } from "./config.ts";
import { type CellError, readDiagnostics } from "./diagnostics.ts";
import { Documents } from "./documents.ts";
import { type InspectionResult, inspectAt } from "./inspection.ts";
import { type Completeness, isComplete } from "./is-complete.ts";
import { declaredTypes, roughlyDeclared, wordsOf } from "./names.ts";
import { type BindingKind, SessionScope } from "./scope.ts";
import { stripTypes } from "./strip.ts";
import { type Transformed, transformStripped } from "./transform.ts";

/** What a session needs to know of its notebook. */
export interface SessionOptions {
  /** Folder of the notebook; imports resolve from it. */
  notebookDir: string;
  /** Module whose exports are in scope in every cell: a specifier or an absolute path. */
  prelude?: string;
  /** Absolute path of the prelude's `.ts` or `.d.ts`. Default: `prelude`. */
  preludeTypes?: string;
}

/** A cell ready to run, or what is wrong with it. */
export type Prepared =
  | { ok: true; file: string; js: string; names: string[] }
  | { ok: false; errors: CellError[]; kind: "type" | "syntax" };

/** Types, transform and editor help for the cells of one notebook. */
export interface LanguageSession {
  /** Checks a cell and rewrites it to the source of the function that runs it. */
  prepare(cell: { id: number; code: string }): Promise<Prepared>;
  /** Brings a prepared cell's declarations into scope. */
  commit(id: number): void;
  /** Forgets a prepared cell. */
  discard(id: number): void;
  /** Completions at a UTF-16 offset of half-written code. */
  complete(code: string, cursor: number): Promise<CompletionResult>;
  /** Signature and documentation of what is under or before a UTF-16 offset. */
  inspect(code: string, cursor: number, detailLevel?: number): Promise<InspectionResult>;
  isComplete(code: string): Completeness;
  /** Cell position of a position (1-based) in the JavaScript of a prepared cell. */
  originalPosition(
    file: string,
    line: number,
    column: number,
  ): { cell: number; line: number; column: number } | undefined;
  close(): Promise<void>;
}

/**
 * Starts the language server for a notebook. Resolves at once: the server warms up while the kernel connects, and the
 * first cell waits for it.
 */
export async function startLanguageSession(options: SessionOptions): Promise<LanguageSession> {
  return new NotebookSession(options);
}

interface CellRecord {
  id: number;
  /** Lines of the text given to the transform that precede the cell's first. */
  prefixLines: number;
  transformed: Transformed;
}

/** A prepared cell that is neither committed nor discarded. */
interface PendingCell {
  document: string;
  bindings: Map<string, BindingKind>;
}

class NotebookSession implements LanguageSession {
  readonly #documents: Documents;
  readonly #scope = new SessionScope();
  readonly #records = new Map<string, CellRecord>();
  readonly #pending = new Map<number, PendingCell>();
  /** For each document, the documents its header imports from. */
  readonly #dependencies = new Map<string, Set<string>>();
  readonly #ready: Promise<unknown>;
  readonly #tag = `photonbook-${process.pid}`;
  #documentCount = 0;

  constructor({ notebookDir, prelude, preludeTypes = prelude }: SessionOptions) {
    const types = preludeTypes && path.isAbsolute(preludeTypes) ? preludeTypes : undefined;
    const config = notebookConfig(notebookDir, `${this.#tag}-*.ts`, types);
    this.#documents = new Documents(notebookDir, `.${this.#tag}.json`, config);
    const preludeModule = preludeTypes?.replace(/\.d\.ts$/, "");
    this.#ready = Promise.all([this.#warmUp(), preludeModule && this.#loadPrelude(preludeModule), transform("0")]);
    this.#ready.catch(() => {});
  }

  async #warmUp() {
    const name = `${this.#tag}-warm.ts`;
    await this.#documents.set(name, "console.log(process.version);\nexport {};");
    await this.#documents.diagnose(name);
  }

  async #loadPrelude(module: string) {
    const name = `${this.#tag}-prelude.ts`;
    await this.#documents.set(name, `import {  } from ${JSON.stringify(module)};`);
    const list = await this.#documents.request("textDocument/completion", name, {
      position: { line: 0, character: "import { ".length },
      context: { triggerKind: 1 },
    });
    const items = (Array.isArray(list) ? list : (list?.items ?? [])) as { label: string; kind?: number }[];
    const names = items.map(({ label }) => label).filter((label) => label !== "type" && label !== "default");
    this.#scope.definePrelude(names, module);
    // The document stays open: it keeps the prelude's files in the program.
  }

  async prepare({ id, code }: { id: number; code: string }): Promise<Prepared> {
    await this.#ready;
    const file = `photonbook-cell-${id}.js`;
    const cell = cellText(code, parses);
    const types = declaredTypes(cell.text);
    const text = blankExports(cell.text, types.exportKeywords);
    const stripped = await stripTypes(text, file);
    const options = { file, inSession: (name: string) => this.#scope.has(name) };
    const source = stripped.ok ? { source: text, js: stripped.js, map: stripped.map } : undefined;
    let transformed = source && transformStripped(source, options);
    const bindings = cellBindings(transformed, types);
    const document = await this.#openDocument(text, bindings, types.exported);
    const verdict = readDiagnostics(await this.#documents.diagnose(document), {
      code: code.replace(/\r\n?/g, "\n"),
      firstLine: 1 + cell.prefixLines,
      binding: (name) => this.#scope.get(name),
    });
    const errors = stripped.ok
      ? cell.unchecked
        ? []
        : verdict.errors
      : syntaxErrors(verdict.errors, stripped.error, cell.prefixLines);
    if (errors.length > 0 || !transformed) {
      void this.#documents.remove(document);
      return { ok: false, errors, kind: !stripped.ok || verdict.hasSyntaxError ? "syntax" : "type" };
    }
    if (verdict.typeImports.size > 0) {
      transformed = transformStripped(source!, { ...options, typeImports: verdict.typeImports });
      for (const name of verdict.typeImports) bindings.set(name, "type");
    }
    this.#records.set(file, { id, prefixLines: cell.prefixLines, transformed });
    this.discard(id);
    this.#pending.set(id, { document, bindings });
    return { ok: true, file, js: transformed.js, names: transformed.names };
  }

  async #openDocument(text: string, bindings: Map<string, BindingKind>, exported: string[]): Promise<string> {
    const document = `${this.#tag}-${++this.#documentCount}.ts`;
    const declared = new Set(bindings.keys());
    const { line, modules } = this.#scope.header(wordsOf(text), declared);
    const exports = [...declared].filter((name) => !exported.includes(name)).join(", ");
    this.#dependencies.set(document, new Set([...modules].map(documentOf)));
    await this.#documents.set(document, `${line}\n${text}\nexport { ${exports} };`);
    return document;
  }

  commit(id: number): void {
    const cell = this.#pending.get(id);
    if (!cell) return;
    this.#pending.delete(id);
    for (const [name, kind] of cell.bindings) this.#scope.define(name, { kind, module: `./${cell.document}` });
    this.#closeUnused();
  }

  discard(id: number): void {
    const cell = this.#pending.get(id);
    if (!cell) return;
    this.#pending.delete(id);
    this.#closeUnused();
  }

  /** Closes the documents that no name in scope comes from, directly or through another document's types. */
  #closeUnused() {
    const live = new Set([...this.#pending.values()].map((cell) => cell.document));
    const visit = (document: string) => {
      if (live.has(document) && !this.#isPendingDocument(document)) return;
      live.add(document);
      for (const dependency of this.#dependencies.get(document) ?? []) if (!live.has(dependency)) visit(dependency);
    };
    for (const module of this.#scope.liveModules()) visit(documentOf(module));
    for (const cell of this.#pending.values()) visit(cell.document);
    for (const document of this.#dependencies.keys()) {
      if (live.has(document)) continue;
      this.#dependencies.delete(document);
      void this.#documents.remove(document);
    }
  }

  #isPendingDocument(document: string): boolean {
    return [...this.#pending.values()].some((cell) => cell.document === document);
  }

  async complete(code: string, cursor: number): Promise<CompletionResult> {
    await this.#ready;
    return completeAt(this.#documents, await this.#openScratch(code), this.#scope, code, cursor);
  }

  async inspect(code: string, cursor: number, detailLevel = 0): Promise<InspectionResult> {
    await this.#ready;
    return inspectAt(this.#documents, await this.#openScratch(code), code, cursor, detailLevel);
  }

  /** Puts half-written code in a document of its own, below a line with the names it mentions. */
  async #openScratch(code: string): Promise<string> {
    const document = `${this.#tag}-scratch.ts`;
    const { line } = this.#scope.header(wordsOf(code), roughlyDeclared(code));
    await this.#documents.set(document, `${line}\n${code.replace(/^[ \t]*%%/, "//")}\nexport {};`);
    return document;
  }

  isComplete(code: string): Completeness {
    return isComplete(code);
  }

  originalPosition(file: string, line: number, column: number) {
    const record = this.#records.get(path.basename(file));
    const found = record?.transformed.original(line, column);
    return record && found && { cell: record.id, line: found.line - record.prefixLines, column: found.column };
  }

  async close(): Promise<void> {
    await this.#documents.close();
  }
}

function documentOf(module: string): string {
  return module.replace(/^\.\//, "");
}

/** What a cell brings into scope: the values left in its JavaScript, and the types that are not. */
function cellBindings(transformed: Transformed | undefined, types: ReturnType<typeof declaredTypes>) {
  const bindings = new Map<string, BindingKind>(transformed?.declared ?? []);
  for (const { name, kind } of types.types) bindings.set(name, kind);
  for (const name of types.typeImports) bindings.set(name, "type");
  return bindings;
}

/** The checker's words for a syntax error where it has some, else the parser's. */
function syntaxErrors(
  errors: CellError[],
  parserError: { message: string; line: number; column: number; length: number },
  prefixLines: number,
): CellError[] {
  const grammar = errors.filter((error) => error.code !== undefined && error.code >= 1000 && error.code < 2000);
  if (grammar.length > 0) return grammar;
  const { message, line, column, length } = parserError;
  return [{ message, line: line - prefixLines, column, length }];
}

function parses(text: string): boolean {
  try {
    transformSync(text, { loader: "ts", logLevel: "silent" });
    return true;
  } catch {
    return false;
  }
}
