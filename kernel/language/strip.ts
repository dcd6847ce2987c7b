import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { transform } from "esbuild";
import { parseModule } from "./syntax-tree.ts";

/**
 * JavaScript made from a cell's TypeScript, with the map back to it, none where it is the cell's own text; or the place
 * where it could not be parsed.
 */
export type Stripped = { ok: true; js: string; map?: string } | { ok: false; error: ParserError };

/** What the parser stumbled over; line and column are 1-based. */
export interface ParserError {
  message: string;
  line: number;
  column: number;
  length: number;
}

const TSCONFIG = JSON.stringify({
  compilerOptions: { target: "esnext", verbatimModuleSyntax: true, useDefineForClassFields: true },
});

/** Makes a cell a module to the parser, so that the rules of strict code hold. */
const MODULE_MARK = "\nexport {};";

/** What may be type arguments, which a parser of JavaScript takes for comparisons: `new Set<number>([1])`. */
const MAY_HOLD_TYPE_ARGUMENTS = /<.*[^=]>/s;

/**
 * Removes the types from a cell; one that is JavaScript already stays as it is, without a way to esbuild's process and
 * back. Enums, namespaces, parameter properties and decorators become plain JavaScript;
 * imports stay as written, used or not, because a later cell may use them.
 */
export async function stripTypes(code: string, sourcefile: string): Promise<Stripped> {
  if (isJavaScript(code)) return { ok: true, js: code };
  try {
    const { code: js, map } = await transform(code + MODULE_MARK, {
      loader: "ts",
      target: "node24",
      // Node 24 runs `using` itself; lowering it would move the cell's declarations into a try block.
      supported: { using: true },
      sourcemap: true,
      sourcesContent: false,
      sourcefile,
      charset: "utf8",
      logLevel: "silent",
      tsconfigRaw: TSCONFIG,
    });
    return { ok: true, js, map };
  } catch (error) {
    return { ok: false, error: firstError(error, code) };
  }
}

/** Where in the cell's text (line 1-based, column 0-based) a place of its JavaScript comes from. */
export function placeInCell(map: string | undefined, place: Place): Place | undefined {
  if (map === undefined) return place;
  const { line, column } = originalPositionFor(new TraceMap(map), place);
  return line === null ? undefined : { line, column };
}

interface Place {
  line: number;
  column: number;
}

function isJavaScript(code: string): boolean {
  if (MAY_HOLD_TYPE_ARGUMENTS.test(code)) return false;
  try {
    parseModule(code);
    return true;
  } catch {
    return false;
  }
}

function firstError(error: unknown, code: string): ParserError {
  const first = (error as { errors?: EsbuildMessage[] }).errors?.[0];
  if (!first) throw error;
  const { line = 1, column = 0, length = 1, lineText = "" } = first.location ?? {};
  const lines = code.split("\n");
  if (line > lines.length) {
    return { message: "Unexpected end of the cell", line: lines.length, column: lines.at(-1)!.length + 1, length: 0 };
  }
  // esbuild counts columns in UTF-8 bytes; ours are UTF-16 units.
  const unit = Buffer.from(lineText).subarray(0, column).toString().length;
  return { message: first.text, line, column: unit + 1, length };
}

interface EsbuildMessage {
  text: string;
  location: { line: number; column: number; length: number; lineText: string } | null;
}
