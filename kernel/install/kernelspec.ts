import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PROTOCOL_VERSION } from "../protocol/message.ts";
import { LOGO_SVG } from "./logo.ts";
import type { Installation } from "./places.ts";

/** A kernel as Jupyter lists it. */
interface Kernel {
  readonly name: string;
  readonly displayName: string;
  readonly language: "typescript" | "javascript";
}

/** The same program twice: the second one lets no type error stop a cell, and calls its cells JavaScript. */
const KERNELS: readonly Kernel[] = [
  { name: "photonbook", displayName: "TypeScript (Photonbook)", language: "typescript" },
  { name: "photonbook-javascript", displayName: "JavaScript (Photonbook)", language: "javascript" },
];

/** The names of the kernels, the TypeScript one first. */
export const KERNEL_NAMES = KERNELS.map(({ name }) => name);

/**
 * What node needs to run the kernel: a timer's loop that is stopped must not abort the process, and modules of cells
 * are loaded through an interface that Node still calls experimental. Buffers of comms and columns count as memory to
 * collect: with V8's small first limit nearly every message of 10 MB set off a full collection in both threads.
 */
export const NODE_FLAGS = [
  "--no-force-async-hooks-checks",
  "--disable-warning=ExperimentalWarning",
  "--initial-old-space-size=64",
] as const;

/** The content of kernel.json. */
function kernelSpec(installation: Installation, { displayName, language }: Kernel): object {
  const { main, prelude, preludeTypes } = installation;
  return {
    argv: [
      process.execPath,
      ...NODE_FLAGS,
      main,
      "--connection-file",
      "{connection_file}",
      "--prelude",
      prelude,
      "--prelude-types",
      preludeTypes,
      "--language",
      language,
    ],
    display_name: displayName,
    language,
    interrupt_mode: "message",
    kernel_protocol_version: PROTOCOL_VERSION,
    metadata: { debugger: true },
  };
}

/** Writes the kernelspecs below a Jupyter data folder; returns where. */
export async function installKernelSpecs(installation: Installation, dataDir: string): Promise<string[]> {
  const folders = KERNELS.map(({ name }) => join(dataDir, "kernels", name));
  for (const [index, folder] of folders.entries()) {
    const spec = kernelSpec(installation, KERNELS[index]!);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "kernel.json"), `${JSON.stringify(spec, undefined, 2)}\n`);
    writeFileSync(join(folder, "logo-svg.svg"), LOGO_SVG);
    await writePngLogos(folder);
  }
  return folders;
}

/** Copies the prebuilt JupyterLab extension below a Jupyter data folder; undefined if it is not built. */
export function installLabextension(installation: Installation, dataDir: string): string | undefined {
  if (!existsSync(join(installation.labextension, "package.json"))) return undefined;
  const folder = join(dataDir, "labextensions", "photonbook");
  rmSync(folder, { recursive: true, force: true });
  cpSync(installation.labextension, folder, { recursive: true });
  const source = {
    packageManager: "npm",
    packageName: "photonbook",
    uninstallInstructions: `Delete the folder "${folder}"`,
  };
  writeFileSync(join(folder, "install.json"), `${JSON.stringify(source, undefined, 2)}\n`);
  return folder;
}

/** Classic front ends want the logo as PNG; without resvg the SVG alone is there. */
async function writePngLogos(folder: string): Promise<void> {
  try {
    const { Resvg } = await import("@resvg/resvg-js");
    for (const size of [32, 64]) {
      const image = new Resvg(LOGO_SVG, { fitTo: { mode: "width", value: size } }).render().asPng();
      writeFileSync(join(folder, `logo-${size}x${size}.png`), image);
    }
  } catch {
    // An optional native module is missing on this platform.
  }
}
