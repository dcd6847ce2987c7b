/**
 * PPAD's engine "gpu" beside our PyTorch version of the published code on the same GPU, and beside our own two threads:
 * (a) decoder evaluations, (b) embedding new sources, (c) training for a fixed time. The peer computes all losses of
 * (b). Needs a GPU that both Vulkan and CUDA reach, and PyTorch for it in PHOTONBOOK_PEERS_PYTHON. Writes
 * test/bench/tables/ppad-gpu.md.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { ppad } from "../../src/jobs/index.ts";
import { type Engine, PpadModel } from "../../src/ppad/index.ts";
import { engineSpeed, peer, rowsOf, type Speed, THREADS, weightBytes } from "./ppad-beside-peer.ts";
import { newChunks, peerSources } from "./ppad-chunks.ts";

/** Wall time of each training. */
const TRAINING_SEC = 30;
/** New sources that each side embeds: fewer on the processor, which takes two seconds each. */
const EMBEDDED = { gpu: 64, native: 8 };
/** Turns in which decoder evaluations are timed. */
const TURNS = 2;

process.env.PPAD_PEER_DEVICE = "cuda";
const folder = mkdtempSync(join(tmpdir(), "photonbook-ppad-gpu-"));
const lines: string[] = [];
let device = "";

/** One row; what a side did not do is a dash. */
function print(figure: string, unit: string, [gpu, processor, theirs]: readonly (number | undefined)[]): void {
  const [one, two, other] = [gpu, processor, theirs].map((value) => value?.toPrecision(4) ?? "—");
  console.log(`bench ppad-gpu figure="${figure}" gpu=${one} processor=${two} peer=${other} unit=${unit}`);
  lines.push(`| ${figure} | ${one} | ${two} | ${other} | ${unit} |`);
}

async function speed(): Promise<void> {
  const best: Speed[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    const theirs = peer<Speed & { device: string }>("speed");
    device = theirs.device;
    const now = [
      await engineSpeed("gpu", { sources: 64, shards: 1 }),
      await engineSpeed("native", { sources: 8, shards: 4 }),
      theirs,
    ];
    for (const [side, { forward, gradient }] of now.entries()) {
      const before = best[side] ?? { forward: 0, gradient: 0 };
      best[side] = { forward: Math.max(before.forward, forward), gradient: Math.max(before.gradient, gradient) };
    }
  }
  print(
    "(a) decoder evaluations, forward",
    "1/s",
    best.map(({ forward }) => forward),
  );
  print(
    "(a) forward and backward to all weights",
    "1/s",
    best.map(({ gradient }) => gradient),
  );
}

/** Trains the published network for a while in a process of its own. */
function train(engine: Engine): PpadModel {
  const path = join(folder, `${engine}.safetensors`);
  const script = resolve(import.meta.dirname, "ppad-fit-step.ts");
  execFileSync(process.execPath, ["--no-warnings", script, "network", String(TRAINING_SEC), path, engine]);
  return ppad.read(readFileSync(path));
}

const average = (losses: readonly number[]) => losses.reduce((sum, loss) => sum + loss, 0) / losses.length;

async function embedding(decoder: PpadModel): Promise<void> {
  const { quadrature, end, exposure, totalVariation } = ppad.published;
  const { embedding: search } = ppad.reference;
  const config = {
    ...decoder.config,
    totalVariation,
    maxEvents: Infinity,
    quadrature,
    end,
    exposure,
    embedding: search,
  };
  const model = new PpadModel({ ...decoder, config });
  const records = newChunks();
  const seconds: number[] = [];
  const found: number[][][] = [];
  for (const engine of ["gpu", "native"] as const) {
    const began = performance.now();
    const some = records.slice(0, EMBEDDED[engine]);
    const latents = await ppad.embed(some, model, { display: false, threads: THREADS, engine });
    seconds.push((performance.now() - began) / 1000 / some.length);
    found.push(rowsOf(latents));
  }
  const trained = rowsOf(decoder.latents);
  const mean = trained[0]!.map((_, l) => trained.reduce((sum, z) => sum + z[l]!, 0) / trained.length);
  const data = join(folder, "new.json");
  const weights = join(folder, "weights.f32");
  writeFileSync(data, JSON.stringify({ sources: peerSources(records), mean, found }));
  writeFileSync(weights, weightBytes(decoder));
  const theirs = peer<{ seconds: number; losses: number[]; others: number[][] }>(
    "embed",
    weights,
    data,
    records.length,
  );
  const [gpu, native] = theirs.others as [number[], number[]];
  const few = [gpu, native, theirs.losses].map((losses) => average(losses.slice(0, EMBEDDED.native)));
  print("(b) embedding, per source", "s", [...seconds, theirs.seconds / records.length]);
  print(`(b) mean loss of ${EMBEDDED.native} sources`, "nat", few);
  print(`(b) mean loss of ${records.length} sources`, "nat", [average(gpu), undefined, average(theirs.losses)]);
}

try {
  await speed();
  const [gpu, processor] = [train("gpu"), train("native")];
  const epochs = [gpu, processor].map(({ history }) => history.length);
  const losses = [gpu, processor].map(({ history }) => history.at(-1)!.loss);
  print(`(c) epochs of 192 sources in ${TRAINING_SEC} s`, "epochs", epochs);
  print("(c) training loss then", "nat", losses);
  await embedding(gpu);
} finally {
  rmSync(folder, { recursive: true });
}

const head = [
  "# PPAD on a GPU",
  "",
  'Written by `npm run bench -- ppad-gpu`: our engine "gpu", which is onnxruntime through WebGPU, our engine "native" on',
  `${THREADS} threads of the same machine, and our PyTorch version of the published code on the GPU, single precision all, in`,
  `one run. (b) one decoder, trained by us on the GPU for ${TRAINING_SEC} s; new chunks, ${EMBEDDED.gpu} on the GPU, where the peer`,
  `embeds all in one batch by 400 Adam steps from the mean latent, ${EMBEDDED.native} on the processor; losses by the peer.`,
  `The GPU is an ${device}.`,
  "",
  "| figure | gpu | processor | peer | unit |",
  "| --- | ---: | ---: | ---: | --- |",
];
writeFileSync(resolve(import.meta.dirname, "tables/ppad-gpu.md"), `${[...head, ...lines].join("\n")}\n`);
