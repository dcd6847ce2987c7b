import { extname, resolve } from "node:path";
import { type CommandOptions, parseCommandLine } from "./command-line.ts";
import { packageVersion } from "./front/kernel-info.ts";
import { findingLine, runDoctor } from "./install/doctor.ts";
import { installKernelSpecs, installLabextension } from "./install/kernelspec.ts";
import { activePrefix, findInstallation, prefixDataDir, systemDataDir, userDataDir } from "./install/places.ts";

const HELP = `usage: photonbook COMMAND

  install [--user]            install the kernels (TypeScript, JavaScript) for the current user (default)
  install --sys-prefix [DIR]  into the active Python environment, or the one at DIR
  install --system            for all users of the machine, as a JupyterHub needs it
  install --prefix DIR        below DIR/share/jupyter
  export NOTEBOOK             write an executed notebook as one HTML file that works with the network off;
                              --output FILE (default: beside it), --python PYTHON that has nbconvert
  doctor                      check the installation; says which command mends what
  --version                   print the version
  --help                      print this text
`;
const FOOTER = `
Jupyter finds the kernels as "photonbook" and "photonbook-javascript"; no Python is needed to install it.
`;

/** A command of the library: the kernel knows it at run time only, as it knows the prelude. */
interface LibraryCommand {
  readonly name: string;
  readonly help: readonly (readonly [usage: string, text: string])[];
  readonly options: CommandOptions;
  run(given: {
    readonly values: { readonly [option: string]: string | boolean | undefined };
    readonly positionals: readonly string[];
  }): Promise<void>;
}

/** A module of the library beside this one, built or not. */
async function libraryModule<T>(folder: string): Promise<T> {
  const here = new URL(import.meta.url);
  return import(new URL(`../${folder}/index${extname(here.pathname)}`, here).href) as Promise<T>;
}

const libraryCommands = async () =>
  (await libraryModule<{ commands: readonly LibraryCommand[] }>("src/commands")).commands;

/** What --help prints: our own commands, then the library's. */
async function helpText(): Promise<string> {
  return `${HELP}\n${(await libraryCommands()).map(helpLines).join("")}${FOOTER}`;
}

function helpLines({ help }: LibraryCommand): string {
  return help.map(([usage, text]) => `  ${usage.padEnd(26)}  ${text}\n`).join("");
}

async function install(args: string[]): Promise<void> {
  const { values, positionals } = parseCommandLine("install", args, {
    user: { type: "boolean" },
    "sys-prefix": { type: "boolean" },
    system: { type: "boolean" },
    prefix: { type: "string" },
  });
  if (positionals.length > (values["sys-prefix"] ? 1 : 0)) {
    throw new Error(`Cannot install: only --sys-prefix takes a folder by itself: current value is "${positionals[0]}"`);
  }
  const chosen = Object.keys(values);
  if (chosen.length > 1) {
    throw new Error(`Cannot install: one place must be chosen: current options are --${chosen.join(" and --")}`);
  }
  const dataDir = chooseDataDir(values, positionals[0]);
  const installation = findInstallation();
  const specs = await installKernelSpecs(installation, dataDir);
  const extension = installLabextension(installation, dataDir);
  for (const spec of specs) process.stdout.write(`Kernel installed in ${spec}\n`);
  process.stdout.write(
    extension
      ? `JupyterLab extension installed in ${extension}\n`
      : `JupyterLab extension left out: "${installation.labextension}" is not built\n`,
  );
}

function chooseDataDir(
  options: { "sys-prefix"?: boolean; system?: boolean; prefix?: string },
  folder: string | undefined,
): string {
  if (options.system) return systemDataDir();
  if (options.prefix !== undefined) return prefixDataDir(resolve(options.prefix));
  if (!options["sys-prefix"]) return userDataDir();
  const prefix = folder === undefined ? activePrefix() : resolve(folder);
  if (prefix === undefined) {
    throw new Error(
      "Cannot install into the Python environment: one must be active, or its folder given after --sys-prefix",
    );
  }
  return prefixDataDir(prefix);
}

/** The part of the widgets' export that this command uses; the kernel knows the widgets at run time only. */
interface Exporter {
  exportHtml(notebook: string, options: { output: string; python?: string }): Promise<void>;
}

async function exportNotebook(args: string[]): Promise<void> {
  const { values, positionals } = parseCommandLine("export", args, {
    output: { type: "string" },
    python: { type: "string" },
  });
  const [notebook] = positionals;
  if (notebook === undefined || positionals.length > 1) {
    throw new Error(`Cannot export: one notebook must be given: current number is ${positionals.length}`);
  }
  const output = resolve(values.output ?? `${notebook.replace(/\.ipynb$/, "")}.html`);
  const { exportHtml } = await libraryModule<Exporter>("widgets/export");
  await exportHtml(resolve(notebook), { output, ...(values.python !== undefined && { python: values.python }) });
  process.stdout.write(`${output}\n`);
}

async function doctor(): Promise<void> {
  const findings = await runDoctor();
  for (const finding of findings) process.stdout.write(`${findingLine(finding)}\n`);
  if (findings.some(({ state }) => state === "missing")) process.exitCode = 1;
}

const OWN = ["install", "export", "doctor"];
const HELP_WORDS = ["help", "--help", "-h"];
const asksForHelp = (args: readonly string[]) => args.includes("--help") || args.includes("-h");

/** Runs `photonbook`: installs the kernel, checks the installation, exports notebooks, runs the library's commands. */
export async function runProgram([command, ...args]: string[]): Promise<void> {
  const isHelp = command === undefined || HELP_WORDS.includes(command) || (OWN.includes(command) && asksForHelp(args));
  if (isHelp) {
    process.stdout.write(await helpText());
    return;
  }
  switch (command) {
    case "install":
      return install(args);
    case "export":
      return exportNotebook(args);
    case "doctor":
      parseCommandLine("doctor", args, {});
      return doctor();
    case "--version":
      process.stdout.write(`${packageVersion()}\n`);
      return;
    default:
      return runLibraryCommand(command, args);
  }
}

async function runLibraryCommand(name: string, args: string[]): Promise<void> {
  const commands = await libraryCommands();
  const command = commands.find((candidate) => candidate.name === name);
  if (command && asksForHelp(args)) {
    process.stdout.write(`usage: photonbook COMMAND\n\n${helpLines(command)}`);
    return;
  }
  if (command) return command.run(parseCommandLine(name, args, command.options));
  const known = [...OWN, ...commands.map((candidate) => candidate.name)];
  throw new Error(`Cannot run "${name}": the command must be one of ${known.join(", ")} (photonbook --help)`);
}
