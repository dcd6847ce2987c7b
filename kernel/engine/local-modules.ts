import { statSync } from "node:fs";
import { createRequire, registerHooks } from "node:module";
import { isAbsolute, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** Photonbook's own modules, from kernel/engine or dist/kernel/engine: they need no help and do not change. */
const OWN_FOLDERS = ["kernel", "src", "widgets"].map((name) => new URL(`../../${name}/`, import.meta.url).href);
const ENDINGS = ["", ".ts", ".mts", ".js", ".mjs", ".cjs", "/index.ts", "/index.js"];

/** Whether a specifier names a file rather than a package. */
export function isLocal(specifier: string): boolean {
  return specifier.startsWith("./") || specifier.startsWith("../") || isAbsolute(specifier);
}

/**
 * The notebook's own modules. They are found as the type checker finds them, without an ending too, and read again
 * when they, or local modules that they import, have changed.
 */
export class LocalModules {
  /** When each file, or what it imports, had last changed at its first import. */
  readonly #first = new Map<string, number>();
  /** The local files that a local file imports. */
  readonly #imports = new Map<string, Set<string>>();
  #hooked = false;

  /** The URL to import a file by. */
  url(path: string): string {
    this.#hook();
    return this.#versioned(existingFile(path) ?? path);
  }

  #versioned(file: string): string {
    const { href } = pathToFileURL(file);
    const changed = this.#changed(file, new Set());
    const first = this.#first.get(file);
    if (first === undefined) this.#first.set(file, changed);
    if (first === undefined || first === changed) return href;
    delete createRequire(href).cache[file];
    return `${href}?changed=${changed}`;
  }

  #changed(file: string, seen: Set<string>): number {
    if (seen.has(file)) return 0;
    seen.add(file);
    const imported = [...(this.#imports.get(file) ?? [])].map((each) => this.#changed(each, seen));
    return Math.max(changedAt(file) ?? 0, ...imported);
  }

  /** Local modules import one another by the same rules. */
  #hook(): void {
    if (this.#hooked) return;
    this.#hooked = true;
    registerHooks({
      resolve: (specifier, context, next) => {
        const importer = localFile(context.parentURL);
        if (importer === undefined || !isLocal(specifier)) return next(specifier, context);
        const file = existingFile(fileURLToPath(new URL(specifier, pathToFileURL(importer))));
        if (file === undefined) return next(specifier, context);
        const imports = this.#imports.get(importer);
        if (imports) imports.add(file);
        else this.#imports.set(importer, new Set([file]));
        return next(context.conditions.includes("require") ? file : this.#versioned(file), context);
      },
    });
  }
}

/** The file of a URL that is the user's: neither Node's nor a package's. */
function localFile(url: string | undefined): string | undefined {
  if (!url?.startsWith("file:") || url.includes("/node_modules/")) return undefined;
  return OWN_FOLDERS.some((folder) => url.startsWith(folder)) ? undefined : fileURLToPath(url);
}

/** A file by its path with or without its ending; `x.js` may also stand for `x.ts`. */
function existingFile(path: string): string | undefined {
  const candidates = ENDINGS.map((ending) => (ending.startsWith("/") ? join(path, ending) : path + ending));
  candidates.push(path.replace(/\.([cm]?)js$/, ".$1ts"));
  return candidates.find((file) => changedAt(file) !== undefined);
}

function changedAt(file: string): number | undefined {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats?.isFile() ? stats.mtimeMs : undefined;
}
