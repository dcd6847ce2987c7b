import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";

/** The checkout. */
export const root = resolve(import.meta.dirname, "../..");

/** Where pictures of what was tested are left, to be looked at. */
export const screenshots = join(root, "out/screenshots");

const venv = join(root, ".photonbook/venv/bin/python");
let environment: NodeJS.ProcessEnv | undefined;

/** The Python whose environment has Jupyter: PHOTONBOOK_PYTHON, else the one that `npm test` makes. */
export function jupyterPython(): string {
  const python = process.env.PHOTONBOOK_PYTHON ?? venv;
  const { status } = spawnSync(python, ["-c", "import jupyterlab, jupyterlab_widgets, nbclient"], { stdio: "ignore" });
  if (status === 0) return python;
  throw new Error(
    `Cannot test in Jupyter: PHOTONBOOK_PYTHON must name a Python with jupyterlab and nbclient: current value is "${python}": "npm test" makes one`,
  );
}

/**
 * The environment in which that Python finds this checkout's kernel and widgets: as they are where they are installed,
 * else from a folder of our own, so that nothing is left in somebody's environment.
 */
export function jupyterEnvironment(): NodeJS.ProcessEnv {
  environment ??= makeEnvironment(jupyterPython());
  return environment;
}

function makeEnvironment(python: string): NodeJS.ProcessEnv {
  const cli = join(root, "dist/kernel/cli.js");
  if (!existsSync(cli) || !existsSync(join(root, "dist/labextension/package.json"))) {
    throw new Error('Cannot test in Jupyter: the kernel and the widgets must be built: run "npm run build"');
  }
  const prefix = execFileSync(python, ["-c", "import sys; print(sys.prefix)"], { encoding: "utf8" }).trim();
  const isThere = ["kernels", "labextensions"].every((kind) =>
    existsSync(join(prefix, "share/jupyter", kind, "photonbook")),
  );
  if (isThere) return { ...process.env };
  const own = mkdtempSync(join(tmpdir(), "photonbook-prefix-"));
  execFileSync(process.execPath, [cli, "install", "--prefix", own], { stdio: ["ignore", "ignore", "inherit"] });
  const path = [join(own, "share/jupyter"), process.env.JUPYTER_PATH].filter(Boolean).join(delimiter);
  return { ...process.env, JUPYTER_PATH: path };
}
