import { bundleOf } from "./display.ts";
import { type Box, CellResult, type Evaluator } from "./evaluate.ts";

/** Where the debugger, which speaks to this thread through the inspector, finds the session. */
export const DEBUG_ACCESS = "photonbook.debug";

/** What it finds there. */
export interface DebugAccess {
  /** The values of names, each a property. */
  values(names: readonly string[]): object;
  /** Gives a name of the session a value. */
  assign(name: string, value: unknown): void;
  /** Runs an expression that the language session has rewritten. */
  run(expression: (...args: unknown[]) => unknown, names: readonly string[]): unknown;
  /** How a value shows itself, as JSON; a promise of it where that takes time. */
  rich(value: unknown): string | Promise<string>;
}

/** Puts the session where the debugger finds it, out of sight of cells' completion. */
export function installDebugAccess(evaluator: Evaluator): void {
  const access: DebugAccess = {
    values: (names) =>
      Object.assign(Object.create(null), Object.fromEntries(names.map((name) => [name, evaluator.box(name).v]))),
    assign(name, value) {
      evaluator.box(name).v = value;
    },
    run(expression, names) {
      const result = new CellResult();
      const boxes: Box[] = names.map((name) => evaluator.box(name));
      expression(evaluator.importModule, result, (name: string) => evaluator.box(name), ...boxes);
      return result.v;
    },
    rich(value) {
      const bundle = bundleOf(value);
      return bundle instanceof Promise ? bundle.then((ready) => JSON.stringify(ready)) : JSON.stringify(bundle);
    },
  };
  Object.defineProperty(globalThis, Symbol.for(DEBUG_ACCESS), { value: access });
}
