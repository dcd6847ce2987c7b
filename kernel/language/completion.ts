import { CELL_MAGICS, LINE_MAGICS } from "../protocol/magics.ts";
import { browserGlobals } from "./browser-globals.ts";
import type { Documents } from "./documents.ts";
import { wordsOf } from "./names.ts";
import { completePath } from "./path-completion.ts";
import { positionOf } from "./position.ts";
import { scan } from "./scan.ts";
import { type BindingKind, OWN_NAMES, type SessionScope } from "./scope.ts";

/** Completions for the text between `cursorStart` and `cursorEnd` (UTF-16 offsets). */
export interface CompletionResult {
  matches: string[];
  cursorStart: number;
  cursorEnd: number;
  /** The same matches with what they are, for `_jupyter_types_experimental`. */
  types: { start: number; end: number; text: string; type: string; signature?: string }[];
}

/** A completion as the language server sends it; `kind` numbers are keys of `COMPLETION_KINDS`. */
export interface LspCompletion {
  label: string;
  kind?: number;
  sortText?: string;
  insertText?: string;
  filterText?: string;
  textEdit?: { range?: { start: { line: number; character: number } }; newText: string };
  additionalTextEdits?: unknown[];
}

/** Jupyter's words for the protocol's completion kinds. */
export const COMPLETION_KINDS: Record<number, string> = {
  1: "text",
  2: "method",
  3: "function",
  4: "constructor",
  5: "property",
  6: "variable",
  7: "class",
  8: "interface",
  9: "module",
  10: "property",
  12: "value",
  13: "enum",
  14: "keyword",
  17: "path",
  18: "reference",
  19: "path",
  20: "enum",
  21: "const",
  22: "class",
  25: "type",
};

const BINDING_KINDS: Record<BindingKind, string> = {
  let: "variable",
  const: "const",
  function: "function",
  class: "class",
  enum: "enum",
  namespace: "module",
  type: "interface",
  import: "variable",
  prelude: "function",
};

/** The server's completions at a position, unsorted. */
export async function requestCompletions(
  documents: Documents,
  document: string,
  position: { line: number; character: number },
): Promise<LspCompletion[]> {
  type Answer = LspCompletion[] | { items: LspCompletion[] } | null;
  const parameters = { position, context: { triggerKind: 1 } };
  const list = await documents.request<Answer>("textDocument/completion", document, parameters);
  return Array.isArray(list) ? list : (list?.items ?? []);
}

/**
 * Asks the server at the cursor; where any name may stand, the session's names come first. A magic needs no server, and
 * in a string of which it knows nothing stands the path of a file.
 */
export async function completeAt(
  documents: Documents,
  document: string,
  scope: SessionScope,
  code: string,
  cursor: number,
): Promise<CompletionResult> {
  const position = positionOf(code, cursor);
  const before = code.slice(0, cursor);
  const magic = magicsAt(before);
  if (magic) return answer(new Map(magic.names.map((name) => [name, "magic"])), magic.prefix, cursor);
  const items = await requestCompletions(documents, document, position);
  const prefix = prefixBefore(before, items, position);
  if (items.length === 0 && scan(before).unfinished === "string") {
    const paths = completePath(/[^"']*$/.exec(before)![0]);
    return answer(new Map(paths.map(({ text, type }) => [text, type])), prefix, cursor);
  }
  const found = new Map<string, string>();
  if (isFreeName(before, prefix) && !isKey(items)) {
    for (const [name, { kind, shownAs }] of scope.entries()) found.set(name, shownAs ?? BINDING_KINDS[kind]);
  }
  // Where a type may stand, those of the browser's are as good as others.
  const absent = items.some(({ label }) => label === "new") ? await browserGlobals() : new Set<string>();
  const written = wordsOf(`${before.slice(0, before.length - prefix.length)} ${code.slice(cursor)}`);
  for (const item of [...items].sort(bySortText)) {
    const type = COMPLETION_KINDS[item.kind ?? 1] ?? "text";
    if (item.label.startsWith(OWN_NAMES) || (absent.has(item.label) && !written.has(item.label))) continue;
    if (item.additionalTextEdits?.length || (type === "keyword" && prefix === "")) continue;
    const text = item.textEdit?.newText ?? item.insertText ?? item.label;
    // `obj.` followed by a name that needs brackets has another shape than the prefix.
    if (!found.has(text) && !text.startsWith("[") && !text.startsWith("?.")) found.set(text, type);
  }
  return answer(found, prefix, cursor);
}

/** The magics that may stand at the end of a text, and what is written of their name. */
function magicsAt(before: string): { names: readonly string[]; prefix: string } | undefined {
  const [, cell] = /^\s*%%(\w*)$/.exec(before) ?? [];
  if (cell !== undefined) return { names: CELL_MAGICS, prefix: cell };
  const [, line] = /(?:^|\n)[ \t]*%(\w*)$/.exec(before) ?? [];
  return line === undefined ? undefined : { names: LINE_MAGICS, prefix: line };
}

/** Where the key of an object with a known type stands, the server offers the keys that are left, and no keyword. */
function isKey(items: readonly LspCompletion[]): boolean {
  return items.length > 0 && items.every(({ kind = 1 }) => COMPLETION_KINDS[kind] !== "keyword");
}

function answer(found: Map<string, string>, prefix: string, cursor: number): CompletionResult {
  const cursorStart = cursor - prefix.length;
  const matching = [...found].filter(([text]) => text.startsWith(prefix));
  const lower = prefix.toLowerCase();
  const chosen = matching.length > 0 ? matching : [...found].filter(([text]) => text.toLowerCase().startsWith(lower));
  return {
    matches: chosen.map(([text]) => text),
    cursorStart,
    cursorEnd: cursor,
    types: chosen.map(([text, type]) => ({ start: cursorStart, end: cursor, text, type })),
  };
}

function bySortText(a: LspCompletion, b: LspCompletion): number {
  const [x, y] = [a.sortText ?? a.label, b.sortText ?? b.label];
  if (x !== y) return x < y ? -1 : 1;
  return a.label < b.label ? -1 : a.label > b.label ? 1 : 0;
}

/**
 * What has been typed of the word or path to complete. Within a string the server's range says where a path segment
 * starts; elsewhere its ranges also cover the dot of members that need brackets, so the word is read from the text.
 */
function prefixBefore(before: string, items: LspCompletion[], position: { line: number; character: number }): string {
  if (scan(before).unfinished !== "string") return /[\p{ID_Continue}$#]*$/u.exec(before)![0];
  const start = items.find((item) => item.textEdit?.range)?.textEdit?.range?.start;
  if (start && start.line === position.line && start.character <= position.character) {
    return before.slice(before.length - (position.character - start.character));
  }
  return /[^"'`/]*$/.exec(before)![0];
}

/** True where a plain name may stand: not after a dot, in a string or comment, or in an import's braces. */
function isFreeName(before: string, prefix: string): boolean {
  const { unfinished, tokens } = scan(before.slice(0, before.length - prefix.length));
  if (unfinished) return false;
  const last = tokens.at(-1);
  if (!last) return true;
  if (last.kind === "comment" && last.text.startsWith("//")) return before.slice(last.start).includes("\n");
  return last.text !== "." && last.text !== "?." && !insideImport(tokens);
}

function insideImport(tokens: readonly { text: string }[]): boolean {
  const open = tokens.findLastIndex((token) => token.text === "{");
  if (open < 0 || tokens.slice(open).some((token) => token.text === "}")) return false;
  return tokens.slice(Math.max(0, open - 4), open).some((token) => token.text === "import");
}
