/**
 * What a client sees of the kernel, beside ipykernel, Deno and tslab: each started anew ROUNDS times, in turns, so that
 * what else the machine does falls on all; medians. `fails` where a kernel fails, or says idle before all is there.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

type Figures = Readonly<Record<string, number | null>>;

const ROUNDS = Number(process.argv[2] ?? 5);

const root = resolve(import.meta.dirname, "../..");
const peers = join(root, "test/peers");
const python = process.env.PHOTONBOOK_PEERS_PYTHON ?? "python3";
const kernelspec = join(root, ".photonbook/venv/share/jupyter/kernels/photonbook/kernel.json");
// The program itself: npm's wrapper of it is JavaScript, whose start would be Deno's loss. npm installs that of this machine.
const [denoPackage = "none"] = readdirSync(join(peers, "node_modules/@deno"));

const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  photonbook: (JSON.parse(readFileSync(kernelspec, "utf8")) as { argv: string[] }).argv,
  python: [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
  deno: [join(peers, "node_modules/@deno", denoPackage, "deno"), "jupyter", "--kernel", "--conn", "{connection_file}"],
  tslab: [
    process.execPath,
    join(peers, "node_modules/tslab/bin/tslab"),
    "kernel",
    "--config-path",
    "{connection_file}",
  ],
};

/** Figures of a kernel that is started and ended. */
function measure(kernel: string): Figures {
  const text = execFileSync(python, [join(peers, "kernel_client.py"), kernel, ...COMMANDS[kernel]!], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return JSON.parse(text) as Figures;
}

/** The median, or null where a value is missing. */
function median(values: readonly (number | null | undefined)[]): number | null {
  const numbers = values.filter((value) => typeof value === "number").sort((a, b) => a - b);
  return numbers.length < values.length ? null : numbers[numbers.length >> 1]!;
}

const rounds = Array.from({ length: ROUNDS }, () =>
  Object.fromEntries(Object.keys(COMMANDS).map((kernel) => [kernel, measure(kernel)])),
);
const show = (value: number | null) => (value === null ? "fails" : value.toPrecision(3));
for (const figure of Object.keys(rounds[0]!.photonbook!)) {
  const of = (kernel: string) => median(rounds.map((round) => round[kernel]![figure]));
  const ours = of("photonbook");
  const others = Object.keys(COMMANDS).filter((kernel) => kernel !== "photonbook" && figure in rounds[0]![kernel]!);
  const fastest = Math.min(...others.map((kernel) => of(kernel) ?? Number.POSITIVE_INFINITY));
  const ratio = ours === null || !Number.isFinite(fastest) ? "none" : (ours / fastest).toPrecision(3);
  const all = others.map((kernel) => `${kernel === "python" ? "ipykernel" : kernel}=${show(of(kernel))}`).join(" ");
  console.log(`bench kernel figure="${figure}" ours=${show(ours)} ${all} ratio_to_best=${ratio}`);
}
