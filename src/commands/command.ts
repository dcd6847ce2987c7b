/** What was given after a command's name. */
export interface CommandArguments {
  readonly values: { readonly [option: string]: string | boolean | undefined };
  readonly positionals: readonly string[];
}

/** A command of `photonbook` that works on data. */
export interface Command {
  /** The word after `photonbook`. */
  readonly name: string;
  /** What `--help` shows: a line each, how it is written and what it does. */
  readonly help: readonly (readonly [usage: string, text: string])[];
  /** Its options: those with a value after them and switches. */
  readonly options: { readonly [name: string]: { readonly type: "string" | "boolean" } };
  /** Runs the command; what it prints goes to stdout, what is wrong is thrown. */
  run(given: CommandArguments): Promise<void>;
}

/**
 * The one file that a command takes.
 *
 * @param what What it is, such as "event file". Default "file".
 * @throws {RangeError} If there is not exactly one.
 */
export function onlyFile(command: string, { positionals }: CommandArguments, what = "file"): string {
  const [file] = positionals;
  if (file !== undefined && positionals.length === 1) return file;
  throw new RangeError(`Cannot run "${command}": one ${what} must be given: current number is ${positionals.length}`);
}
