import { parseArgs } from "node:util";
import { closestMatch } from "leven";

/** Options of a command: those with a value after them and switches. */
export interface CommandOptions {
  readonly [name: string]: { readonly type: "string" | "boolean" };
}

/**
 * Options and files after a command's name.
 *
 * @throws {RangeError} If an option is none of the command's, lacks its value, or takes none.
 */
export function parseCommandLine<T extends CommandOptions>(command: string, args: string[], options: T) {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!code?.startsWith("ERR_PARSE_ARGS")) throw error;
    // Node names the option as '--bin', '--bin <value>' or '-b, --bin'
    const given = /'(?:-\w, )?(--?[^' <]*)/.exec(message)?.[1] ?? args.join(" ");
    throw new RangeError(`Cannot run "${command}": ${problemOf(given, options)}`, { cause: error });
  }
}

function problemOf(given: string, options: CommandOptions): string {
  const names = Object.keys(options);
  const option = options[given.replace(/^--/, "")];
  if (option) return option.type === "string" ? `${given} must have a value after it` : `${given} takes no value`;
  if (names.length === 0) return `it takes no options: current option is ${given}`;
  const meant = closestMatch(given.replace(/^-+/, ""), names, { maxDistance: 2 });
  const list = names.map((name) => `--${name}`).join(", ");
  return `options must be among ${list}: current option is ${given}${meant === undefined ? "" : ` (did you mean --${meant}?)`}`;
}
