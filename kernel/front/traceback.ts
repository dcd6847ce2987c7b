import { type CellMark, type ErrorReport, MAX_STACK_FRAMES, type StackFrame } from "../protocol/channel.ts";

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
  marked(mark: CellMark): CellPosition | undefined;
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
  const lines = [title, ...frameLines(report, lookup)];
  for (const member of report.errors ?? []) lines.push("", "One of:", ...errorLines(member, lookup));
  const cause = newsOfCause(report);
  if (cause) lines.push("", "Caused by:", ...errorLines(cause, lookup));
  return lines;
}

/**
 * What a cause adds to its error: itself, and where it came from before their ways meet. Nothing if it was quoted, or is
 * the system's error about a path that the error names.
 */
function newsOfCause({ message, frames, cause }: ErrorReport): ErrorReport | undefined {
  if (!cause) return undefined;
  const own = cause.frames.filter((frame) => !frames.some((other) => samePlace(other, frame)));
  const isQuoted = cause.message !== "" && message.includes(cause.message);
  const path = /^E[A-Z]+: [^']*'(.+)'$/.exec(cause.message)?.[1];
  const isTold = (isQuoted && own.length === 0) || (path !== undefined && message.includes(path));
  return isTold && !cause.cause ? undefined : { ...cause, frames: own };
}

/** A frame worth showing. */
interface Step {
  readonly frame: StackFrame;
  readonly position: CellPosition | undefined;
  repeated: boolean;
}

/** Frames down to the running cell; those between that are too many are left out. */
function frameLines({ frames, mark }: ErrorReport, lookup: CellLookup): string[] {
  const steps = stepsToCell(frames, lookup);
  const isCut = frames.length >= MAX_STACK_FRAMES || !frames.some(({ file }) => file.endsWith(mark?.file ?? ""));
  const position = mark && isCut ? lookup.marked(mark) : undefined;
  if (mark && position)
    steps.push({ frame: { name: "", file: mark.file, line: 0, column: 0 }, position, repeated: false });
  const lines: string[] = [];
  let excerpts = 0;
  for (const [index, { frame, position, repeated }] of steps.entries()) {
    const isLast = index === steps.length - 1;
    if (index === MAX_FRAMES && !isLast) lines.push(`    … and ${steps.length - 1 - MAX_FRAMES} more`);
    if (index >= MAX_FRAMES && !isLast) continue;
    const name = functionName(frame.name);
    if (position) lines.push(...excerpt(position, lookup, { name, withSource: isLast || ++excerpts < MAX_EXCERPTS }));
    else lines.push(`    at ${name === "" ? "" : `${name} `}(${frame.file}:${frame.line}:${frame.column})`);
    if (repeated) lines.push(REPEATED);
  }
  return lines;
}

/** The frames down to the outermost in a cell; all where none is. The kernel's own are left out. */
function stepsToCell(frames: readonly StackFrame[], lookup: CellLookup): Step[] {
  const steps: Step[] = [];
  for (const frame of frames) {
    const position = lookup.position(frame);
    if (!position && (isCellFile(frame.file) || lookup.isInternal(frame.file))) continue;
    const before = steps.at(-1);
    if (before && samePlace(before.frame, frame)) before.repeated = true;
    else steps.push({ frame, position, repeated: false });
  }
  const outermost = steps.findLastIndex(({ position }) => position);
  return outermost < 0 ? steps : steps.slice(0, outermost + 1);
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
  const lines = source?.code.split("\n") ?? [];
  // A magic is longer as the call it becomes than as it stands in the cell.
  const start = lines[line - 1] !== undefined && column > lines[line - 1]!.length + 1 ? 1 : column;
  const place = `${green(`Cell ${source?.label ?? `#${cell}`}`)} ${line}:${start}${name === "" ? "" : ` in ${name}`}`;
  if (!source || !withSource) return [place];
  const width = String(Math.min(line + 1, lines.length)).length;
  const output = [place];
  for (let number = Math.max(1, line - 1); number <= Math.min(line + 1, lines.length); number++) {
    const text = lines[number - 1]!.replaceAll("\t", " ");
    output.push(`${number === line ? " ---> " : "      "}${String(number).padStart(width)} | ${text}`);
    if (number !== line) continue;
    const carets = Math.max(1, Math.min(length, text.length - start + 1));
    output.push(`      ${" ".repeat(width)} | ${" ".repeat(start - 1)}${red("^".repeat(carets))}`);
  }
  return output;
}
