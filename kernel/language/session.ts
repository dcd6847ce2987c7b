import path from "node:path";
import { transform } from "esbuild";
import { breakLines } from "./break-lines.ts";
import { type CellDocument, CellDocuments } from "./cell-documents.ts";
import { blankExports, type CellText, cellFile, cellText } from "./cell-text.ts";
import { COMPLETION_KINDS, type CompletionResult, completeAt, requestCompletions } from "./completion.ts";
import { notebookConfig } from "./config.ts";
import { type CellError, readDiagnostics, type Verdict } from "./diagnostics.ts";
import { Documents } from "./documents.ts";
import { type InspectionResult, inspectAt } from "./inspection.ts";
import { type Completeness, isComplete } from "./is-complete.ts";
import { LocalFiles } from "./local-files.ts";
import { blankMagics } from "./magics.ts";
import { type DeclaredTypes, declaredTypes, roughlyDeclared, wordsOf } from "./names.ts";
import { parses } from "./parses.ts";
import { type BindingKind, SessionScope } from "./scope.ts";
import { type ParserError, stripTypes } from "./strip.ts";
import { CellSyntaxError, type StrippedCell, type Transformed, transformCell, transformStripped } from "./transform.ts";

/** What cells are written in: in JavaScript, types are known for completion, but no type error stops a cell. */
export type CellLanguage = "typescript" | "javascript";

/** What a session needs to know of its notebook. */
export interface SessionOptions {
  /** Folder of the notebook; imports resolve from it. */
  notebookDir: string;
  /** Module whose exports are in scope in every cell: a specifier or an absolute path. */
  prelude?: string;
  /** Absolute path of the prelude's `.ts` or `.d.ts`. Default: `prelude`. */
  preludeTypes?: string;
  /** Default: TypeScript. */
  language?: CellLanguage;
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
  /** Forgets what cells have declared. */
  reset(): void;
  /** Cell position of a position (1-based) in the JavaScript of a prepared cell. */
  originalPosition(
    file: string,
    line: number,
    column: number,
  ): { cell: number; line: number; column: number } | undefined;
  /** Cell position of a mark (see the engine's CellResult) in the JavaScript of a prepared cell. */
  markedPosition(file: string, mark: number): { cell: number; line: number; column: number } | undefined;
  /** Where in the JavaScript of a prepared cell a line of it begins. */
  generatedPosition(file: string, line: number): { line: number; column: number } | undefined;
  /** The lines of TypeScript at which it can stop. */
  breakLines(code: string): Promise<number[]>;
  /**
   * Rewrites an expression to the source of a function that takes what a cell's takes and runs at once: what follows
   * may not be awaited.
   *
   * @param isLocal Whether a name is a variable of the place where the function will be made.
   */
  expression(code: string, isLocal: (name: string) => boolean): Promise<{ js: string; names: string[] }>;
  /** Declares a name of which nothing is known, as a cell `let name: any` would. */
  declareAny(name: string): Promise<void>;
  /** Names of values that cells have declared. */
  variables(): string[];
  /** A line (1-based) of the JavaScript of a prepared cell; empty where there is none. */
  lineOf(file: string, line: number): string;
  /** What the names begin with that the rewriting has given to a cell's function: `$`, or more of it. */
  ownPrefix(file: string): string | undefined;
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
  /** Lines that precede the cell's first in the text given to the transform. */
  prefixLines: number;
  transformed: Transformed;
}

class NotebookSession implements LanguageSession {
  readonly #notebookDir: string;
  readonly #stopsAtTypes: boolean;
  readonly #tag = `photonbook-${process.pid}-${++sessionCount}`;
  readonly #documents: Documents;
  readonly #scope = new SessionScope();
  readonly #magicContext = { parses, inSession: (name: string) => this.#scope.hasValue(name) };
  readonly #cells: CellDocuments;
  readonly #localFiles = new LocalFiles();
  readonly #ready: Promise<unknown>;
  /** Cells prepared and neither committed nor discarded. */
  readonly #prepared = new Map<number, CellDocument>();
  /** Ways back from generated code, by its file name. */
  readonly #records = new Map<string, CellRecord>();
  /** Counts cells that the kernel itself makes, downwards. */
  #ownCells = 0;
  #workingFree: Promise<unknown> = Promise.resolve();
  /** Completion and inspection share one document, so they take turns. */
  #scratchFree: Promise<unknown> = Promise.resolve();

