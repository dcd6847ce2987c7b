import type { AnyNode } from "./syntax-tree.ts";

const NAMING = new Set(["=", "&&=", "||=", "??="]);

/** The anonymous function or class that takes its name from `node`, the target of an assignment or a default. */
export function namedBy(node: AnyNode, parent: AnyNode): AnyNode | undefined {
  let value: AnyNode | null = null;
  if (parent.type === "VariableDeclarator" && parent.id === node) value = parent.init;
  else if (parent.type === "AssignmentPattern" && parent.left === node) value = parent.right;
  else if (parent.type === "AssignmentExpression" && parent.left === node && NAMING.has(parent.operator)) {
    value = parent.right;
  }
  return value && isAnonymousFunction(value) ? value : undefined;
}

function isAnonymousFunction(node: AnyNode): boolean {
  if (node.type === "ArrowFunctionExpression") return true;
  return (node.type === "FunctionExpression" || node.type === "ClassExpression") && !node.id;
}

/** A name as a property's key; `__proto__` as a plain key would set the prototype. */
export function propertyName(name: string): string {
  return name === "__proto__" ? '["__proto__"]' : name;
}
