import remapping from "@jridgewell/remapping";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { boxCell, type DeclarationKind } from "./boxes.ts";
import { declaredTypes, wordsOf } from "./names.ts";
import { stripTypes } from "./strip.ts";

/** Code ready to run, with the way back to the cell's lines. */
export interface Transformed {
  js: string;
  /** Boxes the code needs, in the order of its parameters. */
  names: string[];
  /** Names the code declares, with what declares them. */
  declared: Map<string, DeclarationKind>;
  /** Position (1-based line and column) in the cell's text of a position in `js`. */
  original(line: number, column: number): { line: number; column: number } | undefined;
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
  map: string;
}

/** Rewrites a stripped cell to the function the engine runs. */
export function transformStripped(cell: StrippedCell, options: TransformOptions): Transformed {
  const words = wordsOf(cell.source);
  const namespaces = new Set(declaredTypes(cell.source).namespaces);
  const boxed = boxCell(cell.js, {
    inSession: options.inSession,
    isUserName: (name) => words.has(name),
    typeImports: options.typeImports ?? new Set(),
    isNamespace: (name) => namespaces.has(name),
  });
  let trace: TraceMap | undefined;
  const original = (line: number, column: number) => {
    trace ??= composeMaps(boxed.edits.generateDecodedMap({ hires: "boundary", source: options.file }), cell.map);
    const found = originalPositionFor(trace, { line, column: column - 1 });
    return found.line === null ? undefined : { line: found.line, column: found.column + 1 };
  };
  return { js: boxed.js, names: boxed.names, declared: boxed.declared, original };
}

/** Strips and rewrites a cell in one go; throws a SyntaxError where it cannot be parsed. */
export async function transformCell(code: string, options: TransformOptions): Promise<Transformed> {
  const stripped = await stripTypes(code, options.file);
  if (!stripped.ok) throw new SyntaxError(stripped.error.message);
  return transformStripped({ source: code, js: stripped.js, map: stripped.map }, options);
}

function composeMaps(outer: { toString?: unknown } & object, inner: string): TraceMap {
  const { mappings, names, sources } = outer as { mappings: never; names: string[]; sources: string[] };
  const composed = remapping([{ version: 3, mappings, names, sources }, inner], () => null);
  return new TraceMap(composed as never);
}
