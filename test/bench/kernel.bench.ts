/**
 * What a client sees of the kernel, beside ipykernel, Deno and tslab: each started anew ROUNDS times, in turns, so that
 * what else the machine does falls on all; medians. `fails` where a kernel fails, or says idle before all is there.
 * Prints the figures and writes them to test/bench/tables/kernel.md.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
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
const name = (kernel: string) => (kernel === "python" ? "ipykernel" : kernel);
const peerNames = Object.keys(COMMANDS).filter((kernel) => kernel !== "photonbook");
const rows = Object.keys(rounds[0]!.photonbook!).map((figure) => {
  const of = (kernel: string) => median(rounds.map((round) => round[kernel]![figure]));
  const ours = of("photonbook");
  const others = peerNames.filter((kernel) => figure in rounds[0]![kernel]!);
  const fastest = Math.min(...others.map((kernel) => of(kernel) ?? Number.POSITIVE_INFINITY));
  const ratio = ours === null || !Number.isFinite(fastest) ? "none" : (ours / fastest).toPrecision(3);
  const all = others.map((kernel) => `${name(kernel)}=${show(of(kernel))}`).join(" ");
  console.log(`bench kernel figure="${figure}" ours=${show(ours)} ${all} ratio_to_best=${ratio}`);
  const cells = peerNames.map((kernel) => (others.includes(kernel) ? show(of(kernel)) : "—"));
  return `| ${[figure, show(ours), ...cells, ratio].join(" | ")} |`;
});

const head = ["", "photonbook", ...peerNames.map(name), "to the fastest"];
const text = [
  "# The kernel beside others",
  "",
  `Written by \`npm run bench -- kernel\` on ${availableParallelism()} cores; medians of ${ROUNDS} rounds, all kernels in turns, in`,
  "one run. “fails”: an error, or idle came before the output. “—”: not a cell of that language, or it has no comms. A",
  "client that waits until a kernel is ready listens for 0.2 s to silence, whatever the kernel; and it tries a socket that",
  "is not there yet again after 0.1–0.2 s. Photonbook checks each cell's types against all others before it runs; Deno",
  "and ipykernel check nothing.",
  "",
  `| ${head.join(" | ")} |`,
  `| --- | ${head
    .slice(1)
    .map(() => "---:")
    .join(" | ")} |`,
  ...rows,
  "",
].join("\n");
writeFileSync(resolve(import.meta.dirname, "tables/kernel.md"), text);
