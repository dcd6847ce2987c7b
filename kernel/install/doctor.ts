import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { KERNEL_NAMES } from "./kernelspec.ts";
import { dataDirs, findInstallation, prefixDataDir } from "./places.ts";

/** What one check found. */
export interface Finding {
  readonly what: string;
  readonly state: "ok" | "missing" | "optional";
  /** One line: what was found. */
  readonly detail: string;
  /** The command that mends it. */
  readonly fix?: string;
}

/** Checks everything the kernel needs, one finding each. */
export async function runDoctor(env: NodeJS.ProcessEnv = process.env): Promise<Finding[]> {
  return [
    checkNode(),
    await checkZeromq(),
    await checkLanguageServer(),
    checkLibrary(),
    ...KERNEL_NAMES.map((name) => checkKernelSpec(env, name)),
    checkLabextension(env),
    checkWidgets(env),
    checkChromium(env),
  ];
}

/** One line per finding, and the command that mends it. */
export function findingLine({ what, state, detail, fix }: Finding): string {
  const mark = { ok: "ok      ", missing: "MISSING ", optional: "optional" }[state];
  return `${mark}  ${what}: ${detail}${state !== "ok" && fix !== undefined ? `; run: ${fix}` : ""}`;
}

function checkNode(): Finding {
  // The command has seen to its version: see ../cli.ts.
  return { what: "Node", state: "ok", detail: `${process.versions.node} at ${process.execPath}` };
}

async function checkZeromq(): Promise<Finding> {
  const what = "ZeroMQ";
  try {
    const { version } = await import("zeromq");
    return { what, state: "ok", detail: `libzmq ${version}` };
  } catch (error) {
    return { what, state: "missing", detail: oneLine(error), fix: "npm rebuild zeromq" };
  }
}

async function checkLanguageServer(): Promise<Finding> {
  const what = "TypeScript language server";
  const notebookDir = mkdtempSync(join(tmpdir(), "photonbook-doctor-"));
  try {
    const { startLanguageSession } = await import("../language/index.ts");
    const begin = performance.now();
    const session = await startLanguageSession({ notebookDir });
    const prepared = await session.prepare({ id: 1, code: "const one: number = 1" });
    const millis = Math.round(performance.now() - begin);
    await session.close();
    if (!prepared.ok) throw new Error(prepared.errors[0]?.message ?? "it refuses a correct cell");
    return { what, state: "ok", detail: `checked a cell in ${millis} ms` };
  } catch (error) {
    return { what, state: "missing", detail: oneLine(error), fix: "npm install typescript@7" };
  } finally {
    rmSync(notebookDir, { recursive: true, force: true });
  }
}

function checkLibrary(): Finding {
  const { prelude } = findInstallation();
  const there = existsSync(prelude);
  return {
    what: "Library",
    state: there ? "ok" : "missing",
    detail: there ? prelude : `"${prelude}" is not built`,
    fix: "npm run build",
  };
}

function checkKernelSpec(env: NodeJS.ProcessEnv, name: string): Finding {
  const what = `Kernelspec ${name}`;
  const fix = "photonbook install";
  const path = join("kernels", name, "kernel.json");
  const file = findFile(env, path);
  if (!file) return { what, state: "missing", detail: `no Jupyter data folder has it${whereNpmStart(path)}`, fix };
  const absent = commandParts(file).filter((part) => !existsSync(part));
  if (absent.length > 0) return { what, state: "missing", detail: `${file} names "${absent[0]}", which is gone`, fix };
  return { what, state: "ok", detail: file };
}

/** The absolute paths in a kernelspec's command. */
function commandParts(file: string): string[] {
  try {
    const { argv } = JSON.parse(readFileSync(file, "utf8")) as { argv: string[] };
    return argv.filter((part) => part.startsWith("/"));
  } catch {
    return [file, "kernel.json that can be read"];
  }
}

function checkLabextension(env: NodeJS.ProcessEnv): Finding {
  const path = join("labextensions", "photonbook", "package.json");
  const file = findFile(env, path);
  const detail = file ?? `JupyterLab has no Photonbook extension, so its widgets stay blank${whereNpmStart(path)}`;
  return { what: "JupyterLab extension", state: file ? "ok" : "missing", detail, fix: "photonbook install" };
}

function checkWidgets(env: NodeJS.ProcessEnv): Finding {
  const path = join("labextensions", "@jupyter-widgets", "jupyterlab-manager", "package.json");
  const file = findFile(env, path);
  const detail = file ?? `JupyterLab has no widget manager${whereNpmStart(path)}`;
  return { what: "jupyterlab_widgets", state: file ? "ok" : "missing", detail, fix: "pip install jupyterlab_widgets" };
}

function checkChromium(env: NodeJS.ProcessEnv): Finding {
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const folders = (env.PATH ?? "").split(delimiter);
  const found = folders.flatMap((folder) => names.map((name) => join(folder, name))).find((path) => existsSync(path));
  const detail = found ?? "not on PATH; only the browser tests need it";
  return { what: "Chromium", state: found ? "ok" : "optional", detail, fix: "apt-get install chromium" };
}

function findFile(env: NodeJS.ProcessEnv, path: string): string | undefined {
  return dataDirs(env)
    .map((folder) => join(folder, path))
    .find((file) => existsSync(file));
}

/** Says where a file that the active Jupyter lacks is there for `npm start`: in the checkout's own environment. */
function whereNpmStart(path: string): string {
  const own = prefixDataDir(join(findInstallation().root, ".photonbook/venv"));
  return existsSync(join(own, path)) ? ` (the Jupyter of npm start, in ${own}, has it)` : "";
}

function oneLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}
