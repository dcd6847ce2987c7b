import { parseArgs } from "node:util";

/** A command of `photonbook` that works on data. */
export interface Command {
  /** The word after `photonbook`. */
  readonly name: string;
  /** What `--help` shows: a line each, how it is written and what it does. */
  readonly help: readonly (readonly [usage: string, text: string])[];
  /** Runs the command; what it prints goes to stdout, what is wrong is thrown. */
  run(args: string[]): Promise<void>;
}

/**
 * The one file and the `--json` switch that inspecting commands take.
 *
 * @throws {RangeError} If there is not exactly one file.
 */
export function parseInspection(command: string, args: string[]): { file: string; json: boolean } {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { json: { type: "boolean" } } });
  const [file] = positionals;
  if (file === undefined || positionals.length > 1) {
    throw new RangeError(`Cannot run "${command}": one file must be given: current number is ${positionals.length}`);
  }
  return { file, json: values.json ?? false };
}
