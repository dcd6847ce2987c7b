/** What a client sees of the kernel: start, cells, 5,000 lines; beside ipykernel and tslab, each a fresh process. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const python = process.env.PHOTONBOOK_PEERS_PYTHON ?? "python3";
const kernelspec = join(root, ".photonbook/venv/share/jupyter/kernels/photonbook/kernel.json");

type Figures = Record<string, number | null>;

/** Seconds per figure; null where the kernel failed or never finished. */
function measure(language: "python" | "typescript", argv: string[]): Figures {
  const driver = join(root, "test/peers/kernel_cell.py");
  const text = execFileSync(python, [driver, language, ...argv], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return JSON.parse(text) as Figures;
}

const { argv } = JSON.parse(readFileSync(kernelspec, "utf8")) as { argv: string[] };
const tslab = join(root, "test/peers/node_modules/tslab/bin/tslab");
const ours = measure("typescript", argv);
const peers: Record<string, Figures> = {
  ipykernel: measure("python", [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"]),
  tslab: measure("typescript", [process.execPath, tslab, "kernel", "--config-path", "{connection_file}"]),
};

const show = (value: number | null) => (value === null ? "fails" : value.toPrecision(3));
for (const [peerName, peer] of Object.entries(peers)) {
  for (const [figure, seconds] of Object.entries(ours)) {
    const peerSeconds = peer[figure];
    if (peerSeconds === undefined) continue;
    const ratio = seconds === null || peerSeconds === null ? "none" : (seconds / peerSeconds).toPrecision(3);
    console.log(
      `bench kernel-cell figure="${figure}" ours=${show(seconds)} peer=${show(peerSeconds)} peer_name=${peerName} unit=s ratio=${ratio}`,
    );
  }
}
