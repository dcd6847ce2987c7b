/**
 * Builds the browser's side of the widgets: `dist/labextension` (a prebuilt JupyterLab extension, made by
 * `@jupyter/builder` without Python), `dist/index.js` (one AMD module named "photonbook" for saved pages, CDNs and other
 * front ends) and `dist/offline` (what a saved page needs besides).
 */
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";

const root = resolve(import.meta.dirname, "..");
const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
const BASE = "@jupyter-widgets/base";
const common = {
  bundle: true,
  target: "es2022",
  external: [BASE],
  define: { PHOTONBOOK_VERSION: JSON.stringify(manifest.version) },
  logLevel: "warning",
  absWorkingDir: root,
};

/** One file that defines the AMD module; the CommonJS output runs inside it with `require` for the one dependency. */
async function buildAmd() {
  const { outputFiles } = await build({
    ...common,
    entryPoints: ["widgets/browser/index.ts"],
    format: "cjs",
    minify: true,
    write: false,
  });
  const code = outputFiles[0].text.replaceAll("</script", "<\\/script");
  const amd = `define("${manifest.name}", ["${BASE}"], function (base) {
var module = { exports: {} }, exports = module.exports;
var require = function () { return base; };
${code}
return module.exports;
});
`;
  await mkdir(join(root, "dist"), { recursive: true });
  await writeFile(join(root, "dist/index.js"), amd);
}

/** The builder wants a package of its own around plain JavaScript; it gets one in a temporary folder. */
async function buildLabextension() {
  const folder = await mkdtemp(join(tmpdir(), "photonbook-labextension-"));
  try {
    await build({
      ...common,
      entryPoints: { extension: "widgets/browser/plugin.ts", index: "widgets/browser/index.ts" },
      outdir: join(folder, "lib"),
      format: "esm",
      splitting: true,
    });
    // JupyterLab takes a plugin from the default export.
    await writeFile(join(folder, "lib/plugin.js"), 'export { plugin as default } from "./extension.js";\n');
    const require = createRequire(import.meta.url);
    const base = JSON.parse(await readFile(require.resolve(`${BASE}/package.json`), "utf8"));
    await writeFile(
      join(folder, "package.json"),
      JSON.stringify({
        name: manifest.name,
        version: manifest.version,
        description: manifest.description,
        license: manifest.license,
        keywords: ["jupyter", "jupyterlab", "jupyterlab-extension", "widgets"],
        main: "lib/index.js",
        sideEffects: false,
        files: ["lib", "labextension"],
        dependencies: { [BASE]: `^${base.version}` },
        jupyterlab: {
          extension: "lib/plugin",
          outputDir: "labextension",
          sharedPackages: { [BASE]: { bundled: false, singleton: true } },
        },
      }),
    );
    // The builder looks for the versions of dependencies in the folder's own node_modules.
    await cp(dirname(require.resolve(`${BASE}/package.json`)), join(folder, "node_modules", BASE), { recursive: true });
    const modules = join(root, "node_modules");
    await promisify(execFile)(
      process.execPath,
      [
        join(modules, "@jupyter/builder/lib/build-labextension.js"),
        "--core-package-file",
        join(modules, "@jupyterlab/core-meta/core.package.json"),
        folder,
      ],
      { cwd: folder, maxBuffer: 2 ** 24 },
    );
    const target = join(root, "dist/labextension");
    await rm(target, { recursive: true, force: true });
    await cp(join(folder, "labextension"), target, { recursive: true });
    await writeFile(
      join(target, "install.json"),
      JSON.stringify({
        packageManager: "npm",
        packageName: manifest.name,
        uninstallInstructions: `Remove this folder, or run: photonbook uninstall`,
      }),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a saved page needs to show widgets without a network. */
async function copyOfflineAssets() {
  const folder = join(root, "dist/offline");
  await mkdir(folder, { recursive: true });
  const modules = join(root, "node_modules");
  await cp(join(modules, "requirejs/require.js"), join(folder, "require.js"));
  const manager = await managerWithIcons(join(modules, "@jupyter-widgets/html-manager/dist"));
  await writeFile(join(folder, "embed-amd.js"), manager);
}

/** Jupyter's widget manager with the fonts of its icons in itself: a saved page has no folder of them. */
async function managerWithIcons(folder) {
  const text = await readFile(join(folder, "embed-amd.js"), "utf8");
  const address = /\w\.p\+"(\w+\.woff2)"/g;
  const names = new Set([...text.matchAll(address)].map(([, name]) => name));
  const fonts = await Promise.all(
    [...names].map(async (name) => {
      const font = await readFile(join(folder, name), "base64");
      return [name, `data:font/woff2;base64,${font}`];
    }),
  );
  const table = `var photonbookFonts = ${JSON.stringify(Object.fromEntries(fonts))};\n`;
  return table + text.replaceAll(address, 'photonbookFonts["$1"]');
}

await Promise.all([buildAmd(), buildLabextension(), copyOfflineAssets()]);
