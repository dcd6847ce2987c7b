/** How a name of the session was made; says whether cells may assign to it. */
export type BindingKind = "let" | "const" | "function" | "class" | "enum" | "namespace" | "type" | "import" | "prelude";

/** A name of the session and the module that declares it. */
export interface Binding {
  kind: BindingKind;
  /** Module specifier of the declaring cell, or of the prelude. */
  module: string;
  /** For a `let`: module of the last cell that assigned to it, which exports its type at the cell's end. */
  assignedIn?: string;
  /** What completion calls it, where that says more than `kind`. */
  shownAs?: string;
}

/** The names in scope of the next cell: the prelude's, and over them what cells declared, the newest winning. */
export class SessionScope {
  readonly #cells = new Map<string, Binding>();
  readonly #prelude = new Map<string, Binding>();

  /** Puts the prelude's names in scope. */
  definePrelude(names: ReadonlyMap<string, string>, module: string): void {
    for (const [name, shownAs] of names) this.#prelude.set(name, { kind: "prelude", module, shownAs });
  }

  /** Puts a cell's names in scope. */
  define(name: string, binding: Binding): void {
    this.#cells.set(name, binding);
  }

  /** Takes the names of cells out of scope. */
  reset(): void {
    this.#cells.clear();
  }

  /** Notes that a cell has assigned to a `let`. */
  assign(name: string, module: string): void {
    const binding = this.#cells.get(name);
    if (binding?.kind === "let") this.#cells.set(name, { ...binding, assignedIn: module });
  }

  get(name: string): Binding | undefined {
    return this.#cells.get(name) ?? this.#prelude.get(name);
  }

  /** Whether a name has, or may have, a value. */
  hasValue(name: string): boolean {
    const binding = this.get(name);
    return binding !== undefined && binding.kind !== "type" && binding.shownAs !== "interface";
  }

  /** All names with their bindings: those of cells first, each group by the alphabet. */
  entries(): Map<string, Binding> {
    const sorted = (names: ReadonlyMap<string, Binding>) => [...names].sort(([a], [b]) => (a < b ? -1 : 1));
    const prelude = sorted(this.#prelude).filter(([name]) => !this.#cells.has(name));
    return new Map([...sorted(this.#cells), ...prelude]);
  }

  /** Names of values that cells have declared, by the alphabet. */
  cellValues(): string[] {
    return [...this.#cells.keys()].filter((name) => this.hasValue(name)).sort();
  }

  /** Modules of cells that still declare some name. */
  liveModules(): Set<string> {
    const bindings = [...this.#cells.values()];
    return new Set(bindings.flatMap(({ module, assignedIn }) => (assignedIn ? [module, assignedIn] : [module])));
  }

  /** All modules that names of the session come from. */
  modules(): Set<string> {
    const preludes = [...this.#prelude.values()].map(({ module }) => module);
    return new Set([...preludes, ...this.liveModules()]);
  }

  /**
   * One line of TypeScript that brings names into a cell. What a cell may assign to is declared with its type; the
   * rest is imported, so classes, types and namespaces keep all their meanings.
   *
   * @param always Modules to import from, in this order, even if no name comes from them: while the list of a
   *   document's imports stays the same, the server keeps the rest of its program.
   */
  header(
    mentioned: Iterable<string>,
    declared: ReadonlySet<string>,
    always: Iterable<string> = [],
  ): { line: string; modules: Set<string> } {
    const imports = new Map<string, string[]>([...always].map((module) => [module, []]));
    const declarations: string[] = [];
    const modules = new Set<string>();
    const take = (module: string, specifier: string) => {
      modules.add(module);
      const taken = imports.get(module);
      if (taken) taken.push(specifier);
      else imports.set(module, [specifier]);
    };
    for (const name of mentioned) {
      const binding = declared.has(name) ? undefined : this.get(name);
      if (!binding) continue;
      const { kind, module, assignedIn } = binding;
      take(module, kind === "let" ? `${name} as ${letOf(name)}` : name);
      if (assignedIn) take(assignedIn, `${endOf(name)} as ${wasOf(name)}`);
      if (kind === "let") declarations.push(letDeclaration(name, assignedIn));
    }
    const lines = [...imports].map(([from, names]) => `import { ${names.join(", ")} } from ${JSON.stringify(from)};`);
    return { line: [...lines, ...declarations].join(" "), modules };
  }
}

/** Beginning of the names that the session adds to documents for itself. */
export const OWN_NAMES = "photonbook$";

/** Name under which a cell exports the type that a `let` has at its end. */
export function endOf(name: string): string {
  return `${OWN_NAMES}end_${name}`;
}

/** Name for the imported `let` in a cell, where the name itself is declared anew. */
function letOf(name: string): string {
  return `${OWN_NAMES}let_${name}`;
}

/** Name for what the last cell that assigned it exports as its end; a cell that assigns it has an end of its own. */
function wasOf(name: string): string {
  return `${OWN_NAMES}was_${name}`;
}

/**
 * Declares a `let` with its own type. Where the last assignment left neither null nor undefined, that is kept by an
 * assignment: after `let a: string | undefined` and a cell `a = "x"`, a third may say `a.length`. Narrowing of other
 * kinds ends with its cell, since functions may have assigned since.
 */
function letDeclaration(name: string, assignedIn: string | undefined): string {
  const declared = `typeof ${letOf(name)}`;
  const declaration = `declare let ${name}: ${declared};`;
  if (!assignedIn) return declaration;
  const end = `typeof ${wasOf(name)}`;
  const kept = `null extends ${end} ? ${declared} : undefined extends ${end} ? ${declared} : NonNullable<${declared}>`;
  return `${declaration} ${name} = null! as (${kept});`;
}
