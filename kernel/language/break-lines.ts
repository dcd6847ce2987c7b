import { blankExports, cellText } from "./cell-text.ts";
import { declaredTypes } from "./names.ts";
import { placeInCell, stripTypes } from "./strip.ts";
import { type AnyNode, parseModule } from "./syntax-tree.ts";

/** Statements before which code can stop. A function's declaration is none: it is done before the first line runs. */
const STOPS = new Set([
  "ExpressionStatement",
  "VariableDeclaration",
  "ReturnStatement",
  "ThrowStatement",
  "IfStatement",
  "ForStatement",
  "ForOfStatement",
  "ForInStatement",
  "WhileStatement",
  "DoWhileStatement",
  "SwitchStatement",
  "BreakStatement",
  "ContinueStatement",
  "ClassDeclaration",
  "ImportDeclaration",
  "DebuggerStatement",
]);

/** The lines (1-based, ascending) of TypeScript at which it can stop; none where it cannot be parsed. */
export async function breakLines(code: string): Promise<number[]> {
  // A magic stays on its line, whatever it is rewritten to.
  const { text } = cellText(code, { parses: () => false, inSession: () => false });
  const source = blankExports(text, declaredTypes(text).exportKeywords);
  const stripped = await stripTypes(source, "cell.ts");
  if (!stripped.ok) return [];
  try {
    return linesOf(stripped.js, stripped.map);
  } catch {
    return [];
  }
}

function linesOf(js: string, map: string | undefined): number[] {
  const lines = new Set<number>();
  const starts = lineStarts(js);
  for (const node of parseModule(js).nodes) {
    const at = stopOf(node);
    if (at === undefined) continue;
    const row = starts.findLastIndex((start) => start <= at);
    const place = placeInCell(map, { line: row + 1, column: at - starts[row]! });
    if (place) lines.add(place.line);
  }
  return [...lines].sort((a, b) => a - b);
}

function stopOf(node: AnyNode): number | undefined {
  if (node.type === "ArrowFunctionExpression") return node.expression ? node.body.start : undefined;
  return STOPS.has(node.type) ? node.start : undefined;
}

function lineStarts(text: string): number[] {
  return [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
}
