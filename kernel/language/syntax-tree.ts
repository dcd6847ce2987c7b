import { type Node, type Program, parse } from "acorn";

/** Any node of the tree; fields are read by name, so they are left open. */
// biome-ignore lint/suspicious/noExplicitAny: acorn's node types form a union that cannot be read by field name
export type AnyNode = Node & { [key: string]: any };

/** Where a node hangs in the tree. */
export interface Place {
  parent: AnyNode;
  /** True outside every function, class field and static block: a `var` here belongs to the cell. */
  topLevel: boolean;
}

/** A parsed module with the place of each node. */
export interface SyntaxTree {
  program: Program & AnyNode;
  nodes: AnyNode[];
  place: Map<AnyNode, Place>;
}

/** Parses JavaScript as a module (strict, top-level await allowed) and records every node with its parent. */
export function parseModule(source: string): SyntaxTree {
  const program = parse(source, {
    ecmaVersion: "latest",
    sourceType: "module",
    ranges: true,
    allowHashBang: true,
    checkPrivateFields: false,
  }) as Program & AnyNode;
  const nodes: AnyNode[] = [];
  const place = new Map<AnyNode, Place>();
  const visit = (node: AnyNode, topLevel: boolean) => {
    nodes.push(node);
    const inner = topLevel && !startsVarScope(node);
    for (const key of Object.keys(node)) {
      const child = node[key];
      if (Array.isArray(child)) for (const item of child) visitChild(item, node, inner);
      else visitChild(child, node, inner);
    }
  };
  const visitChild = (child: unknown, parent: AnyNode, topLevel: boolean) => {
    if (!isNode(child) || place.has(child)) return;
    place.set(child, { parent, topLevel });
    visit(child, topLevel);
  };
  visit(program, true);
  return { program, nodes, place };
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";
}

function startsVarScope(node: AnyNode): boolean {
  return (
    node.type === "FunctionDeclaration" ||
    node.type === "FunctionExpression" ||
    node.type === "ArrowFunctionExpression" ||
    node.type === "StaticBlock" ||
    node.type === "PropertyDefinition"
  );
}

/** Identifiers bound or assigned by a pattern, in order. */
export function patternIdentifiers(pattern: AnyNode): AnyNode[] {
  switch (pattern.type) {
    case "Identifier":
      return [pattern];
    case "ObjectPattern":
      return pattern.properties.flatMap((property: AnyNode) =>
        patternIdentifiers(property.type === "RestElement" ? property.argument : property.value),
      );
    case "ArrayPattern":
      return pattern.elements.flatMap((element: AnyNode | null) => (element ? patternIdentifiers(element) : []));
    case "AssignmentPattern":
      return patternIdentifiers(pattern.left);
    case "RestElement":
      return patternIdentifiers(pattern.argument);
    default:
      return [];
  }
}

/** Shortest run of `$` with which no name of the cell begins, so that parameters never meet user names. */
export function freePrefix(tree: SyntaxTree): string {
  let prefix = "$";
  for (const node of tree.nodes) {
    if (node.type !== "Identifier") continue;
    while (node.name.startsWith(prefix)) prefix += "$";
  }
  return prefix;
}