  constructor({ notebookDir, prelude, preludeTypes = prelude, language = "typescript" }: SessionOptions) {
    this.#stopsAtTypes = language === "typescript";
    this.#notebookDir = path.resolve(notebookDir);
    const types = preludeTypes && path.isAbsolute(preludeTypes) ? preludeTypes : undefined;
    const [name, cellPattern] = [`.${this.#tag}.json`, `${this.#tag}-*.ts`];
    const config = notebookConfig(this.#notebookDir, { name, cellPattern, preludeTypes: types });
    this.#documents = new Documents(this.#notebookDir, name, config);
    this.#cells = new CellDocuments(this.#documents, this.#scope, this.#tag);
    const preludeModule = preludeTypes?.replace(/\.d\.ts$/, "");
    this.#ready = Promise.all([this.#warmUp(preludeModule), transform("0")]);
    this.#ready.catch(() => {});
  }

  /** Has the server load what every check needs, and learns the prelude's names. */
  async #warmUp(preludeModule: string | undefined) {
    if (preludeModule !== undefined) await this.#loadPrelude(preludeModule);
    this.#cells.prepareNext();
    await this.#documents.diagnose(this.#cells.working);
  }

  async #loadPrelude(module: string) {
    const name = this.#cells.working;
    await this.#documents.set(name, `import {  } from ${JSON.stringify(module)};\nexport {};`);
    const position = { line: 0, character: "import { ".length };
    const items = await requestCompletions(this.#documents, name, position);
    const names = items
      .filter(({ label }) => label !== "type" && label !== "default")
      .map(({ label, kind = 1 }) => [label, preludeKind(label, kind)] as const);
    this.#scope.definePrelude(new Map(names), module);
  }

  /** Cells take turns in their working document; one that was stopped may still be on its way. */
  prepare(cell: { id: number; code: string }): Promise<Prepared> {
    const prepared = this.#workingFree.then(() => this.#prepare(cell));
    this.#workingFree = prepared.catch(() => {});
    return prepared;
  }

  async #prepare({ id, code }: { id: number; code: string }): Promise<Prepared> {
    await this.#ready;
    const file = cellFile(id);
    const cell = cellText(code, this.#magicContext);
    const declarations = declaredTypes(cell.text);
    const source = blankExports(cell.text, declarations.exportKeywords);
    const stripped = await stripTypes(source, file);
    const rewrite = (typeImports: ReadonlySet<string>) =>
      stripped.ok ? this.#rewrite({ source, ...stripped }, file, typeImports) : stripped;
    let rewritten = rewrite(new Set());
    const declared = rewritten.ok ? rewritten.transformed.declared : new Map<string, BindingKind>();
    const bindings = cellBindings(declared, declarations);
    const assigned = new Set(
      rewritten.ok ? [...rewritten.transformed.assigned].filter((name) => this.#isLet(name, bindings)) : [],
    );
    const document = await this.#cells.open(source, { bindings, exported: declarations.exported, assigned });
    const verdict = await this.#check(document, cell);
    if (rewritten.ok && verdict.typeImports.size > 0) {
      rewritten = rewrite(verdict.typeImports);
      for (const name of verdict.typeImports) bindings.set(name, "type");
    }
    const stopsAtTypes = this.#stopsAtTypes && !cell.unchecked;
    const problem = problemOf(rewritten, verdict, { ...cell, stopsAtTypes });
    if (problem || !rewritten.ok) {
      this.#cells.release(document);
      return problem!;
    }
    this.discard(id);
    this.#prepared.set(id, document);
    const { transformed } = rewritten;
    this.#records.set(file, { id, prefixLines: cell.prefixLines, transformed });
    return { ok: true, file, js: transformed.js, names: transformed.names };
  }

  #isLet(name: string, bindings: ReadonlyMap<string, BindingKind>): boolean {
    return (bindings.get(name) ?? this.#scope.get(name)?.kind) === "let";
  }

  #rewrite(cell: StrippedCell, file: string, typeImports: ReadonlySet<string>): Rewritten {
    const inSession = (name: string) => this.#scope.hasValue(name);
    try {
      return { ok: true, transformed: transformStripped(cell, { file, inSession, typeImports }) };
    } catch (error) {
      if (!(error instanceof CellSyntaxError)) throw error;
      const { message, line, column } = error;
      return { ok: false, error: { message, line, column, length: 1 } };
    }
  }

