import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { resolve } from "node:path";
import { CELL_MAGICS, LINE_MAGICS } from "../protocol/magics.ts";
import type { MimeBundle } from "./host.ts";
import { runCommand, runShell, type ShellOptions } from "./shell.ts";
import { measure, seconds, type TimeitOptions } from "./timing.ts";
import type { VariableInfo } from "./variables.ts";

/** What magics need of the engine. */
export interface MagicsHost {
  readonly notebookDir: string;
  show(data: MimeBundle["data"]): void;
  onInterrupt(stop: () => void): () => void;
  /** The user's names, by the alphabet. */
  variables(): readonly VariableInfo[];
  /** Forgets the user's names; returns how many there were. */
  reset(): number;
  /** Puts text in the cell, or in the next where the front end has it so. */
  setNextInput(text: string): void;
  /** Has something done when the running cell ends. */
  atEnd(action: () => void): void;
}

const MIME_TYPES: { readonly [magic: string]: string } = {
  html: "text/html",
  javascript: "application/javascript",
  latex: "text/latex",
  markdown: "text/markdown",
  svg: "image/svg+xml",
};

/** What `%magic` and `!command` lines do; the language session rewrites them to calls of this (language/magics.ts). */
export class Magics {
  readonly #host: MagicsHost;
  #started = 0;

  constructor(host: MagicsHost) {
    this.#host = host;
  }

  /** `!command`: its output comes as it is printed; a status other than 0 is said, and stops nothing. */
  async shell(command: string): Promise<void> {
    sayStatus(await runShell(command, this.#shellOptions()));
  }

  /** `%name text`. */
  async line(name: string, text: string): Promise<unknown> {
    switch (name) {
      case "bash":
      case "sh":
        return this.shell(text);
      case "cd":
        return changeFolder(text);
      case "pwd":
        return process.cwd();
      case "env":
        return environment(text);
      case "install":
        return this.#install(text);
      case "load":
        return this.#load(text);
      case "lsmagic":
        return listMagics();
      case "who":
        return print(
          this.#host
            .variables()
            .map((each) => each.name)
            .join("   ") || "There are no names yet",
        );
      case "whos":
        return print(variableTable(this.#host.variables()));
      case "reset":
        return print(`${this.#host.reset()} names are gone`);
      default:
        throw new Error(`Cannot run %${name}: the magic must be one that %lsmagic lists`);
    }
  }

  /** `%%name text` with the rest of the cell. */
  async cell(name: string, text: string, body: string): Promise<void> {
    const mimeType = MIME_TYPES[name];
    if (mimeType !== undefined) return this.#host.show({ [mimeType]: body });
    if (name === "writefile") return writeFile(text, body);
    const program = name === "script" ? text : name;
    if (!["bash", "sh", "script"].includes(name) || program === "") {
      throw new Error(
        name === "script"
          ? "Cannot run %%script: a program must follow"
          : `Cannot run %%${name}: the magic must be one that %lsmagic lists`,
      );
    }
    const [command = "", ...args] = program.split(/\s+/);
    const status = await runCommand(command, args, { ...this.#shellOptions(), input: `${body}\n` });
    if (status !== 0) throw new Error(`Cannot go on after %%${name}: the script ended with status ${status}`);
  }

  /** `%time expression`. */
  async time<T>(run: () => T): Promise<Awaited<T>> {
    this.start();
    try {
      return await run();
    } finally {
      this.stop();
    }
  }

  start(): void {
    this.#started = performance.now();
  }

  stop(): void {
    print(`Wall time: ${seconds(performance.now() - this.#started)}`);
  }

  /** `%%time`: says at the cell's end how long it took. */
  timeCell(): void {
    const started = performance.now();
    this.#host.atEnd(() => print(`Wall time: ${seconds(performance.now() - started)}`));
  }

  /** `%timeit` and `%%timeit`. */
  async timeit(options: TimeitOptions, run: () => unknown): Promise<void> {
    print(await measure(run, options));
  }

  #shellOptions(): ShellOptions {
    return { onInterrupt: (stop) => this.#host.onInterrupt(stop) };
  }

  async #install(packages: string): Promise<void> {
    if (packages.trim() === "") throw new Error("Cannot install: the names of npm packages must follow %install");
    const args = [
      "install",
      "--no-audit",
      "--no-fund",
      "--prefix",
      this.#host.notebookDir,
      ...packages.trim().split(/\s+/),
    ];
    const status = await runCommand("npm", args, this.#shellOptions());
    if (status !== 0) throw new Error(`Cannot install ${packages}: npm ended with status ${status}`);
  }

  #load(file: string): void {
    if (file === "") throw new Error("Cannot load: the name of a file must follow %load");
    this.#host.setNextInput(`// %load ${file}\n${readFileSync(fromHome(file), "utf8")}`);
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function sayStatus(status: number): void {
  if (status !== 0) process.stderr.write(`The command ended with status ${status}\n`);
}

function fromHome(path: string): string {
  return resolve(unquoted(path).replace(/^~(?=\/|$)/, homedir()));
}

function unquoted(text: string): string {
  return text.replace(/^(["'])(.*)\1$/, "$2");
}

function changeFolder(text: string): void {
  process.chdir(text === "" ? homedir() : fromHome(text));
  print(process.cwd());
}

/** `%env`, `%env NAME`, `%env NAME=value` or `%env NAME value`. */
function environment(text: string): unknown {
  if (text === "") return { ...process.env };
  const [, name = "", given] = /^([^\s=]+)(?:(?:\s*=\s*|\s+)(.*))?$/s.exec(text) ?? [];
  if (given !== undefined) {
    process.env[name] = unquoted(given);
    return print(`env: ${name}=${process.env[name]}`);
  }
  const value = process.env[name];
  if (value === undefined) throw new Error(`Cannot read environment variable "${name}": it is not set`);
  return value;
}

function writeFile(text: string, body: string): void {
  const [, append, name = ""] = /^(-a\s+)?(.*)$/.exec(text)!;
  if (name === "") throw new Error("Cannot write the cell: the name of a file must follow %%writefile");
  const write = append === undefined ? writeFileSync : appendFileSync;
  write(fromHome(name), `${body}\n`);
  print(`${append === undefined ? "Wrote" : "Appended to"} ${name}`);
}

function listMagics(): void {
  print(`Lines:  ${LINE_MAGICS.map((name) => `%${name}`).join("  ")}  !command`);
  print(`Cells:  ${CELL_MAGICS.map((name) => `%%${name}`).join("  ")}`);
}

function variableTable(variables: readonly VariableInfo[]): string {
  if (variables.length === 0) return "There are no names yet";
  const rows = [
    ["Name", "Type", "Shape", "Value"],
    ...variables.map(({ name, type, shape = "", preview }) => [name, type, shape, preview]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
