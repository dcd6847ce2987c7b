import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where the parts of this installation are, built or not. */
export interface Installation {
  /** Folder of package.json. */
  readonly root: string;
  readonly main: string;
  /** Module whose exports are in scope in every cell. */
  readonly prelude: string;
  readonly preludeTypes: string;
  /** The prebuilt JupyterLab extension. */
  readonly labextension: string;
}

/** Finds the parts of this installation: the built ones when this runs built, else the sources. */
export function findInstallation(): Installation {
  const kernel = dirname(dirname(fileURLToPath(import.meta.url)));
  const base = dirname(kernel);
  const built = basename(base) === "dist";
  const root = built ? dirname(base) : base;
  const prelude = join(base, "widgets", built ? "prelude.js" : "prelude.ts");
  return {
    root,
    main: join(kernel, built ? "main.js" : "main.ts"),
    prelude,
    preludeTypes: built ? join(base, "widgets/prelude.d.ts") : prelude,
    labextension: join(root, "dist/labextension"),
  };
}

/** The user's Jupyter data folder, as Jupyter itself finds it. */
export function userDataDir(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  if (platform === "darwin") return join(homedir(), "Library/Jupyter");
  if (platform === "win32") return join(env.APPDATA ?? join(homedir(), "AppData/Roaming"), "jupyter");
  return join(env.XDG_DATA_HOME || join(homedir(), ".local/share"), "jupyter");
}

/** The Jupyter data folder of all users of the machine, JupyterHub's among them. */
export function systemDataDir(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  if (platform === "win32") return join(env.PROGRAMDATA ?? "C:\\ProgramData", "jupyter");
  return "/usr/local/share/jupyter";
}

/** The Jupyter data folder of an installation prefix. */
export function prefixDataDir(prefix: string): string {
  return join(prefix, "share/jupyter");
}

/** The prefix of the active Python environment: a venv, a conda environment, or where `jupyter` is on PATH. */
export function activePrefix(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = env.VIRTUAL_ENV || env.CONDA_PREFIX;
  if (named) return named;
  const folder = (env.PATH ?? "").split(delimiter).find((entry) => entry && existsSync(join(entry, "jupyter")));
  return folder && dirname(folder);
}

/** All Jupyter data folders that the active Jupyter looks in, first match wins. */
export function dataDirs(env: NodeJS.ProcessEnv = process.env): string[] {
  const listed = (env.JUPYTER_PATH ?? "").split(delimiter).filter((entry) => entry !== "");
  const prefix = activePrefix(env);
  const system = ["/usr/local/share/jupyter", "/usr/share/jupyter"];
  return [...listed, userDataDir(env), ...(prefix ? [prefixDataDir(prefix)] : []), ...system];
}
