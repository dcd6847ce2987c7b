import { scan, type Token } from "./scan.ts";

const WORD = /[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/gu;

/** Every identifier-like word of a text, those in strings and comments included. */
export function wordsOf(code: string): Set<string> {
  return new Set(code.match(WORD) ?? []);
}

/** What a declaration that may have no value is to later cells. */
export type TypeDeclarationKind = "type" | "namespace" | "class" | "enum" | "let" | "const" | "function";

/** Names a cell declares at top level that may leave no trace in the JavaScript made from it. */
export interface DeclaredTypes {
  /** Interfaces, type aliases, `declare` statements, namespaces, classes, enums. */
  types: { name: string; kind: TypeDeclarationKind }[];
  /** Names imported by `import type` or `{ type x }`. */
  typeImports: string[];
  namespaces: string[];
  /** Names in `export { … }` lists. */
  exported: string[];
  /** Start of each `export` keyword before a declaration. */
  exportKeywords: number[];
}

const DECLARING = new Map<string, TypeDeclarationKind>([
  ["interface", "type"],
  ["type", "type"],
  ["namespace", "namespace"],
  ["module", "namespace"],
  ["class", "class"],
  ["enum", "enum"],
]);
const DECLARING_VALUES = new Map<string, TypeDeclarationKind>([
  ["const", "const"],
  ["let", "let"],
  ["var", "let"],
  ["function", "function"],
]);

/** Reads the declarations at a cell's top level from its tokens. */
export function declaredTypes(code: string): DeclaredTypes {
  const found: DeclaredTypes = { types: [], typeImports: [], namespaces: [], exported: [], exportKeywords: [] };
  const tokens = scan(code).tokens.filter((token) => token.kind !== "comment");
  for (let at = 0; at < tokens.length; at++) {
    if (tokens[at]!.depth > 0) continue;
    const word = tokens[at]!.text;
    if (word === "import") at = readImport(tokens, at, found);
    else if (word === "export") readExport(tokens, at, found);
    else readDeclaration(tokens, at, found);
  }
  return found;
}

function readDeclaration(tokens: Token[], at: number, found: DeclaredTypes) {
  const { text } = tokens[at]!;
  const previous = tokens[at - 1]?.text;
  const name = tokens[at + 1];
  if (previous === "." || previous === "?." || name?.kind !== "word") return;
  if (DECLARING.has(text) && isDeclaration(tokens, at)) {
    const kind = DECLARING.get(text)!;
    found.types.push({ name: name.text, kind });
    if (kind === "namespace") found.namespaces.push(name.text);
  } else if (previous === "declare" && DECLARING_VALUES.has(text) && name.text !== "enum") {
    found.types.push({ name: name.text, kind: DECLARING_VALUES.get(text)! });
  }
}

/** `type`, `namespace` and `module` are also ordinary names: a declaration has its name on the same line. */
function isDeclaration(tokens: Token[], at: number): boolean {
  const { text } = tokens[at]!;
  const after = tokens[at + 2]?.text;
  if (text === "type") return after === "=" || after === "<";
  if (text === "namespace" || text === "module") return after === "{" || after === ".";
  return true;
}

function readImport(tokens: Token[], at: number, found: DeclaredTypes): number {
  const start = tokens[at + 1];
  if (!start || start.text === "(" || start.text === ".") return at;
  const wholeIsType = start.text === "type" && tokens[at + 2]?.text !== "from" && tokens[at + 2]?.text !== ",";
  let i = at + 1;
  for (; i < tokens.length && tokens[i]!.kind !== "string"; i++) {
    const token = tokens[i]!;
    if (i > at + 1 && token.depth === 0 && token.text === "import") return i - 1;
    if (token.kind !== "word" || token.text === "from" || token.text === "as") continue;
    const next = tokens[i + 1]?.text;
    if (next === "as" && tokens[i + 2]?.kind === "word" && tokens[i + 2]?.text !== "as") continue;
    const isBound = next === "," || next === "}" || next === "from" || next === "=";
    const marked = tokens[i - 1]?.text === "type" || tokens[i - 3]?.text === "type" || tokens[i - 2]?.text === "type";
    if (isBound && (wholeIsType || (token.depth > 0 && marked && token.text !== "type"))) {
      found.typeImports.push(token.text);
    }
  }
  return i;
}

function readExport(tokens: Token[], at: number, found: DeclaredTypes) {
  const next = tokens[at + 1]?.text;
  if (next === "{" || (next === "type" && tokens[at + 2]?.text === "{")) {
    for (let i = at + 1; i < tokens.length && tokens[i]!.text !== "}"; i++) {
      const after = tokens[i + 1]?.text;
      if (tokens[i]!.kind === "word" && (after === "," || after === "}")) found.exported.push(tokens[i]!.text);
    }
  } else if (next !== "default" && next !== "*" && next !== "=" && tokens[at + 2]?.text !== "*") {
    found.exportKeywords.push(tokens[at]!.start);
  }
}

/** Names that half-written code seems to declare at top level; good enough to keep them out of a header. */
export function roughlyDeclared(code: string): Set<string> {
  const declared = declaredTypes(code);
  const names = new Set([...declared.types.map(({ name }) => name), ...declared.typeImports]);
  const tokens = scan(code).tokens.filter((token) => token.kind !== "comment");
  for (let at = 0; at < tokens.length; at++) {
    const { depth, text, kind } = tokens[at]!;
    if (depth > 0 || kind !== "word") continue;
    const next = tokens[at + 1];
    if (text === "function" && next?.text === "*") names.add(tokens[at + 2]?.text ?? "");
    else if (text === "function" && next) names.add(next.text);
    else if (DECLARING_VALUES.has(text) || text === "import") addRoughNames(tokens, at, names);
  }
  return names;
}

/** Adds the names between `let` or `import` and what ends them; a type after a colon is none. */
function addRoughNames(tokens: Token[], at: number, names: Set<string>) {
  let inType = false;
  for (let i = at + 1; i < tokens.length && !ENDS_NAMES.has(tokens[i]!.text); i++) {
    const { text, kind, depth } = tokens[i]!;
    if (depth === 0 && (text === ":" || text === ",")) inType = text === ":";
    else if (kind === "word" && !inType && (depth === 0 || tokens[i + 1]?.text !== ":")) names.add(text);
  }
}

const ENDS_NAMES = new Set(["=", ";", "from", "of", "in", "("]);
