import { createRequire, registerHooks } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { constants, runInThisContext } from "node:vm";
import { allNames } from "./common-js.ts";
import { isLocal, LocalModules } from "./local-modules.ts";

/** Imports modules for cells. */
export interface Import {
  (specifier: string, options?: ImportCallOptions): Promise<unknown>;
  /** The `import.meta` of cells. */
  readonly meta: ImportMeta;
}

/** Where cells are, as far as modules are concerned: a file in the notebook's folder that does not exist. */
const cellsFile = (notebookDir: string) => join(notebookDir, "photonbook-cells.js");

/**
 * Makes the `import` of cells: it resolves from the notebook's directory first, then from Photonbook's own
 * installation, so that vega-lite and the like are there without an install.
 */
export function createImport(notebookDir: string): Import {
  const base = cellsFile(notebookDir);
  const importFromNotebook = runInThisContext("(specifier, options) => import(specifier, options)", {
    filename: base,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }) as (specifier: string, options?: ImportCallOptions) => Promise<object>;
  const locals = new LocalModules();
  const importModule = async (specifier: string, options?: ImportCallOptions): Promise<object> => {
    if (isLocal(specifier)) return importFromNotebook(locals.url(resolve(notebookDir, specifier)), options);
    if (specifier === "tslab") return import("./tslab.ts");
    try {
      return await importFromNotebook(specifier, options);
    } catch (error) {
      if (!isMissing(error, base)) throw error;
      try {
        return await import(specifier, options);
      } catch (own) {
        throw (own as { code?: string }).code === "ERR_MODULE_NOT_FOUND" ? missing(specifier, notebookDir) : own;
      }
    }
  };
  let meta: ImportMeta | undefined;
  return Object.defineProperty(
    async (specifier: string, options?: ImportCallOptions) => allNames(await importModule(specifier, options)),
    "meta",
    { get: () => (meta ??= importMeta(base)) },
  ) as Import;
}

/** `require` for cells: from the notebook's directory first, then from Photonbook's own installation. */
export function createCellRequire(notebookDir: string): NodeJS.Require {
  const base = cellsFile(notebookDir);
  const fromNotebook = createRequire(base);
  const fromHere = createRequire(import.meta.url);
  const load = (specifier: string) => {
    try {
      return fromNotebook(specifier);
    } catch (error) {
      const { code, requireStack } = error as { code?: string; requireStack?: string[] };
      if (code !== "MODULE_NOT_FOUND" || requireStack?.[0] !== base || isLocal(specifier)) throw error;
      try {
        return fromHere(specifier);
      } catch (own) {
        throw (own as { code?: string }).code === "MODULE_NOT_FOUND" ? missing(specifier, notebookDir) : own;
      }
    }
  };
  return Object.assign(load, fromNotebook);
}

/** What `import.meta` would be in a file: made by Node itself, of a module that is served for a moment. */
function importMeta(file: string): ImportMeta {
  const { href } = pathToFileURL(file);
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier === file ? { url: href, format: "module", shortCircuit: true } : next(specifier, context),
    load: (url, context, next) =>
      url === href
        ? { format: "module", source: "export const meta = import.meta;", shortCircuit: true }
        : next(url, context),
  });
  try {
    return createRequire(href)(file).meta;
  } finally {
    hooks.deregister();
  }
}

function isMissing(error: unknown, base: string): boolean {
  const { code, message } = error as { code?: string; message?: string };
  return code === "ERR_MODULE_NOT_FOUND" && String(message).includes(`imported from ${base}`);
}

function missing(specifier: string, notebookDir: string): Error {
  return Object.assign(
    new Error(
      `Cannot import "${specifier}": it must be installed where the notebook is: run "npm install ${specifier}" in ${notebookDir}`,
    ),
    { code: "ERR_MODULE_NOT_FOUND" },
  );
}
