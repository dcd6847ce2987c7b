import type { Documents } from "./documents.ts";
import { wordsOf } from "./names.ts";
import { type Binding, type BindingKind, endOf, type SessionScope } from "./scope.ts";

/** A checked cell, and what it brings into scope when it is committed. */
export interface CellDocument {
  /** Its own document's text: what it needs of the session, the cell, what it exports. */
  text: string;
  /** Modules that it needs. */
  modules: ReadonlySet<string>;
  bindings: ReadonlyMap<string, BindingKind>;
  /** Names that it assigns to. */
  assigned: ReadonlySet<string>;
  /** True where it changes global types or another module's. */
  augments: boolean;
  /** True where it has imports of its own. */
  imports: boolean;
}

/** What a cell's text does with names. */
export interface CellNames {
  /** What it declares. */
  bindings: ReadonlyMap<string, BindingKind>;
  /** Names that it exports itself. */
  exported: readonly string[];
  /** Names that it assigns to. */
  assigned: ReadonlySet<string>;
}

/**
 * The documents of a session's cells. Each is the cell's text between a header that imports what it mentions of the
 * session, and a footer that exports what it declares.
 *
 * Cells are checked in a working document, one after another. It imports from all cells that matter, so its list of
 * imports stays the same and the server keeps its program but for this file: a check takes 2 ms instead of 20. A cell
 * that declares something gets a document of its own when it is committed, open until nothing in scope needs it.
 */
export class CellDocuments {
  /** Document of the cell that is checked. */
  readonly working: string;
  /** Document of the code that is being written. */
  readonly scratch: string;
  readonly #documents: Documents;
  readonly #scope: SessionScope;
  readonly #tag: string;
  /** For each open document of a cell, the documents that its header imports from. */
  readonly #dependencies = new Map<string, Set<string>>();
  /** Documents with effects beyond their names. */
  readonly #pinned = new Set<string>();
  #count = 0;

  constructor(documents: Documents, scope: SessionScope, tag: string) {
    this.#documents = documents;
    this.#scope = scope;
    this.#tag = tag;
    this.working = `${tag}-cell.ts`;
    this.scratch = `${tag}-scratch.ts`;
  }

  /** Puts a cell's text in the working document; its lines follow one header line. */
  async open(cell: string, names: CellNames): Promise<CellDocument> {
    const { bindings, exported, assigned } = names;
    const words = wordsOf(cell);
    const declared = new Set(bindings.keys());
    const ends = [...assigned].map((each) => `const ${endOf(each)} = ${each};`).join(" ");
    const exports = [...declared].filter((each) => !exported.includes(each));
    const footer = `export { ${[...exports, ...[...assigned].map(endOf)].join(", ")} };`;
    const body = `${cell}\n${footer} ${ends}`;
    const { line, modules } = this.#scope.header(words, declared);
    const working = this.#scope.header(words, declared, this.#scope.modules());
    await this.#documents.set(this.working, `${working.line}\n${body}`);
    const augments = /\bdeclare\s+(global|module)\b/.test(cell);
    const imports = /\b(import|require)\b/.test(cell) || /\bfrom\b/.test(cell);
    return { text: `${line}\n${body}`, modules, bindings, assigned, augments, imports };
  }

  /** Brings a cell's names into scope. */
  commit(cell: CellDocument): void {
    const { bindings, assigned, augments } = cell;
    if (bindings.size === 0 && assigned.size === 0 && !augments) {
      this.release(cell);
      return;
    }
    const name = `${this.#tag}-${++this.#count}.ts`;
    this.#dependencies.set(name, new Set([...cell.modules].map(documentOf)));
    if (augments) this.#pinned.add(name);
    for (const [binding, kind] of bindings) this.#scope.define(binding, { kind, module: `./${name}` });
    for (const each of assigned) this.#scope.assign(each, `./${name}`);
    this.prepareNext({ name, text: cell.text });
    this.#closeUnused();
  }

  /** Gives a cell up. */
  release({ augments, imports }: CellDocument): void {
    if (augments || imports) this.prepareNext();
  }

  /**
   * Puts what the next cell will import in the documents, and lets the server work on it while the user thinks.
   *
   * @param added A new document. It is opened last, because the server makes its program anew as it opens one.
   */
  prepareNext(added?: { name: string; text: string }): void {
    const { line } = this.#scope.header([], new Set(), this.#scope.modules());
    void this.#documents.set(this.scratch, `${line}\nexport {};`);
    void this.#documents.set(this.working, `${line}\nexport {};`);
    if (added) void this.#documents.set(added.name, added.text);
    void this.#documents.diagnose(this.working).catch(() => {});
  }

  /** Forgets all names that cells have declared. */
  reset(): void {
    this.#scope.reset();
    this.#pinned.clear();
    this.#closeUnused();
    this.prepareNext();
  }

  #closeUnused() {
    const needed = new Set<string>();
    const need = (name: string) => {
      if (needed.has(name)) return;
      needed.add(name);
      for (const dependency of this.#dependencies.get(name) ?? []) need(dependency);
    };
    for (const module of this.#scope.liveModules()) need(documentOf(module));
    for (const name of this.#pinned) need(name);
    for (const name of this.#dependencies.keys()) {
      if (needed.has(name)) continue;
      this.#dependencies.delete(name);
      void this.#documents.remove(name);
    }
  }
}

function documentOf(module: Binding["module"]): string {
  return module.replace(/^\.\//, "");
}
