import type { AnyNode } from "./syntax-tree.ts";

/** What must be known of names to tell the user's last expression from one that the TypeScript step made. */
export interface ResultOptions {
  /** Whether a name is a helper of the TypeScript step. */
  isHelper(name: string): boolean;
  /** Whether a name is declared as a namespace. */
  isNamespace(name: string): boolean;
}

/** Place of the expression whose value is the cell's result: its last statement, if that is an expression. */
export function resultOf(
  program: AnyNode,
  source: string,
  options: ResultOptions,
): { start: number; end: number } | undefined {
  const last = (program.body as AnyNode[]).findLast((node) => !isEmpty(node));
  if (last?.type === "ExportDefaultDeclaration" && !last.declaration.type.endsWith("Declaration")) {
    return { start: last.declaration.start, end: beforeSemicolon(source, last) };
  }
  if (last?.type !== "ExpressionStatement" || isGenerated(last.expression, options)) return undefined;
  return { start: last.start, end: beforeSemicolon(source, last) };
}

function isEmpty(node: AnyNode): boolean {
  return node.type === "EmptyStatement" || (node.type === "ExportNamedDeclaration" && !node.declaration);
}

/** End of a statement without its semicolon: parentheses around the expression stay with it. */
function beforeSemicolon(source: string, { end }: AnyNode): number {
  return source[end - 1] === ";" ? end - 1 : end;
}

/** Calls made by the TypeScript step: decorator helpers, and the function that fills a namespace. */
function isGenerated(expression: AnyNode, { isHelper, isNamespace }: ResultOptions): boolean {
  const call = expression.type === "AssignmentExpression" ? expression.right : expression;
  if (call.type !== "CallExpression") return false;
  if (call.callee.type === "Identifier") return call.callee.name.startsWith("__") && isHelper(call.callee.name);
  const [argument] = call.arguments as AnyNode[];
  return (
    call.callee.type === "ArrowFunctionExpression" &&
    argument?.type === "LogicalExpression" &&
    argument.left.type === "Identifier" &&
    argument.right.type === "AssignmentExpression" &&
    isNamespace(argument.left.name)
  );
}
