import { transformSync } from "esbuild";
import { blankMagics } from "./magics.ts";
import { type Scan, scan, type Token } from "./scan.ts";

/** Answer to "would Enter run this?". */
export interface Completeness {
  status: "complete" | "incomplete" | "invalid";
  /** Indentation of the next line, where the code is incomplete. */
  indent?: string;
}

/** Operators and words that need something after them. */
const EXPECTING = new Set(
  (
    "= += -= *= /= %= **= &= |= ^= <<= >>= >>>= &&= ||= ??= + - * / % ** & | ^ << >> >>> && || ?? ! ~ < <= >= == != " +
    "=== !== ? : , . ?. ... => => const let var function class extends new typeof void delete throw in instanceof of " +
    "else do try import export from await case async interface enum implements keyof"
  ).split(" "),
);

/** Tells whether a cell can run as it stands, needs more lines, or has an error that more lines cannot mend. */
export function isComplete(code: string): Completeness {
  const text = blankMagics(code);
  if (text.trim() === "") return { status: "complete" };
  const found = scan(text);
  if (found.mismatch !== undefined) return { status: "invalid" };
  if (found.unfinished === "template" || found.unfinished === "comment") return { status: "incomplete", indent: "" };
  if (found.unfinished === "string" && text.endsWith("\\")) return { status: "incomplete", indent: "" };
  if (found.unfinished) return { status: "invalid" };
  const last = found.tokens.findLast((token) => token.kind !== "comment");
  if (found.open.length > 0 || (last && expectsMore(found, last))) {
    return isHopeless(text, found) ? { status: "invalid" } : { status: "incomplete", indent: indentAfter(text, found) };
  }
  return parseStatus(text, found);
}

function expectsMore(found: Scan, last: Token): boolean {
  const before = found.tokens.filter((token) => token.kind !== "comment").at(-2);
  if (before?.text === "." || before?.text === "?." || (before?.text === "as" && last.text === "const")) return false;
  return EXPECTING.has(last.text) && (last.kind === "punctuation" || last.kind === "word");
}

/** An error before the end of the text stays one however the text goes on. */
function isHopeless(text: string, found: Scan): boolean {
  const error = syntaxError(text);
  if (!error) return false;
  const lastToken = found.tokens.findLast((token) => token.kind !== "comment");
  return !error.atEnd && lastToken !== undefined && error.offset <= lastToken.start;
}

function parseStatus(text: string, found: Scan): Completeness {
  const error = syntaxError(text);
  if (!error) return { status: "complete" };
  if (error.atEnd) return { status: "incomplete", indent: indentAfter(text, found) };
  // One object literal is a value here, though as a statement it would not parse.
  if (/^\s*\{/.test(text) && !syntaxError(`(${text}\n)`)) return { status: "complete" };
  return { status: "invalid" };
}

function syntaxError(text: string): { offset: number; atEnd: boolean } | undefined {
  try {
    transformSync(text, { loader: "ts", logLevel: "silent", target: "esnext" });
    return undefined;
  } catch (error) {
    const first = (error as { errors?: { text: string; location: { line: number; column: number } | null }[] })
      .errors?.[0];
    if (!first) throw error;
    const { line = 1, column = 0 } = first.location ?? {};
    const lines = text.split("\n");
    const before = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
    const unit = Buffer.from(lines[line - 1] ?? "")
      .subarray(0, column)
      .toString().length;
    return { offset: before + unit, atEnd: /end of file/i.test(first.text) };
  }
}

/** The last line's indentation, one step deeper after an opening bracket. */
function indentAfter(text: string, found: Scan): string {
  const line = text.trimEnd().split("\n").at(-1) ?? "";
  const current = /^[ \t]*/.exec(line)![0];
  const last = found.tokens.findLast((token) => token.kind !== "comment");
  const opens = last && ["{", "(", "[", "=>", "=", ":"].includes(last.text);
  const isBlockHead = last?.text === ")" && found.open.length === 0;
  return opens || isBlockHead || last?.text === "else" ? `${current}  ` : current;
}
