import { LINE_MAGICS } from "../protocol/magics.ts";
import { roughlyDeclared } from "./names.ts";
import { scan } from "./scan.ts";

/*
 * `%magic` and `!command` lines, rewritten to calls of what the engine offers under this name. A line stays a line, so
 * every other line keeps its number.
 */
const MAGICS = "photonbook$magics";

/** What rewriting must know of the code around a line. */
export interface MagicContext {
  /** Whether a text parses as TypeScript. */
  parses(text: string): boolean;
  /** Whether a name has been declared in an earlier cell. */
  inSession(name: string): boolean;
}

const CELL_MAGIC = /^(\s*)%%(\w+)([^\n]*)(?:\n(.*))?$/s;
const LINE_MAGIC = /^[ \t]*%(\w+)(?:[ \t]+(.*?))?[ \t]*;?[ \t]*$/;
const COMMAND = /^[ \t]*!(?!=)(.*)$/;
const MAY_HOLD_MAGICS = /^[ \t]*[%!]/m;
/** Tokens after which a new line goes on with the same statement. */
const GOES_ON = /^(?:[-+*/%&|^=<>!?:,.(]+|=>|return|typeof|await|new|in|of|instanceof|extends|as)$/;
const ENDS_STATEMENT = new Set([";", "}", undefined]);

/** Rewrites the magics of a cell. */
export function rewriteMagics(code: string, context: MagicContext): string {
  if (!MAY_HOLD_MAGICS.test(code)) return code;
  const cell = CELL_MAGIC.exec(code);
  if (!cell) return rewriteLines(code, context, (line) => rewriteLine(line, context));
  const [, before, name = "", rest = "", body = ""] = cell;
  return before + cellMagic(name, rest.trim(), body, context);
}

/** The code that is left for a parser or for editor help, magics blanked and every column where it was. */
export function blankMagics(code: string): string {
  if (!MAY_HOLD_MAGICS.test(code)) return code;
  const cell = CELL_MAGIC.exec(code);
  const blank = (text: string) => text.replaceAll(/[^\n]/g, " ");
  if (cell) {
    const [, , name = "", , body = ""] = cell;
    const first = blank(code.slice(0, code.length - body.length));
    const isCode = name === "time" || name === "timeit" || name === "nocheck";
    return first + (isCode ? blankMagics(body) : blank(body));
  }
  const context = { parses: () => true, inSession: () => false };
  return rewriteLines(code, context, (line) => {
    const timed = /^[ \t]*%time(?:it)?(?:[ \t]+-[nr][ \t]*\d+)*(?=[ \t])/.exec(line)?.[0].length ?? line.length;
    return blank(line.slice(0, timed)) + line.slice(timed);
  });
}

/** Rewrites the lines that start a statement and are magics or commands; a `\` at the end goes on in the next line. */
function rewriteLines(code: string, context: MagicContext, rewrite: (line: string) => string): string {
  const lines = code.split("\n");
  const done: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!;
    if (!isMagic(line, done, code, context)) {
      done.push(line);
      continue;
    }
    let whole = line;
    let more = 0;
    while (whole.endsWith("\\") && at + more + 1 < lines.length) whole = `${whole.slice(0, -1)} ${lines[at + ++more]}`;
    done.push(rewrite(whole), ...Array<string>(more).fill(""));
    at += more;
  }
  return done.join("\n");
}

function isMagic(line: string, before: readonly string[], code: string, context: MagicContext): boolean {
  const magic = LINE_MAGIC.exec(line);
  const command = COMMAND.exec(line);
  if (!magic && !command) return false;
  const { tokens, open, unfinished } = scan(before.join("\n"));
  if (open.length > 0 || unfinished) return false;
  const last = tokens.findLast(({ kind }) => kind !== "comment")?.text;
  if (last !== undefined && GOES_ON.test(last)) return false;
  if (magic) return (LINE_MAGICS as readonly string[]).includes(magic[1]!) || ENDS_STATEMENT.has(last);
  return !isNegation(command![1]!, code, context);
}

/** `!done && finish()` is TypeScript where the name is the user's; `!ls` is a command. */
function isNegation(rest: string, code: string, { parses, inSession }: MagicContext): boolean {
  const name = /^!*([\p{ID_Start}$_][\p{ID_Continue}$]*)/u.exec(rest)?.[1];
  if (name === undefined) return /^[!(]/.test(rest);
  if (name === "function" || name === "await") return true;
  return (inSession(name) || roughlyDeclared(code).has(name)) && parses(`!${rest}`);
}

function rewriteLine(line: string, context: MagicContext): string {
  const command = COMMAND.exec(line)?.[1];
  if (command !== undefined) return call("shell", command.trim());
  const [, name = "", text = ""] = LINE_MAGIC.exec(line)!;
  if (name === "time") return timed(text, context);
  if (name === "timeit") {
    const { options, code } = timeitOptions(text);
    const body = context.parses(`(${code}\n)`) ? `(${code})` : `{ ${code} }`;
    return `await ${MAGICS}.timeit(${options}, ${asyncIfAwaiting(code)}() => ${body});`;
  }
  return call("line", name, text);
}

function cellMagic(name: string, rest: string, body: string, context: MagicContext): string {
  if (name === "time") return `${MAGICS}.timeCell(); ${rest}\n${rewriteMagics(body, context)}`;
  if (name === "timeit") {
    const { options, code: setup } = timeitOptions(rest);
    return `{ ${setup}; await ${MAGICS}.timeit(${options}, ${asyncIfAwaiting(body)}() => {\n${body}\n}); }`;
  }
  return call("cell", name, rest, body);
}

/** An expression gives its value; what statements declare is there for the cells that follow. */
function timed(code: string, { parses }: MagicContext): string {
  if (parses(`(${code}\n)`)) return `await ${MAGICS}.time(${asyncIfAwaiting(code)}() => (${code}));`;
  return `${MAGICS}.start(); ${code}; ${MAGICS}.stop();`;
}

/** Reads `-n LOOPS -r RUNS` before the code. */
function timeitOptions(text: string): { options: string; code: string } {
  const given = /^(?:-[nr][ \t]*\d+[ \t]*)*/.exec(text)![0];
  const pairs = [...given.matchAll(/-([nr])[ \t]*(\d+)/g)].map(
    ([, name, count]) => `${name === "n" ? "loops" : "runs"}: ${count}`,
  );
  return { options: `{ ${pairs.join(", ")} }`, code: text.slice(given.length) };
}

function asyncIfAwaiting(code: string): string {
  return /\bawait\b/.test(code) ? "async " : "";
}

function call(method: string, ...texts: readonly string[]): string {
  return `await ${MAGICS}.${method}(${texts.map((text) => JSON.stringify(text)).join(", ")});`;
}
