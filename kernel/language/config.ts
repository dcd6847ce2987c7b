import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** Root of the Photonbook package: the nearest folder above this file that has a package.json. */
export const PACKAGE_ROOT = packageRoot(path.dirname(fileURLToPath(import.meta.url)));

/**
 * The compiler options of a notebook, as the text of a tsconfig. It is given to the server as an open document in the
 * notebook's folder and never written to disk, so read-only folders work and a tsconfig of the user's stays out of it.
 *
 * @param name Its file name. It is a file of its own project, because the server wants a project for every open document.
 * @param cellPattern File names of the cells.
 */
export function notebookConfig(
  notebookDir: string,
  { name, cellPattern, preludeTypes }: { name: string; cellPattern: string; preludeTypes?: string | undefined },
): string {
  return JSON.stringify({
    compilerOptions: {
      target: "esnext",
      // As esnext, with `import x = require("x")` beside it.
      module: "preserve",
      moduleResolution: "bundler",
      lib: ["esnext", "dom", "dom.iterable", "dom.asynciterable"],
      types: ["node"],
      typeRoots: typeRoots(notebookDir),
      paths: {
        ...fallbackPaths(notebookDir),
        tslab: [engineFile("tslab")],
        ...(preludeTypes ? { photonbook: [preludeTypes] } : {}),
      },
      strict: true,
      useUnknownInCatchVariables: false,
      // With it the checker names every import that is only a type; the transform drops those.
      verbatimModuleSyntax: true,
      allowImportingTsExtensions: true,
      resolveJsonModule: true,
      esModuleInterop: true,
      allowUnreachableCode: true,
      allowUnusedLabels: true,
      skipLibCheck: true,
      noEmit: true,
    },
    files: [engineFile("globals"), `./${name}`],
    include: [`./${cellPattern}`],
  });
}

/** Types of a file of the engine: `globals` declares `display` and `input`, `tslab` what tslab's notebooks import. */
function engineFile(name: string): string {
  const source = fileURLToPath(new URL(`../engine/${name}.ts`, import.meta.url));
  return existsSync(source) ? source : source.replace(/\.ts$/, ".d.ts");
}

/** Folders with `node` types: the notebook's own first, then Photonbook's. */
function typeRoots(notebookDir: string): string[] {
  const dirs = [...searchDirs(notebookDir), ...searchDirs(PACKAGE_ROOT)].map((dir) => path.join(dir, "@types"));
  const withNode = dirs.find((dir) => existsSync(path.join(dir, "node", "package.json")));
  return withNode ? [withNode] : [];
}

/**
 * Where to find types of packages that Photonbook has and the notebook's folder has not, so that
 * `import * as vl from "vega-lite"` has types in a bare folder.
 */
function fallbackPaths(notebookDir: string): Record<string, string[]> {
  const paths: Record<string, string[]> = {};
  const { dependencies = {} } = readManifest(PACKAGE_ROOT);
  for (const name of Object.keys(dependencies)) {
    if (findPackage(name, notebookDir)) continue;
    const dir = findPackage(name, PACKAGE_ROOT);
    if (!dir) continue;
    const types = typesOf(dir, name);
    if (types) paths[name] = [types];
    paths[`${name}/*`] = [path.join(dir, "*")];
  }
  return paths;
}

/** The declaration file of a package's main entry. */
function typesOf(dir: string, name: string): string | undefined {
  const manifest = readManifest(dir);
  const { exports } = manifest;
  const main = (exports as Record<string, unknown> | undefined)?.["."] ?? exports;
  const declared = typesCondition(main) ?? manifest.types ?? manifest.typings;
  if (declared) return path.join(dir, declared);
  const separate = findPackage(`@types/${name.replace(/^@/, "").replace("/", "__")}`, PACKAGE_ROOT);
  if (separate) return path.join(separate, readManifest(separate).types ?? "index.d.ts");
  return existsSync(path.join(dir, "index.d.ts")) ? path.join(dir, "index.d.ts") : undefined;
}

function typesCondition(entry: unknown): string | undefined {
  if (typeof entry !== "object" || entry === null) return undefined;
  const conditions = entry as { types?: unknown; import?: unknown; default?: unknown };
  if (typeof conditions.types === "string") return conditions.types;
  return typesCondition(conditions.import) ?? typesCondition(conditions.default);
}

function findPackage(name: string, from: string): string | undefined {
  const dir = searchDirs(from).find((each) => existsSync(path.join(each, name, "package.json")));
  return dir && path.join(dir, name);
}

/** The `node_modules` folders that a module in `dir` sees. */
function searchDirs(dir: string): string[] {
  return createRequire(path.join(dir, "_.js")).resolve.paths("_") ?? [];
}

interface Manifest {
  types?: string;
  typings?: string;
  exports?: unknown;
  dependencies?: Record<string, string>;
}

function readManifest(dir: string): Manifest {
  return JSON.parse(readFileSync(path.join(dir, "package.json"), "utf8"));
}

function packageRoot(dir: string): string {
  return existsSync(path.join(dir, "package.json")) ? dir : packageRoot(path.dirname(dir));
}
