/**
 * A population of 100,000 observations on this machine: simulated, saved to one store, trained in one go, trained again
 * with the process killed half-way and resumed, embedded. Prints the table and writes it to
 * test/bench/tables/ppad-scale.md. `npm run bench -- ppad-scale 2000` tries it on fewer, without writing.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { savePhotons } from "../../src/io/index.ts";
import { ppad } from "../../src/jobs/index.ts";
import { simulateSky } from "../../src/sky/index.ts";
import { skyPhotons } from "./sky-rates.ts";

const FULL = 100_000;
const observations = Number(process.argv[2] ?? FULL);
const SETTINGS = { epochs: 16, seed: 1, checkpointSec: (20 * observations) / FULL };
const DEFAULT_EPOCHS = ppad.compact.stages.reduce((sum, stage) => sum + stage.epochs, 0);
/** Most sources of one simulated sky. */
const SKY_SOURCES = 9999;

const folder = mkdtempSync(join(tmpdir(), "photonbook-ppad-scale-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

/** Photons of as many skies as are needed, each sky of another seed. */
function* simulated() {
  for (let seed = 101, left = observations; left > 0; seed++, left -= SKY_SOURCES) {
    const sky = simulateSky({ seed, nSources: Math.min(SKY_SOURCES, left) });
    for (const index of sky.sources.keys()) {
      const photons = skyPhotons(sky, index);
      yield { ...photons, name: `${seed}: ${photons.name}` };
    }
  }
}

interface Outcome {
  readonly seconds: number;
  readonly peakMb: number;
  readonly loss?: number;
}

function start(step: "fit" | "embed", model: string) {
  const script = resolve(import.meta.dirname, "ppad-scale-step.ts");
  const child = spawn(process.execPath, [script, step, store.path, model, JSON.stringify(SETTINGS)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return { child, exited: once(child, "exit"), output: text(child.stdout) };
}

async function finish({ exited, output }: ReturnType<typeof start>): Promise<Outcome> {
  const [code] = await exited;
  if (code !== 0) throw new Error(`Cannot measure: a step ended with code ${code}`);
  return JSON.parse(await output);
}

/** Kills a run at half of its epochs; says at which epoch its last checkpoint was. */
async function killHalfway(model: string): Promise<number> {
  const run = start("fit", model);
  for (;;) {
    await Promise.race([sleep(500), run.exited]);
    if (run.child.exitCode !== null) throw new Error("Cannot measure: the run ended before it could be killed");
    const left = existsSync(model) ? ppad.read(readFileSync(model)) : undefined;
    const progress = left?.optimizer?.progress;
    if (progress === undefined || progress.epoch < SETTINGS.epochs / 2) continue;
    run.child.kill("SIGKILL");
    await run.exited;
    return progress.epoch;
  }
}

function sameBits(path: string, other: string): boolean {
  const [a, b] = [path, other].map((each) => ppad.read(readFileSync(each))) as [
    ReturnType<typeof ppad.read>,
    ReturnType<typeof ppad.read>,
  ];
  const bytes = (data: Float32Array) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return bytes(a.parameters).equals(bytes(b.parameters)) && bytes(a.latents.data).equals(bytes(b.latents.data));
}

const began = performance.now();
const store = await savePhotons(join(folder, "sky.photons"), simulated(), { minCounts: 1, display: false });
const saving = (performance.now() - began) / 1000;
const [unbroken, killed] = [join(folder, "unbroken.ppad"), join(folder, "killed.ppad")];
const whole = await finish(start("fit", unbroken));
const killedAt = await killHalfway(killed);
const resumed = await finish(start("fit", killed));
const embedded = await finish(start("embed", unbroken));

const count = (value: number) => Math.round(value).toLocaleString("en-US");
const visits = store.length * SETTINGS.epochs;
const rows: [what: string, value: string][] = [
  ["observations", count(store.length)],
  ["photons", count(store.photons)],
  ["store", `${count(store.index.byteLength / 1e6)} MB`],
  ["simulated and saved", `${count(saving)} s`],
  [`trained, ${SETTINGS.epochs} epochs`, `${count(whole.seconds)} s`],
  ["training rate", `${count(visits / whole.seconds)} observations a second`],
  [
    `the same for the default ${DEFAULT_EPOCHS} epochs, extrapolated`,
    `${count((DEFAULT_EPOCHS / SETTINGS.epochs / 60) * whole.seconds)} min`,
  ],
  ["peak memory of the training process", `${count(whole.peakMb)} MB`],
  ["loss per source at the end", whole.loss!.toFixed(3)],
  ["second run killed (SIGKILL) in epoch", `${killedAt + 1} of ${SETTINGS.epochs}`],
  ["resumed to the end", `${count(resumed.seconds)} s`],
  ["loss per source of the resumed run", resumed.loss!.toFixed(3)],
  ["weights and latents of both the same, bit by bit", sameBits(unbroken, killed) ? "yes" : "NO"],
  ["embedded", `${count(embedded.seconds)} s, ${count(store.length / embedded.seconds)} observations a second`],
  ["peak memory of the embedding process", `${count(embedded.peakMb)} MB`],
];
const table = [
  "# PPAD: 100,000 observations",
  "",
  "Written by `npm run bench -- ppad-scale`: `ppad.compact` on simulated skies (seeds from 101), streamed from one store,",
  `${availableParallelism()} threads of ${cpus()[0]?.model.trim()}.`,
  "",
  "| what | measured |",
  "| --- | ---: |",
  ...rows.map(([what, value]) => `| ${what} | ${value} |`),
  "",
].join("\n");
if (observations === FULL) writeFileSync(resolve(import.meta.dirname, "tables/ppad-scale.md"), table);
console.log(table);
