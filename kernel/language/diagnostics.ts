import type { Binding } from "./scope.ts";

/** An error in a cell, at its own lines and columns (1-based). */
export interface CellError {
  message: string;
  code?: number;
  line: number;
  column: number;
  length: number;
}

/** A diagnostic as the language server sends it. */
export interface LspDiagnostic {
  severity: number;
  code: number;
  message: string;
  range: { start: { line: number; character: number }; end: { line: number; character: number } };
}

/** What the checker said about a cell. */
export interface Verdict {
  errors: CellError[];
  /** Imported names that are only types. */
  typeImports: Set<string>;
}

/** "X is a type and must be imported using a type-only import", and its sibling for type-only exports. */
const TYPE_IMPORT = new Set([1484, 1485]);
/**
 * Errors that make no sense in a cell: a re-exported type (1205, 1448), a file that is no module (2306), `this`
 * without a type (2683), a comma's unused side (2695).
 */
const IGNORED = new Set([1205, 1448, 2306, 2683, 2695]);
/** A member of `never`: of code that the checker holds unreachable, as `o.x?.y` is after `let o = { x: null }`. */
const OF_NEVER = /^Property '.*' does not exist on type 'never'\.$/;
const ERROR = 1;
/** The package of a specifier that is no file. */
const PACKAGE = /^(?:@[\w.-]+\/)?[a-z][\w.-]*(?!.*:)/;

/**
 * Sorts the checker's diagnostics for a cell whose first line is document line `firstLine`. Those of the header, of
 * the footer and those about implicit `any` (7xxx) are dropped.
 */
export function readDiagnostics(
  diagnostics: readonly LspDiagnostic[],
  cell: { code: string; firstLine: number; binding(name: string): Binding | undefined },
): Verdict {
  const lines = cell.code.split("\n");
  const verdict: Verdict = { errors: [], typeImports: new Set() };
  for (const { severity, code, message, range } of diagnostics) {
    if (severity !== ERROR || IGNORED.has(code) || (code >= 7000 && code < 8000) || OF_NEVER.test(message)) continue;
    const line = range.start.line - cell.firstLine;
    if (line < 0) continue;
    const isGrammar = code >= 1000 && code < 2000;
    if (TYPE_IMPORT.has(code)) {
      verdict.typeImports.add(localName(lines.slice(line).join("\n").slice(range.start.character)));
      continue;
    }
    if (line >= lines.length) {
      if (!isGrammar) continue;
      verdict.errors.push({ message, code, line: lines.length, column: lines.at(-1)!.length + 1, length: 0 });
    } else {
      const sameLine = range.end.line === range.start.line;
      const end = sameLine ? range.end.character : lines[line]!.length;
      const place = { line: line + 1, column: range.start.character + 1, length: end - range.start.character };
      verdict.errors.push({ ...reworded(code, message, cell.binding), ...place });
    }
  }
  return verdict;
}

/** The name that an import specifier at the start of a text binds: `a`, or `b` of `a as b`. */
function localName(specifier: string): string {
  return /^[^,}]*?\bas\s+([^\s,}]+)/.exec(specifier)?.[1] ?? /^[^\s,}]+/.exec(specifier)?.[0] ?? "";
}

/** Says what a name is to the user where the checker only sees the header's import. */
function reworded(code: number, message: string, bindingOf: (name: string) => Binding | undefined) {
  const name = /'([^']+)'/.exec(message)?.[1];
  if (code === 2307 && name !== undefined && PACKAGE.test(name)) {
    return { message: `${message} Where it is on npm, "%install ${PACKAGE.exec(name)![0]}" fetches it.`, code };
  }
  const binding = name === undefined ? undefined : bindingOf(name);
  if (code !== 2632 || !binding) return { message, code };
  if (binding.kind === "prelude") {
    return {
      message: `Cannot assign to '${name}': it belongs to Photonbook; declare it first, as in "let ${name}"`,
      code,
    };
  }
  if (binding.kind === "import") return { message, code };
  const kind = binding.kind === "const" ? "constant" : binding.kind;
  return { message: `Cannot assign to '${name}' because it is a ${kind}.`.replace("a enum", "an enum"), code };
}
