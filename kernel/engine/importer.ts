import { statSync } from "node:fs";
import { createRequire } from "node:module";
import { isAbsolute, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { constants, runInThisContext } from "node:vm";

/** Imports a module for a cell. */
export type Import = (specifier: string, options?: ImportCallOptions) => Promise<unknown>;

/**
 * Makes the `import` of cells: it resolves from the notebook's directory first, then from Photonbook's own
 * installation, so that vega-lite and the like are there without an install. Local files are read again after a change.
 */
export function createImport(notebookDir: string): Import {
  const base = join(notebookDir, "photonbook-cells.js");
  const importFromNotebook: Import = runInThisContext("(specifier, options) => import(specifier, options)", {
    filename: base,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const seen = new Map<string, number>();
  return async (specifier, options) => {
    if (isLocal(specifier)) return importFromNotebook(localUrl(resolve(notebookDir, specifier), seen), options);
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
}

/** `require` for cells, resolving from the notebook's directory. */
export function createCellRequire(notebookDir: string): NodeJS.Require {
  return createRequire(join(notebookDir, "photonbook-cells.js"));
}

function isLocal(specifier: string): boolean {
  return specifier.startsWith("./") || specifier.startsWith("../") || isAbsolute(specifier);
}

/** A file's URL; a version is added when it has changed since its first import. */
function localUrl(path: string, seen: Map<string, number>): string {
  const url = pathToFileURL(path).href;
  const changed = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  if (changed === undefined) return url;
  const first = seen.get(path);
  if (first === undefined) seen.set(path, changed);
  return first === undefined || first === changed ? url : `${url}?changed=${changed}`;
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
