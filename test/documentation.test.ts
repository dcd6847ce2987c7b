import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Comment, parseSync } from "oxc-parser";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..");
const sources = globSync("{src,kernel,widgets}/**/*.ts", { cwd: root }).filter(
  (file) => !file.includes("/assembly/") && !file.endsWith(".d.ts"),
);

/** Names that a file exports by declaration without a doc comment directly above. */
function undocumented(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  const { program, comments } = parseSync(file, text);
  const documented = (start: number) =>
    comments.some(
      (comment: Comment) =>
        comment.type === "Block" && comment.value.startsWith("*") && /^\s*$/.test(text.slice(comment.end, start)),
    );
  return program.body.flatMap((node) => {
    if (node.type !== "ExportNamedDeclaration" || !node.declaration || documented(node.start)) return [];
    const declaration = node.declaration;
    const names =
      declaration.type === "VariableDeclaration"
        ? declaration.declarations.map(({ id }) => (id.type === "Identifier" ? id.name : "a pattern"))
        : ["id" in declaration && declaration.id && "name" in declaration.id ? declaration.id.name : declaration.type];
    return names.map((name) => `${file}: ${name}`);
  });
}

test("every exported declaration has a doc comment", () => {
  expect(sources.length).toBeGreaterThan(0);
  expect(sources.flatMap(undocumented)).toEqual([]);
});

test("links between our documents lead somewhere", () => {
  const documents = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"];
  const broken = documents.flatMap((document) => {
    const text = readFileSync(join(root, document), "utf8");
    const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)].map((match) => match[1] as string);
    return targets
      .filter((target) => globSync(target, { cwd: root }).length === 0)
      .map((target) => `${document}: ${target}`);
  });
  expect(broken).toEqual([]);
});
