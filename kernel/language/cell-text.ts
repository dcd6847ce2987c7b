import { type MagicContext, rewriteMagics } from "./magics.ts";
import { scan } from "./scan.ts";

/** A cell's code as the compiler sees it: on its first line or later, never shifted within a line. */
export interface CellText {
  /** The cell's own code, lines ended by "\\n". */
  code: string;
  /** Code given to the compiler. Lines of the cell start at `prefixLines`. */
  text: string;
  /** Lines put before the cell's first line. */
  prefixLines: number;
  /** True where the first line is `%%nocheck`: type errors do not stop the cell. */
  unchecked: boolean;
}

/** Name in stack traces of the JavaScript of a cell. */
export function cellFile(id: number): string {
  return `photonbook-cell-${id}.js`;
}

const NOCHECK = /^\s*%%nocheck[^\n]*/;
const HASHBANG = /^#![^\n]*/;

/**
 * Makes a cell readable for a TypeScript parser: blanks a first line `%%nocheck`, turns magics into calls, and puts a
 * cell that is one object literal (`{ a: 1 }`, which as a statement would be a block) in parentheses on lines of their
 * own.
 */
export function cellText(code: string, context: MagicContext): CellText {
  const unchecked = NOCHECK.test(code);
  const own = code.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n");
  const text = rewriteMagics(own.replace(NOCHECK, "").replace(HASHBANG, ""), context);
  const tokens = text.trimStart().startsWith("{") ? scan(text).tokens.filter((token) => token.kind !== "comment") : [];
  const braced = tokens.at(-1)?.text === "}";
  const asObject = `(\n${text}\n)`;
  if (braced && context.parses(asObject)) return { code: own, text: asObject, prefixLines: 1, unchecked };
  return { code: own, text, prefixLines: 0, unchecked };
}

/** Blanks `export` before declarations, which every top-level name of a cell is anyway; columns stay as they are. */
export function blankExports(text: string, keywords: readonly number[]): string {
  let blanked = text;
  for (const start of keywords) {
    blanked = blanked.slice(0, start) + " ".repeat("export".length) + blanked.slice(start + "export".length);
  }
  return blanked;
}
