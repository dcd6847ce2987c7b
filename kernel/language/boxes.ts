import { analyze, type Scope, type Variable } from "eslint-scope";
import MagicString from "magic-string";
import { namedBy, propertyName } from "./anonymous.ts";
import { importCode, moduleArguments } from "./imports.ts";
import { resultOf } from "./result.ts";
import { type AnyNode, freePrefix, parseModule, patternIdentifiers, type SyntaxTree } from "./syntax-tree.ts";

/** A cell rewritten to run on boxes. */
export interface BoxedCell {
  /**
   * Source of `async ($import, $return, $new, …boxes) => {…}`: how to import, where the result and the marks go, how
   * to get any box by its name. The three are called after reserved words, so that no user's name meets them.
   */
  js: string;
  /** Names of the boxes, in the order of the parameters. */
  names: string[];
  /** Names the cell declares, a subset of `names`. */
  declared: Map<string, DeclarationKind>;
  /** Names of the session, the cell's own included, that it assigns to. */
  assigned: Set<string>;
  /** The edits, from which the source map is made when it is asked for. */
  edits: MagicString;
}

/** What declares a name, in the JavaScript that is left of the cell. */
export type DeclarationKind = "let" | "const" | "function" | "class" | "import";

export interface BoxOptions {
  /** Whether a name not declared in the cell lives in the session; others are the global scope's. */
  inSession(name: string): boolean;
  /** Whether a top-level name was written by the user; helpers made by the TypeScript step stay local. */
  isUserName(name: string): boolean;
  /** Imported names that are types only: they have no value to import. */
  typeImports: ReadonlySet<string>;
  /** Names declared as `namespace`: the statement that fills one is not a result. */
  isNamespace(name: string): boolean;
}

/**
 * Rewrites a cell (JavaScript, module syntax) so that every top-level binding is a box `{v}` shared with the other
 * cells. A reference reads the box when it runs, so functions see what later cells assign.
 */
export function boxCell(source: string, options: BoxOptions): BoxedCell {
  return new Boxing(source, options).run();
}

class Boxing {
  readonly #source: string;
  readonly #options: BoxOptions;
  readonly #tree: SyntaxTree;
  readonly #edits: MagicString;
  readonly #declared = new Set<string>();
  readonly #kinds = new Map<string, DeclarationKind>();
  readonly #names = new Set<string>();
  readonly #assigned = new Set<string>();
  readonly #prefix: string;
  /** Statements that run first: functions are usable before the line that declares them, `var`s start undefined. */
  readonly #hoisted: string[] = [];

  constructor(source: string, options: BoxOptions) {
    this.#source = source;
    this.#options = options;
    this.#tree = parseModule(source);
    this.#edits = new MagicString(source);
    this.#prefix = freePrefix(this.#tree);
  }

