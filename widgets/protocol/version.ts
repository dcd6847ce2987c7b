import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** npm package and AMD module that hold the browser's side. */
export const WIDGET_MODULE = "photonbook";

/** Version range of the browser's side that this kernel side works with: the package's own, and compatible ones. */
export const WIDGET_MODULE_VERSION = `^${packageVersion()}`;

/** Version in the nearest package.json of that name above this file; the same from `widgets/` and from `dist/`. */
function packageVersion(): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    try {
      const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      if (manifest.name === WIDGET_MODULE) return manifest.version;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
  throw new Error(`Cannot find the version of "${WIDGET_MODULE}": no package.json above "${import.meta.dirname}"`);
}
