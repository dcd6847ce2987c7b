import type { ErrorReport, StackFrame } from "../protocol/channel.ts";

/** The fields that `error` messages and error replies share. */
export interface ErrorContent {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/** A place in a cell, 1-based. */
export interface CellPosition {
  readonly cell: number;
  readonly line: number;
  readonly column: number;
}

/** What a traceback needs to know of a cell. */
export interface CellSource {
  readonly code: string;
  /** Its `[n]` in the notebook. */
  readonly label: string;
}

/** How frames become cell lines. */
export interface CellLookup {
  position(frame: StackFrame): CellPosition | undefined;
  source(cell: number): CellSource | undefined;
  /** Whether a file is the kernel's own and of no interest. */
  isInternal(file: string): boolean;
}

/** One message of the type checker or parser, 1-based. */
export interface CheckError {
  readonly message: string;
  readonly code?: number;
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

const MAX_FRAMES = 12;
const MAX_EXCERPTS = 3;
const red = (text: string) => `\u001b[0;31m${text}\u001b[0m`;
const green = (text: string) => `\u001b[0;32m${text}\u001b[0m`;

/** A run-time error, with the lines of the cells it came through. */
export function formatError(report: ErrorReport, lookup: CellLookup): ErrorContent {
  return { ename: report.name, evalue: report.message, traceback: errorLines(report, lookup) };
}

/** The errors that kept a cell from running, each at its line with a caret below. */
export function formatCheckErrors(
  errors: readonly CheckError[],
  kind: "type" | "syntax",
  cell: number,
  lookup: CellLookup,
): ErrorContent {
  const ename = kind === "type" ? "TypeScriptError" : "SyntaxError";
  const rest = errors.length - 1;
  const evalue = `${errors[0]?.message ?? ""}${rest > 0 ? ` (and ${rest} more)` : ""}`;
  const traceback = errors.flatMap((error) => [
    `${red(ename)}: ${error.message}${error.code === undefined ? "" : ` (TS${error.code})`}`,
    ...excerpt({ cell, line: error.line, column: error.column }, lookup, { length: error.length }),
  ]);
  return { ename, evalue, traceback };
}

function errorLines(report: ErrorReport, lookup: CellLookup): string[] {
  const title = `${red(report.name)}: ${report.message}`;
  const lines = [title, ...frameLines(report.frames, lookup)];
  for (const member of report.errors ?? []) lines.push("", "One of:", ...errorLines(member, lookup));
  if (report.cause) lines.push("", "Caused by:", ...errorLines(report.cause, lookup));
  return lines;
}

/** Frames down to the outermost cell; without one, those that are not the kernel's. */
function frameLines(frames: readonly StackFrame[], lookup: CellLookup): string[] {
  const shown = frames
    .map((frame) => ({ frame, position: lookup.position(frame) }))
    .filter(({ frame, position }) => position || !(isCellFile(frame.file) || lookup.isInternal(frame.file)));
  const outermost = shown.findLastIndex(({ position }) => position);
  let excerpts = 0;
  return shown.slice(0, Math.min(outermost + 1 || MAX_FRAMES, MAX_FRAMES)).flatMap(({ frame, position }) => {
    const name = functionName(frame.name);
    if (!position) return [`    at ${name === "" ? "" : `${name} `}(${frame.file}:${frame.line}:${frame.column})`];
    return excerpt(position, lookup, { name, withSource: excerpts++ < MAX_EXCERPTS });
  });
}

function isCellFile(file: string): boolean {
  return /photonbook-cell-\d+\.js$/.test(file);
}

function functionName(name: string): string {
  return /^(async )?(eval|<anonymous>|Object\.<anonymous>)?$/.test(name) ? "" : name;
}

/** `Cell [n] line:column`, then the line in question between its neighbours with a caret below. */
function excerpt(
  { cell, line, column }: CellPosition,
  lookup: CellLookup,
  options: { name?: string; length?: number; withSource?: boolean } = {},
): string[] {
  const source = lookup.source(cell);
  const { name = "", length = 1, withSource = true } = options;
  const place = `${green(`Cell ${source?.label ?? `#${cell}`}`)} ${line}:${column}${name === "" ? "" : ` in ${name}`}`;
  if (!source || !withSource) return [place];
  const lines = source.code.split("\n");
  const width = String(Math.min(line + 1, lines.length)).length;
  const output = [place];
  for (let number = Math.max(1, line - 1); number <= Math.min(line + 1, lines.length); number++) {
    const text = lines[number - 1]!.replaceAll("\t", " ");
    output.push(`${number === line ? " ---> " : "      "}${String(number).padStart(width)} | ${text}`);
    if (number !== line) continue;
    const carets = Math.max(1, Math.min(length, text.length - column + 1));
    output.push(`      ${" ".repeat(width)} | ${" ".repeat(column - 1)}${red("^".repeat(carets))}`);
  }
  return output;
}