  run(): BoxedCell {
    const { moduleScope, scopes } = this.#analyzeScopes();
    for (const variable of moduleScope.variables) {
      const { isUserName, typeImports } = this.#options;
      if (isUserName(variable.name) && !typeImports.has(variable.name)) this.#declared.add(variable.name);
    }
    this.#keepDeclarationsWhole();
    for (const name of this.#declared) this.#names.add(name);
    for (const variable of moduleScope.variables) {
      if (this.#declared.has(variable.name)) this.#kinds.set(variable.name, declarationKind(variable));
    }
    this.#boxReferences(scopes, moduleScope);
    for (const node of this.#tree.nodes) this.#rewriteNode(node);
    this.#rewriteResult();
    this.#markStatements();
    return this.#assemble();
  }

  #analyzeScopes() {
    const manager = analyze(this.#tree.program as never, { ecmaVersion: 2022, sourceType: "module" });
    const moduleScope = manager.scopes.find((scope) => scope.type === "module")!;
    return { moduleScope, scopes: manager.scopes };
  }

  /** One declaration is boxed whole or not at all. */
  #keepDeclarationsWhole() {
    for (const node of this.#tree.nodes) {
      if (!this.#declaresInCell(node)) continue;
      const names = declaredNames(node);
      if (names.some((name) => this.#declared.has(name))) for (const name of names) this.#declared.add(name);
    }
  }

  #declaresInCell(node: AnyNode): boolean {
    if (node.type !== "VariableDeclaration") return false;
    const { parent, topLevel } = this.#tree.place.get(node)!;
    if (node.kind === "var") return topLevel;
    return parent.type === "Program" || parent.type === "ExportNamedDeclaration";
  }

  #box(name: string): string {
    this.#names.add(name);
    return `${this.#prefix}${name}.v`;
  }

  #boxReferences(scopes: readonly Scope[], moduleScope: Scope) {
    const boxed = (variable: Variable | null, name: string) =>
      variable ? variable.scope === moduleScope && this.#declared.has(name) : this.#options.inSession(name);
    for (const scope of scopes) {
      for (const reference of scope.references) {
        const node = reference.identifier as unknown as AnyNode;
        if (!boxed(reference.resolved, node.name)) continue;
        if (reference.isWrite()) this.#assigned.add(node.name);
        this.#boxIdentifier(node);
      }
    }
    for (const node of this.#tree.nodes) {
      if (this.#declaresInCell(node)) for (const declarator of node.declarations) this.#boxPattern(declarator.id);
    }
  }

  #boxPattern(pattern: AnyNode) {
    for (const node of patternIdentifiers(pattern)) if (this.#declared.has(node.name)) this.#boxIdentifier(node);
  }

  readonly #done = new Set<number>();

  #boxIdentifier(node: AnyNode) {
    if (this.#done.has(node.start)) return;
    const { parent } = this.#tree.place.get(node)!;
    if (parent.type === "ExportSpecifier") return;
    this.#done.add(node.start);
    const box = this.#box(node.name);
    const property = parent.type === "AssignmentPattern" && parent.left === node ? this.#parent(parent) : parent;
    if (property.type === "Property" && property.shorthand && property.key.start === node.start) {
      this.#edits.update(node.start, node.end, `${propertyName(node.name)}: ${box}`);
    } else if (
      (parent.type === "CallExpression" && parent.callee === node) ||
      (parent.type === "TaggedTemplateExpression" && parent.tag === node)
    ) {
      this.#edits.update(node.start, node.end, `(0, ${box})`);
    } else {
      this.#edits.update(node.start, node.end, box);
    }
    this.#nameFunction(node, parent);
  }

  /** `f = () => 1` names the function "f"; `$f.v = () => 1` would not, so the name is given by a property. */
  #nameFunction(node: AnyNode, parent: AnyNode) {
    const value = namedBy(node, parent);
    if (!value) return;
    const key = propertyName(node.name);
    this.#edits.appendRight(value.start, `({ ${key}: `);
    this.#edits.appendLeft(value.end, key.startsWith("[") ? ` })${key}` : ` }).${key}`);
  }

  #parent(node: AnyNode): AnyNode {
    return this.#tree.place.get(node)!.parent;
  }

  #rewriteNode(node: AnyNode) {
    switch (node.type) {
      case "VariableDeclaration":
        if (this.#declaresInCell(node)) this.#rewriteVariables(node);
        break;
      case "FunctionDeclaration":
      case "ClassDeclaration":
        this.#rewriteFunctionOrClass(node);
        break;
      case "ImportDeclaration":
        this.#rewriteImport(node);
        break;
      case "AwaitExpression":
      case "ThrowStatement":
        if (this.#tree.place.get(node)!.topLevel) this.#markValue(node, node.argument);
        break;
      case "ForOfStatement":
        if (node.await && this.#tree.place.get(node)!.topLevel) this.#markValue(node, node.right);
        break;
      case "ImportExpression":
        this.#edits.update(node.start, node.start + "import".length, `${this.#prefix}import`);
        break;
      case "MetaProperty":
        if (node.meta.name === "import") {
          this.#edits.update(node.start, node.end, `${this.#prefix}import.meta`);
        }
        break;
      case "ExportNamedDeclaration":
      case "ExportAllDeclaration":
        this.#rewriteExport(node);
        break;
      case "ExportDefaultDeclaration":
        this.#rewriteDefaultExport(node);
        break;
    }
  }

  #rewriteVariables(node: AnyNode) {
    const names = declaredNames(node);
    if (!names.some((name) => this.#declared.has(name))) return;
    if (node.kind === "var") for (const name of names) this.#hoisted.push(`${this.#box(name)} = void 0;`);
    if (node.kind === "using" || node.kind === "await using") return this.#rewriteUsing(node);
    this.#edits.remove(node.start, node.declarations[0].start);
    const parent = this.#parent(node);
    const isLoopTarget = (parent.type === "ForInStatement" || parent.type === "ForOfStatement") && parent.left === node;
    if (isLoopTarget) return;
    for (const declarator of node.declarations as AnyNode[]) {
      if (declarator.init) {
        if (declarator.id.type === "ObjectPattern") {
          this.#edits.appendRight(declarator.start, "(");
          this.#edits.appendLeft(declarator.end, ")");
        }
      } else if (node.kind === "var") {
        this.#edits.update(declarator.start, declarator.end, "void 0");
      } else {
        this.#edits.appendLeft(declarator.end, " = void 0");
      }
    }
  }

  /** The resource is released when the cell ends, as `using` says; the name stays in the session. */
  #rewriteUsing(node: AnyNode) {
    for (const { id } of node.declarations as AnyNode[]) {
      this.#edits.appendRight(id.start, `${this.#prefix}0${id.name} = `);
    }
  }

  #rewriteFunctionOrClass(node: AnyNode) {
    const parent = this.#parent(node);
    const isTop = parent.type === "Program" || parent.type.startsWith("Export");
    if (!isTop || !node.id || !this.#declared.has(node.id.name)) return;
    const box = this.#box(node.id.name);
    if (node.type === "FunctionDeclaration") {
      this.#hoisted.push(`${box} = ${node.id.name};`);
    } else {
      this.#edits.appendRight(node.start, `${box} = `);
      this.#edits.appendLeft(node.end, ";");
    }
  }

  #rewriteImport(node: AnyNode) {
    const specifiers = node.specifiers as AnyNode[];
    const kept = specifiers.filter((specifier) => !this.#options.typeImports.has(specifier.local.name));
    if (specifiers.length > 0 && kept.length === 0) {
      this.#edits.remove(node.start, node.end);
      return;
    }
    const module = this.#importedModule(node);
    this.#edits.update(
      node.start,
      node.end,
      importCode(kept, module, (name) => this.#box(name)),
    );
    // Imports run before the rest of the cell, wherever they stand.
    const first = (this.#tree.program.body as AnyNode[]).find((other) => other.type !== "ImportDeclaration");
    if (first && first.start < node.start) this.#edits.move(node.start, node.end, first.start);
  }

  #importedModule(node: AnyNode): string {
    return `await ${this.#prefix}return.mark(${node.start}, ${this.#prefix}import(${moduleArguments(node)}))`;
  }

  #rewriteExport(node: AnyNode) {
    if (node.declaration) {
      this.#edits.remove(node.start, node.declaration.start);
    } else if (node.source) {
      this.#edits.update(node.start, node.end, `${this.#importedModule(node)};`);
    } else {
      this.#edits.remove(node.start, node.end);
    }
  }

  #rewriteDefaultExport(node: AnyNode) {
    const { declaration } = node;
    const isDeclaration = declaration.type === "FunctionDeclaration" || declaration.type === "ClassDeclaration";
    this.#edits.remove(node.start, declaration.start);
    if (isDeclaration && !declaration.id) {
      this.#edits.appendRight(declaration.start, "(");
      this.#edits.appendLeft(declaration.end, ");");
    }
  }

  #rewriteResult() {
    const result = resultOf(this.#tree.program, this.#source, {
      isHelper: (name) => !this.#declared.has(name) && !this.#options.isUserName(name),
      isNamespace: this.#options.isNamespace,
    });
    if (!result) return;
    this.#edits.prependRight(result.start, `${this.#prefix}return.v = (`);
    this.#edits.appendLeft(result.end, `); ${this.#prefix}return.has = true`);
  }

  /**
   * Marks say where the cell is when an error comes that knows no better: one that was made before what the cell
   * awaits, one whose stack is cut off, a thrown value that is no error. A mark is an offset in the source.
   */
  #markStatements() {
    for (const node of this.#tree.program.body as AnyNode[]) {
      if (DOING_NOTHING.has(node.type) || (node.type === "ExportNamedDeclaration" && !node.declaration)) continue;
      this.#edits.prependRight(node.start, `${this.#prefix}return.at = ${node.start}; `);
    }
  }

  /** Marks what is awaited or thrown outside every function. */
  #markValue(node: AnyNode, value: AnyNode) {
    this.#edits.appendRight(value.start, `${this.#prefix}return.mark(${node.start}, (`);
    this.#edits.appendLeft(value.end, "))");
  }

  #assemble(): BoxedCell {
    const names = [...this.#names];
    const p = this.#prefix;
    const parameters = [`${p}import`, `${p}return`, `${p}new`, ...names.map((name) => p + name)].join(", ");
    const hoisted = [...new Set(this.#hoisted)].join(" ");
    this.#edits.prepend(`async (${parameters}) => {"use strict"; ${hoisted}\n`);
    this.#edits.append("\n}");
    return {
      js: this.#edits.toString(),
      names,
      declared: this.#kinds,
      assigned: this.#assigned,
      edits: this.#edits,
    };
  }
}

const DOING_NOTHING = new Set(["FunctionDeclaration", "ImportDeclaration", "EmptyStatement", "ExportAllDeclaration"]);

function declarationKind(variable: Variable): DeclarationKind {
  const { type, parent } = variable.defs.at(-1)! as { type: string; parent?: { kind?: string } | null };
  if (type === "FunctionName") return "function";
  if (type === "ClassName") return "class";
  if (type === "ImportBinding") return "import";
  return parent?.kind === "let" || parent?.kind === "var" ? "let" : "const";
}

function declaredNames(declaration: AnyNode): string[] {
  return declaration.declarations.flatMap((d: AnyNode) => patternIdentifiers(d.id).map((node) => node.name));
}
