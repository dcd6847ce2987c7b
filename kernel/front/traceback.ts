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
const REPEATED = "    … again and again";
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
  const all = frames
    .map((frame) => ({ frame, position: lookup.position(frame) }))
    .filter(({ frame, position }) => position || !(isCellFile(frame.file) || lookup.isInternal(frame.file)));
  const outermost = all.findLastIndex(({ position }) => position);
  const shown = outermost < 0 ? all : all.slice(0, outermost + 1);
  const lines: string[] = [];
  let excerpts = 0;
  for (const [index, { frame, position }] of shown.slice(0, MAX_FRAMES).entries()) {
    const name = functionName(frame.name);
    const before = shown[index - 1]?.frame;
    if (before && samePlace(before, frame)) {
      if (lines.at(-1) !== REPEATED) lines.push(REPEATED);
    } else if (position) lines.push(...excerpt(position, lookup, { name, withSource: excerpts++ < MAX_EXCERPTS }));
    else lines.push(`    at ${name === "" ? "" : `${name} `}(${frame.file}:${frame.line}:${frame.column})`);
  }
  return lines;
}

function samePlace(a: StackFrame, b: StackFrame): boolean {
  return a.file === b.file && a.line === b.line && a.column === b.column;
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
