import remapping from "@jridgewell/remapping";
import { eachMapping, LEAST_UPPER_BOUND, originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { boxCell, type DeclarationKind } from "./boxes.ts";
import { declaredTypes, wordsOf } from "./names.ts";
import { placeInCell, stripTypes } from "./strip.ts";

/** Code ready to run, with the way back to the cell's lines. */
export interface Transformed {
  js: string;
  /** Boxes the code needs, in the order of its parameters. */
  names: string[];
  /** Names the code declares, with what declares them. */
  declared: Map<string, DeclarationKind>;
  /** Names of the session that the code assigns to. */
  assigned: Set<string>;
  /** Position (1-based line and column) in the cell's text of a position in `js`. */
  original(line: number, column: number): { line: number; column: number } | undefined;
  /** Where in `js` a line of the cell's text begins. */
  generated(line: number): { line: number; column: number } | undefined;
  /** Position in the cell's text of a mark in `js`. */
  marked(mark: number): { line: number; column: number } | undefined;
}

export interface TransformOptions {
  /** Name used in the source map. */
  file: string;
  /** Whether a name not declared in the cell lives in the session. */
  inSession(name: string): boolean;
  /** Imported names known to be types only. */
  typeImports?: ReadonlySet<string>;
}

/** TypeScript without its types, waiting to be rewritten to boxes. */
export interface StrippedCell {
  source: string;
  js: string;
  /** The way back to the source. Default: it is the JavaScript. */
  map?: string;
}

/** A SyntaxError at a place (1-based) of the cell. */
export class CellSyntaxError extends SyntaxError {
  override readonly name = "CellSyntaxError";
  readonly line: number;
  readonly column: number;

  constructor(message: string, place: { line: number; column: number }) {
    super(message);
    this.line = place.line;
    this.column = place.column;
  }
}

/**
 * Rewrites a stripped cell to the function the engine runs.
 *
 * @throws {CellSyntaxError} If the cell breaks a rule of modules that stripping does not look at, such as `break`
 *   outside a loop.
 */
export function transformStripped(cell: StrippedCell, options: TransformOptions): Transformed {
  const words = wordsOf(cell.source);
  const namespaces = new Set(declaredTypes(cell.source).namespaces);
  const boxed = mapErrors(cell, () =>
    boxCell(cell.js, {
      inSession: options.inSession,
      isUserName: (name) => words.has(name),
      typeImports: options.typeImports ?? new Set(),
      isNamespace: (name) => namespaces.has(name),
    }),
  );
  let made: TraceMap | undefined;
  const trace = () =>
    (made ??= composeMaps(boxed.edits.generateDecodedMap({ hires: "boundary", source: options.file }), cell.map));
  const original = (line: number, column: number) => {
    const found = originalPositionFor(trace(), { line, column: column - 1 });
    // What the rewriting has put before the first word of a line belongs to it.
    const { line: at, column: from } =
      found.line === null ? originalPositionFor(trace(), { line, column: column - 1, bias: LEAST_UPPER_BOUND }) : found;
    return at === null ? undefined : { line: at, column: callee(cell.source, at, from) + 1 };
  };
  const generated = (line: number) => firstOf(trace(), line, boxed.js);
  const { js, names, declared, assigned } = boxed;
  const marked = (mark: number) => {
    const before = cell.js.slice(0, mark).split("\n");
    const found = placeInCell(cell.map, { line: before.length, column: before.at(-1)!.length });
    return found && { line: found.line, column: found.column + 1 };
  };
  return { js, names, declared, assigned, original, generated, marked };
}

function mapErrors<T>({ map }: StrippedCell, make: () => T): T {
  try {
    return make();
  } catch (error) {
    const { loc, message } = error as { loc?: { line: number; column: number }; message: string };
    if (!(error instanceof SyntaxError) || !loc) throw error;
    const { line, column } = placeInCell(map, loc) ?? { line: 1, column: 0 };
    throw new CellSyntaxError(message.replace(/ \(\d+:\d+\)$/, ""), { line, column: column + 1 });
  }
}

/** Strips and rewrites a cell in one go; throws a CellSyntaxError where it cannot be parsed. */
export async function transformCell(code: string, options: TransformOptions): Promise<Transformed> {
  const stripped = await stripTypes(code, options.file);
  if (!stripped.ok) throw new CellSyntaxError(stripped.error.message, stripped.error);
  return transformStripped({ source: code, ...stripped }, options);
}

/** V8 places a call of what has become `(0, box)` at the parenthesis after it; where it was written, it has a name. */
function callee(source: string, line: number, column: number): number {
  const text = source.split("\n")[line - 1] ?? "";
  return text[column] === "(" ? (/[\p{ID_Continue}$]*$/u.exec(text.slice(0, column))?.index ?? column) : column;
}

/** The first place that comes from a line of the cell, before what the rewriting has put there. */
function firstOf(trace: TraceMap, line: number, js: string): { line: number; column: number } | undefined {
  let first: { line: number; column: number } | undefined;
  eachMapping(trace, ({ originalLine, generatedLine, generatedColumn }) => {
    const isEarlier =
      !first || generatedLine < first.line || (generatedLine === first.line && generatedColumn < first.column);
    if (originalLine === line && isEarlier) first = { line: generatedLine, column: generatedColumn };
  });
  if (!first) return undefined;
  const before = js.split("\n")[first.line - 1]!.slice(0, first.column);
  const mark = /\$+return\.at = \d+; (?:[^;]*\()?$/.exec(before);
  return { line: first.line, column: (mark?.index ?? first.column) + 1 };
}

function composeMaps(outer: { toString?: unknown } & object, inner: string | undefined): TraceMap {
  const { mappings, names, sources } = outer as { mappings: never; names: string[]; sources: string[] };
  const map = { version: 3, mappings, names, sources } as const;
  return new TraceMap(inner === undefined ? map : (remapping([map, inner], () => null) as never));
}
