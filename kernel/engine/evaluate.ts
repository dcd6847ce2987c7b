import { constants, Script } from "node:vm";
import type { PreparedCode } from "../protocol/channel.ts";
import type { Import } from "./importer.ts";

/** A shared top-level binding: closures of any cell see what any later cell assigns. */
export interface Box {
  v: unknown;
}

/** What a cell leaves: the value of its last expression, and the mark it has passed last. */
export class CellResult {
  /** Whether the cell's last statement was an expression. */
  has = false;
  v: unknown = undefined;
  /** Where the cell is: a mark in its code, which the language session can read. */
  at: number | undefined = undefined;

  /** Called with what the cell is about to await or throw. */
  mark<T>(at: number, value: T): T {
    this.at = at;
    return value;
  }
}

type CellFunction = (
  $import: Import,
  $result: CellResult,
  $box: (name: string) => Box,
  ...boxes: Box[]
) => Promise<void>;

/** The session's values, and the evaluation of cells in them. */
export class Evaluator {
  readonly #boxes = new Map<string, Box>();
  readonly importModule: Import;
  /** What the prelude brought; a cell may declare the same name anew. */
  readonly #prelude = new Map<string, unknown>();

  constructor(importModule: Import) {
    this.importModule = importModule;
  }

  /** The box of a name, made where there is none. */
  box(name: string): Box {
    let box = this.#boxes.get(name);
    if (!box) this.#boxes.set(name, (box = { v: undefined }));
    return box;
  }

  /** Puts a name in scope of every cell. */
  definePrelude(name: string, value: unknown): void {
    this.#prelude.set(name, value);
    this.box(name).v = value;
  }

  /** The names that cells have given values, by the alphabet. */
  userBoxes(): [name: string, value: unknown][] {
    const all = [...this.#boxes].map(([name, { v }]): [string, unknown] => [name, v]);
    const own = all.filter(([name, value]) => value !== undefined && this.#prelude.get(name) !== value);
    return own.sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** Forgets what cells have declared; the prelude's names are as they were. */
  reset(): void {
    this.#boxes.clear();
    for (const [name, v] of this.#prelude) this.#boxes.set(name, { v });
  }

  /** Runs prepared code, noting in `result` how far it is; the promise settles when its top-level awaits have. */
  async evaluate(code: PreparedCode, result: CellResult): Promise<void> {
    // The parenthesis makes the function an expression; the offset keeps the columns of line 1 as they were.
    const script = new Script(`(${code.js}\n)`, {
      filename: code.file,
      columnOffset: -1,
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
    const cell = script.runInThisContext() as CellFunction;
    const boxes = code.names.map((name) => this.box(name));
    await cell(this.importModule, result, (name) => this.box(name), ...boxes);
  }
}
