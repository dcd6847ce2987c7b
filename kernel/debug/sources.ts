import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { fileURLToPath } from "node:url";
import type { Cells } from "../front/cells.ts";
import type { LanguageSession } from "../language/index.ts";
import { fileUrls, literally, type ScriptPlace } from "./breakpoints.ts";
import { cellPath, isCellPath } from "./cell-files.ts";
import { DebugError } from "./protocol.ts";

const HERE = literally(new URL("../../", import.meta.url).href);
const OWN = new RegExp(`^${HERE}(kernel|src|widgets)/`);

/** Patterns of the URLs of code that is not the user's: the kernel, the library it brings, Node and packages. */
export const NOT_USERS = ["^node:", OWN.source, "/node_modules/"];

/** What front ends call sources, cells and local files alike, and where their lines are in JavaScript. */
export class Sources {
  readonly #cells: Cells;
  readonly #session: Promise<LanguageSession>;
  readonly #dumped = new Map<string, string>();

  constructor(cells: Cells, session: Promise<LanguageSession>) {
    this.#cells = cells;
    this.#session = session;
  }

  /** Notes the code of a cell that may not have run yet; its path. */
  dump(code: string): string {
    const path = cellPath(code);
    this.#dumped.set(path, code);
    return path;
  }

  /** The text of a cell or of a file. */
  async text(path: string): Promise<string> {
    if (isCellPath(path)) {
      const code = this.#dumped.get(path) ?? this.#cells.find((each) => cellPath(each) === path);
      if (code === undefined) throw new DebugError(`Cannot show the source: no cell is known as "${path}"`);
      return code;
    }
    if (!isAbsolute(path) || !existsSync(path)) throw new DebugError(`Cannot show the source: no file is at "${path}"`);
    return readFile(path, "utf8");
  }

  /** For each line, itself or the next at which code can stop, else the last; undefined where there is none. */
  async stops(path: string, lines: readonly number[]): Promise<(number | undefined)[]> {
    const text = await this.text(path).catch(() => undefined);
    const possible = text === undefined ? [] : await (await this.#session).breakLines(text);
    return lines.map((line) => possible.find((each) => each >= line) ?? possible.at(-1));
  }

  /** Where lines are in the JavaScript of all cells that have run with this text, or of all versions of a file. */
  async places(path: string, lines: readonly number[]): Promise<ScriptPlace[]> {
    if (!isCellPath(path)) return lines.map((line) => ({ urlRegex: fileUrls(path), line, column: 1 }));
    const files = this.#cells.filesOf((code) => cellPath(code) === path);
    return (await Promise.all(files.map((file) => this.placesIn(file, lines)))).flat();
  }

  /** Where lines are in the JavaScript of one cell. */
  async placesIn(file: string, lines: readonly number[]): Promise<ScriptPlace[]> {
    const session = await this.#session;
    return lines.flatMap((line) => {
      const place = session.generatedPosition(file, line);
      return place ? [{ url: file, ...place }] : [];
    });
  }

  /** Of the scripts that are loaded, the local files and those of packages, without what Photonbook brings. */
  modules(urls: Iterable<string>): { id: number; name: string; path: string }[] {
    const users = [...urls].filter((url) => url.startsWith("file://") && !OWN.test(url));
    const files = new Set(users.map((url) => fileURLToPath(url.replace(/\?changed=.*$/, ""))));
    const paths = [...files].filter((file) => existsSync(file)).sort();
    return paths.map((path, id) => ({ id, name: path.replace(/^.*\/node_modules\//, ""), path }));
  }
}
