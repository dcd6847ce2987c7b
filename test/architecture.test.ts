import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { parseSync } from "oxc-parser";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..");

/** Which folder may import which. A folder missing on the left may import nothing of ours. */
const allowed: Record<string, readonly string[]> = {
  "src/linalg": ["src/array", "src/random"],
  "src/fits": ["src/array", "src/host", "src/plot"],
  "src/votable": ["src/array", "src/fits"],
  "src/gti": ["src/array"],
  "src/plot": ["src/array", "src/host"],
  "src/spectra": ["src/array", "src/fits", "src/host", "src/plot"],
  "src/catalog": ["src/array", "src/fits", "src/votable", "src/host", "src/plot"],
  "src/columnar": ["src/catalog", "src/votable"],
  "src/families": ["src/catalog"],
  "src/hdf5": ["src/array", "src/catalog"],
  "src/onnx": ["src/array"],
  "src/match": ["src/array", "src/catalog", "src/host", "src/plot"],
  "src/select": ["src/catalog", "src/cosmology", "src/match", "src/host", "src/plot"],
  "src/timing": ["src/array", "src/catalog", "src/gti", "src/host", "src/linalg", "src/plot", "src/random"],
  "src/events": [
    "src/array",
    "src/catalog",
    "src/dates",
    "src/fits",
    "src/gti",
    "src/spectra",
    "src/timing",
    "src/host",
    "src/plot",
  ],
  "src/sky": ["src/array", "src/random", "src/fits", "src/gti", "src/timing"],
  "src/ppad": [
    "src/array",
    "src/random",
    "src/linalg",
    "src/gti",
    "src/host",
    "src/plot",
    "src/safetensors",
    "src/onnx",
  ],
  "src/store": ["src/array", "src/disk", "src/host", "src/plot", "src/safetensors"],
  "src/umap": ["src/array", "src/random", "src/linalg", "src/host", "src/plot"],
  "src/learn": ["src/array", "src/random", "src/host", "src/plot"],
  "src/gmm": ["src/array", "src/random", "src/linalg", "src/host", "src/plot"],
  "src/pileup": ["src/array", "src/random", "src/linalg", "src/spectra", "src/host", "src/plot"],
  "src/figures": ["src/array", "src/disk", "src/host", "src/plot"],
  "src/jobs": ["src/*"],
  "src/net": ["src/host"],
  "src/archives": ["src/array", "src/catalog", "src/host", "src/match", "src/net", "src/votable"],
  "src/io": ["src/*"],
  "src/sql": ["src/*"],
  "src/commands": ["src/*"],
  "src/index.ts": ["src/*"],
  widgets: ["src/*", "widgets"],
  kernel: ["kernel"],
};
const edges = [
  "src/disk",
  "src/net",
  "src/archives",
  "src/io",
  "src/store",
  "src/sql",
  "src/commands",
  "src/jobs",
  "src/figures",
  "src/index.ts",
];

/** The room a file belongs to: `src/<domain>`, or its top-level folder. */
function room(file: string): string {
  const [top = "", second = ""] = file.split("/");
  return top === "src" ? `${top}/${second}` : top;
}

const sources = globSync("{src,kernel,widgets}/**/*.ts", { cwd: root }).filter(
  (file) => !file.includes("/assembly/") && !file.endsWith(".d.ts"),
);
const imports = sources.flatMap((file) => {
  const { module } = parseSync(file, readFileSync(join(root, file), "utf8"));
  const specifiers = [
    ...module.staticImports.map((entry) => entry.moduleRequest.value),
    ...module.staticExports.flatMap((entry) =>
      entry.entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
    ),
  ];
  return specifiers.map((specifier) => ({ file, specifier }));
});
const ours = imports
  .filter(({ specifier }) => specifier.startsWith("."))
  .map(({ file, specifier }) => ({ file, target: relative(root, join(root, dirname(file), specifier)) }));

test("a folder imports only the folders that the table allows", () => {
  const wrong = ours.filter(({ file, target }) => {
    const from = room(file);
    const to = room(target);
    if (from === to) return false;
    const targets = allowed[from] ?? [];
    return !targets.includes(to) && !(targets.includes("src/*") && to.startsWith("src/"));
  });
  expect(wrong).toEqual([]);
});

test("a domain is entered through its index", () => {
  const wrong = ours.filter(
    ({ file, target }) =>
      target.startsWith("src/") && room(file) !== room(target) && !/^src\/([a-z0-9]+\/)?index\.ts$/.test(target),
  );
  expect(wrong).toEqual([]);
});

test("the pure part of src imports nothing of Node", () => {
  const wrong = imports.filter(
    ({ file, specifier }) => specifier.startsWith("node:") && file.startsWith("src/") && !edges.includes(room(file)),
  );
  expect(wrong).toEqual([]);
});

test("nothing exports a default or everything", () => {
  const wrong = sources.filter((file) => {
    const { module } = parseSync(file, readFileSync(join(root, file), "utf8"));
    const entries = module.staticExports.flatMap((entry) => entry.entries);
    return entries.some(
      ({ exportName, importName }) => exportName.kind === "Default" || importName.kind === "AllButDefault",
    );
  });
  expect(wrong).toEqual([]);
});