  async #check(document: CellDocument, cell: CellText): Promise<Verdict> {
    const changes = this.#localFiles.changes();
    this.#localFiles.note(cell.text, this.#notebookDir);
    if (changes.length > 0) await this.#documents.filesChanged(changes);
    try {
      return readDiagnostics(await this.#documents.diagnose(this.#cells.working), {
        code: cell.code,
        firstLine: 1 + cell.prefixLines,
        binding: (name) => this.#scope.get(name),
      });
    } catch (error) {
      this.#cells.release(document);
      throw error;
    }
  }

  commit(id: number): void {
    const document = this.#prepared.get(id);
    if (!document) return;
    this.#prepared.delete(id);
    this.#cells.commit(document);
  }

  discard(id: number): void {
    const document = this.#prepared.get(id);
    if (!document) return;
    this.#prepared.delete(id);
    this.#cells.release(document);
  }

  async complete(code: string, cursor: number): Promise<CompletionResult> {
    return this.#withScratch(code, (document) => completeAt(this.#documents, document, this.#scope, code, cursor));
  }

  async inspect(code: string, cursor: number, detailLevel = 0): Promise<InspectionResult> {
    return this.#withScratch(code, (document) => inspectAt(this.#documents, document, code, cursor, detailLevel));
  }

  /** Puts half-written code in a document of its own, below a line with the names it mentions, and asks about it. */
  async #withScratch<T>(code: string, ask: (document: string) => Promise<T>): Promise<T> {
    await this.#ready;
    const document = this.#cells.scratch;
    const answer = this.#scratchFree.then(async () => {
      const { line } = this.#scope.header(wordsOf(code), roughlyDeclared(code), this.#scope.modules());
      await this.#documents.set(document, `${line}\n${blankMagics(code)}\nexport {};`);
      return ask(document);
    });
    this.#scratchFree = answer.catch(() => {});
    return answer;
  }

  isComplete(code: string): Completeness {
    return isComplete(code);
  }

  reset(): void {
    this.#cells.reset();
  }

  originalPosition(file: string, line: number, column: number) {
    const record = this.#records.get(path.basename(file));
    return record && inCell(record, record.transformed.original(line, column));
  }

  markedPosition(file: string, mark: number) {
    const record = this.#records.get(file);
    return record && inCell(record, record.transformed.marked(mark));
  }

  generatedPosition(file: string, line: number) {
    const record = this.#records.get(file);
    return record?.transformed.generated(line + record.prefixLines);
  }

  breakLines(code: string): Promise<number[]> {
    return breakLines(code);
  }

  async expression(code: string, isLocal: (name: string) => boolean): Promise<{ js: string; names: string[] }> {
    await this.#ready;
    const inSession = (name: string) => !isLocal(name) && this.#scope.hasValue(name);
    const { js, names } = await transformCell(cellText(code, this.#magicContext).text, {
      file: "expression.ts",
      inSession,
    });
    return { js: js.replace(/^async /, ""), names };
  }

  async declareAny(name: string): Promise<void> {
    const id = --this.#ownCells;
    const { ok } = await this.prepare({ id, code: `let ${name}: any;` });
    if (ok) this.commit(id);
  }

  variables(): string[] {
    return this.#scope.cellValues();
  }

  lineOf(file: string, line: number): string {
    return this.#records.get(file)?.transformed.js.split("\n")[line - 1] ?? "";
  }

  ownPrefix(file: string): string | undefined {
    return /^async \((\$+)import/.exec(this.#records.get(file)?.transformed.js ?? "")?.[1];
  }

  async close(): Promise<void> {
    await this.#documents.close();
  }
}

let sessionCount = 0;

function inCell({ id, prefixLines }: CellRecord, found: { line: number; column: number } | undefined) {
  return found && { cell: id, line: Math.max(1, found.line - prefixLines), column: found.column };
}

/** What a name of the prelude is; the server calls everything that is exported again a variable. */
function preludeKind(name: string, kind: number): string {
  const told = COMPLETION_KINDS[kind] ?? "variable";
  if (told !== "variable") return told;
  if (/^[A-Z][A-Z0-9_]+$/.test(name)) return "const";
  return /^[A-Z]/.test(name) ? "class" : "function";
}

/** What a cell brings into scope: the values left in its JavaScript, and the types that are not. */
function cellBindings(values: ReadonlyMap<string, BindingKind>, types: DeclaredTypes): Map<string, BindingKind> {
  const bindings = new Map(values);
  for (const { name, kind } of types.types) bindings.set(name, kind);
  for (const name of types.typeImports) bindings.set(name, "type");
  return bindings;
}

/** A cell rewritten to run, or where it could not be parsed. */
type Rewritten = { ok: true; transformed: Transformed } | { ok: false; error: ParserError };

/** What keeps a cell from running. For an error of syntax the checker's words are used where it has some. */
function problemOf(
  rewritten: Rewritten,
  verdict: Verdict,
  cell: { prefixLines: number; stopsAtTypes: boolean },
): (Prepared & { ok: false }) | undefined {
  if (rewritten.ok) {
    if (!cell.stopsAtTypes || verdict.errors.length === 0) return undefined;
    return { ok: false, errors: verdict.errors, kind: "type" };
  }
  const grammar = verdict.errors.filter(({ code = 0 }) => code >= 1000 && code < 2000);
  if (grammar.length > 0) return { ok: false, errors: grammar, kind: "syntax" };
  const { message, line, column, length } = rewritten.error;
  return { ok: false, errors: [{ message, line: line - cell.prefixLines, column, length }], kind: "syntax" };
}
