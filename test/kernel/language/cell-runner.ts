import { runInThisContext } from "node:vm";
import { CellResult } from "../../../kernel/engine/evaluate.ts";
import { transformCell } from "../../../kernel/language/transform.ts";

/** Runs transformed cells one after the other on shared boxes, as the engine does, without a type check. */
export class CellRunner {
  readonly #boxes = new Map<string, { v: unknown }>();
  readonly #modules: Record<string, unknown>;
  /** Specifier and options of each import made. */
  readonly imports: [string, unknown][] = [];
  #count = 0;

  constructor(modules: Record<string, unknown> = {}) {
    this.#modules = modules;
  }

  /** Runs a cell; resolves with its result (`undefined` where it has none). */
  async run(code: string): Promise<unknown> {
    const file = `photonbook-cell-${++this.#count}.js`;
    const { js, names } = await transformCell(code, { file, inSession: (name) => this.#boxes.has(name) });
    const cell = runInThisContext(`(${js}\n)`, { filename: file });
    const result = new CellResult();
    const boxes = names.map((name) => this.box(name));
    await cell(this.#import, result, (name: string) => this.box(name), ...boxes);
    return result.has ? result.v : undefined;
  }

  /** The box of a name. */
  box(name: string): { v: unknown } {
    let box = this.#boxes.get(name);
    if (!box) this.#boxes.set(name, (box = { v: undefined }));
    return box;
  }

  /** Names that live in the session. */
  names(): string[] {
    return [...this.#boxes.keys()].sort();
  }

  readonly #import = async (specifier: string, options?: unknown) => {
    this.imports.push([specifier, options]);
    if (!(specifier in this.#modules)) throw new Error(`no module ${specifier}`);
    return this.#modules[specifier];
  };
}
