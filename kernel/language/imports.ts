import type { AnyNode } from "./syntax-tree.ts";

/** Assigns what an import statement binds from `module`, an expression for the module's namespace. */
export function importCode(specifiers: readonly AnyNode[], module: string, box: (name: string) => string): string {
  if (specifiers.length === 0) return `${module};`;
  const namespace = specifiers.find((specifier) => specifier.type === "ImportNamespaceSpecifier");
  const source = namespace ? `${box(namespace.local.name)} = ${module}` : module;
  const targets = specifiers
    .filter((specifier) => specifier !== namespace)
    .map((specifier) => `${importedName(specifier)}: ${box(specifier.local.name)}`);
  return targets.length === 0 ? `${source};` : `({ ${targets.join(", ")} } = ${source});`;
}

/** Arguments of the call that imports a statement's module. */
export function moduleArguments(node: AnyNode): string {
  const attributes = (node.attributes ?? []) as AnyNode[];
  // The checker takes JSON files without the attribute that Node asks for.
  const isJson = attributes.length === 0 && /\.json$/.test(node.source.value);
  if (isJson) return `${node.source.raw}, { with: { type: "json" } }`;
  if (attributes.length === 0) return node.source.raw;
  const entries = attributes.map(({ key, value }) => `${key.raw ?? key.name}: ${value.raw}`).join(", ");
  return `${node.source.raw}, { with: { ${entries} } }`;
}

function importedName(specifier: AnyNode): string {
  if (specifier.type === "ImportDefaultSpecifier") return "default";
  return specifier.imported.type === "Literal" ? specifier.imported.raw : specifier.imported.name;
}
