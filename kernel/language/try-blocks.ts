import { type AnyNode, parseModule, type SyntaxTree } from "./syntax-tree.ts";

/** Whether a place (1-based) of JavaScript is inside a `try` of its function that has a `catch`. */
export function isInTry(source: string, line: number, column: number): boolean {
  const tree = parsed(source);
  if (!tree) return false;
  const lines = source.split("\n").slice(0, line - 1);
  const offset = lines.reduce((sum, text) => sum + text.length + 1, column - 1);
  let node = tree.nodes.filter(({ start, end }) => start <= offset && offset < end).at(-1);
  while (node && !isFunction(node)) {
    const parent: AnyNode | undefined = tree.place.get(node)?.parent;
    if (parent?.type === "TryStatement" && parent.handler && parent.block === node) return true;
    node = parent;
  }
  return false;
}

function isFunction({ type }: AnyNode): boolean {
  return type === "FunctionDeclaration" || type === "FunctionExpression" || type === "ArrowFunctionExpression";
}

function parsed(source: string): SyntaxTree | undefined {
  try {
    return parseModule(source);
  } catch {
    return undefined;
  }
}
