/**
 * What a client sees of the kernel, beside ipykernel, Deno and tslab: each started anew ROUNDS times, in turns, so that
 * what else the machine does falls on all; medians. `fails` where a kernel fails, or says idle before all is there.
 * Prints the figures and writes them to test/bench/tables/kernel.md.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { startLanguageSession } from "../../kernel/language/index.ts";

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

/** What the kernel does that the fastest peers do not, by itself, in milliseconds. */
async function ownWork(): Promise<{ loadMs: number; checkMs: number; copyMs: number }> {
  const argument = (name: string) => COMMANDS.photonbook![COMMANDS.photonbook!.indexOf(name) + 1]!;
  const [prelude, preludeTypes] = [argument("--prelude"), argument("--prelude-types")];
  const start = performance.now();
  const session = await startLanguageSession({ notebookDir: peers, prelude, preludeTypes });
  const check = async (id: number) => {
    const before = performance.now();
    await session.prepare({ id, code: `1 + 1 + ${id}` });
    session.commit(id);
    return performance.now() - before;
  };
  await check(1);
  const loadMs = performance.now() - start;
  const checks: number[] = [];
  for (let id = 2; id < 60; id++) checks.push(await check(id));
  await session.close();
  const sent = new Uint8Array(10 << 20).fill(1);
  const copies: Uint8Array[] = [];
  const copyMs = Array.from({ length: 9 }, () => {
    const before = performance.now();
    copies.push(sent.slice());
    return performance.now() - before;
  });
  return { loadMs, checkMs: median(checks)!, copyMs: median(copyMs)! };
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

const own = await ownWork();
const ms = (value: number) => `${value.toPrecision(2)} ms`;
const head = ["", "photonbook", ...peerNames.map(name), "to the fastest"];
const text = [
  "# The kernel beside others",
  "",
  `Written by \`npm run bench -- kernel\` on ${availableParallelism()} cores; medians of ${ROUNDS} rounds, all kernels in turns, in`,
  "one run. “fails”: an error, or idle came before the output. “—”: not a cell of that language, or it has no comms. A",
  "client that waits until a kernel is ready listens for 0.2 s to silence, whatever the kernel; and it tries a socket that",
  "is not there yet again after 0.1–0.2 s.",
  "",
  `| ${head.join(" | ")} |`,
  `| --- | ${head
    .slice(1)
    .map(() => "---:")
    .join(" | ")} |`,
  ...rows,
  "",
  "By how much a target is missed stands in the last column. Why, measured by itself at the end of the same run:",
  "",
  "- *Trivial cell, completion, the cell after vega-lite and tfjs*: Photonbook checks each cell's types against all others",
  `  before it runs; Deno and ipykernel check nothing. The check of a trivial cell takes ${ms(own.checkMs)}: for each text`,
  "  TypeScript makes a new checker, which merges the global scope of Node, the browser and the prelude again.",
  "- *First cell, start to first result*: TypeScript reads those libraries and the prelude's types meanwhile; they are there",
  `  ${(own.loadMs / 1000).toFixed(2)} s after the session starts. The kernel says that it is ready before, so a cell that comes at once waits.`,
  "- *Memory*: TypeScript's server and the transform are processes beside the kernel's own, which holds Node on two threads.",
  `- *10 MB comm*: what a cell sends is copied, because it may change it afterwards: ${ms(own.copyMs)} for 10 MB, most of it`,
  "  the system's for fresh memory; a message crosses two threads. What arrives is moved, not copied.",
  "",
].join("\n");
writeFileSync(resolve(import.meta.dirname, "tables/kernel.md"), text);
