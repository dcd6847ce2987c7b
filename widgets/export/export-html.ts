import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { access, constants, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { fileProblem, saveFile } from "../../src/disk/index.ts";
import { type OfflineAssets, offlineHtml } from "./offline-html.ts";

/**
 * Writes an executed notebook as one HTML file whose widgets work with the network off.
 *
 * @param notebook Path of the executed notebook.
 * @param options.output Path of the HTML file.
 * @param options.python Python that has nbconvert. Default: $PHOTONBOOK_PYTHON, else that of `npm start`, else "python3".
 * @param options.assets Scripts to put in. Default: those of this package's `dist`.
 * @throws {Error} If there is no such notebook, no nbconvert, or it fails, with what it said.
 */
export async function exportHtml(
  notebook: string,
  options: { output: string; python?: string; assets?: OfflineAssets },
): Promise<void> {
  const { output, python = defaultPython() } = options;
  await access(notebook, constants.R_OK).catch((cause) => {
    throw new Error(`Cannot export "${notebook}": ${fileProblem(cause, notebook, "read")}`, { cause });
  });
  const assets = options.assets ?? (await readOfflineAssets());
  const folder = await mkdtemp(join(tmpdir(), "photonbook-export-"));
  try {
    const convert = ["-m", "nbconvert", "--to", "html", "--output-dir", folder, "--output", "page.html", notebook];
    await promisify(execFile)(python, convert, { maxBuffer: 2 ** 24 }).catch((error) => {
      throw new Error(`Cannot export "${notebook}": ${problemOf(error, python)}`, { cause: error });
    });
    const html = await readFile(join(folder, "page.html"), "utf8");
    await saveFile(output, offlineHtml({ html, assets }), "page");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The Python that tests and `npm start` have made in this checkout, if any. */
function defaultPython(): string {
  const own = join(packageFolder(), ".photonbook/venv/bin/python");
  return process.env.PHOTONBOOK_PYTHON ?? (existsSync(own) ? own : "python3");
}

/** Why nbconvert did not run. */
function problemOf(error: NodeJS.ErrnoException & { stderr?: string }, python: string): string {
  const said = String(error.stderr ?? error).trim();
  const lacks = error.code === "ENOENT" || /No module named '?nbconvert/.test(said);
  return lacks
    ? `"${python}" must be a Python that has nbconvert (pip install nbconvert): option --python names another one`
    : `nbconvert must succeed: it said "${said}"`;
}

/**
 * The scripts of this package's build.
 *
 * @throws {Error} If the package has not been built.
 */
export async function readOfflineAssets(): Promise<OfflineAssets> {
  const dist = join(packageFolder(), "dist");
  const read = (name: string) => readFile(join(dist, name), "utf8");
  try {
    const [requireJs, htmlManager, photonbook] = await Promise.all([
      read("offline/require.js"),
      read("offline/embed-amd.js"),
      read("index.js"),
    ]);
    return { requireJs, htmlManager, photonbook };
  } catch (error) {
    throw new Error(`Cannot export HTML: "${dist}" must hold the built widgets: run "npm run build"`, { cause: error });
  }
}

/** The package's folder, from `widgets/export` and from `dist/widgets/export`. */
function packageFolder(): string {
  const above = dirname(dirname(import.meta.dirname));
  return above.endsWith("dist") ? dirname(above) : above;
}
