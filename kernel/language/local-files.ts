import { readFileSync, statSync } from "node:fs";
import path from "node:path";

/** What happened to a file, in the language server protocol's numbers: 1 created, 2 changed, 3 deleted. */
export interface FileChange {
  file: string;
  type: 1 | 2 | 3;
}

const RELATIVE_IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*(["'])(\.{1,2}\/[^"'\n]+)\1/g;
const ENDINGS = ["", ".ts", ".d.ts", ".js", ".json", "/index.ts"];

/**
 * The local modules that cells import, and those that these import: the server does not watch the disk, so it is told
 * what has changed before the next check.
 */
export class LocalFiles {
  /** Each candidate file with the time it was last seen changed; undefined where it does not exist. */
  readonly #seen = new Map<string, number | undefined>();

  /** Remembers the local files that a text in `dir` imports. */
  note(text: string, dir: string): void {
    for (const [, , specifier] of text.matchAll(RELATIVE_IMPORT)) {
      for (const ending of ENDINGS) this.#noteFile(path.resolve(dir, specifier! + ending));
    }
  }

  /** Files that have changed since the last call, or since they were noted. */
  changes(): FileChange[] {
    const changes: FileChange[] = [];
    for (const [file, before] of [...this.#seen]) {
      const now = changedAt(file);
      if (now === before) continue;
      this.#seen.set(file, now);
      changes.push({ file, type: before === undefined ? 1 : now === undefined ? 3 : 2 });
      if (now !== undefined) this.#noteImports(file);
    }
    return changes;
  }

  #noteFile(file: string) {
    if (this.#seen.has(file)) return;
    const changed = changedAt(file);
    this.#seen.set(file, changed);
    if (changed !== undefined) this.#noteImports(file);
  }

  #noteImports(file: string) {
    if (/\.[cm]?[jt]s$/.test(file)) this.note(readFileSync(file, "utf8"), path.dirname(file));
  }
}

function changedAt(file: string): number | undefined {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats?.isFile() ? stats.mtimeMs : undefined;
}
