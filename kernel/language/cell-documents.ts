import type { Documents } from "./documents.ts";
import { wordsOf } from "./names.ts";
import { type Binding, type BindingKind, endOf, type SessionScope } from "./scope.ts";

/** A checked cell's document, and what it brings into scope when it is committed. */
export interface CellDocument {
  name: string;
  bindings: ReadonlyMap<string, BindingKind>;
  /** Names that it assigns to. */
  assigned: ReadonlySet<string>;
  /** True where it changes global types or another module's. */
  augments: boolean;
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
 * session, and a footer that exports what it declares. A document closes when nothing in scope needs it any more.
 */
export class CellDocuments {
  readonly #documents: Documents;
  readonly #scope: SessionScope;
  readonly #tag: string;
  /** For each open document, those its header imports from. */
  readonly #dependencies = new Map<string, Set<string>>();
  /** Documents in work, or with effects beyond their names. */
  readonly #pinned = new Set<string>();
  #count = 0;

  constructor(documents: Documents, scope: SessionScope, tag: string) {
    this.#documents = documents;
    this.#scope = scope;
    this.#tag = tag;
  }

  /** Opens a cell's text; its lines follow one header line. The document stays until committed or released. */
  async open(text: string, names: CellNames): Promise<CellDocument> {
    const { bindings, exported, assigned } = names;
    const name = `${this.#tag}-${++this.#count}.ts`;
    const { line, modules } = this.#scope.header(wordsOf(text), new Set(bindings.keys()));
    this.#dependencies.set(name, new Set([...modules].map(documentOf)));
    this.#pinned.add(name);
    const ends = [...assigned].map((each) => `const ${endOf(each)} = ${each};`).join(" ");
    const exports = [...bindings.keys()].filter((each) => !exported.includes(each));
    const footer = `export { ${[...exports, ...[...assigned].map(endOf)].join(", ")} };`;
    await this.#documents.set(name, `${line}\n${text}\n${footer} ${ends}`);
    return { name, bindings, assigned, augments: /\bdeclare\s+(global|module)\b/.test(text) };
  }

  /** Brings a document's names into scope. */
  commit({ name, bindings, assigned, augments }: CellDocument): void {
    if (!augments) this.#pinned.delete(name);
    for (const [binding, kind] of bindings) this.#scope.define(binding, { kind, module: `./${name}` });
    for (const each of assigned) this.#scope.assign(each, `./${name}`);
    this.#closeUnused();
  }

  /** Gives a document up. */
  release({ name }: { name: string }): void {
    this.#pinned.delete(name);
    this.#closeUnused();
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
