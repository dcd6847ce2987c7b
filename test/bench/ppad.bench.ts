/**
 * PPAD beside our PyTorch version of the published code, on two threads each, in one run: (a) decoder evaluations,
 * (b) embedding new sources, (c) training to a validation likelihood, (d) memory. Losses stand beside times; both sides'
 * embedding losses are computed by the peer. Writes test/bench/tables/ppad.md.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { ppad } from "../../src/jobs/index.ts";
import { linalgModule } from "../../src/jobs/linalg-module.ts";
import { startTeam } from "../../src/jobs/ppad-team.ts";
import { libraryOf } from "../../src/jobs/product-library.ts";
import { packParameters, unpackParameters } from "../../src/ppad/files.ts";
import {
  createRunState,
  embedPpad,
  type PhotonRecord,
  type PpadConfig,
  type PpadHeat,
  PpadModel,
  packPopulation,
  sourceLosses,
  startLatents,
  wholeWindow,
} from "../../src/ppad/index.ts";
import { extentsOf, layoutParameters } from "../../src/ppad/layout.ts";
import { engineSpeed, peer, rowsOf, type Speed, THREADS, weightBytes } from "./ppad-beside-peer.ts";
import { newChunks, peerSources, trainingChunks, validationChunks } from "./ppad-chunks.ts";

/** Turns in which decoder evaluations are timed. */
const TURNS = 5;
/** New sources that the peer embeds, of 64: each takes it four minutes. */
const PEER_SOURCES = 4;
/** Wall time that the peer trains for. */
const PEER_TRAINING_SEC = 90;
/** Parts of it after which ours is stopped, until one is enough. */
const PARTS = [100, 30, 10, 3];
/** Wall time of training the decoder that both embed with. */
const DECODER_SEC = 90;

const folder = mkdtempSync(join(tmpdir(), "photonbook-ppad-"));
const lines: string[] = [];

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** @param better By how much ours is better, in words. */
function print(figure: string, ours: number, theirs: number, unit: string, better: string): void {
  const [one, other] = [ours, theirs].map((value) => value.toPrecision(4));
  console.log(
    `bench ppad figure="${figure}" ours=${one} peer=${other} peer_name=pytorch unit=${unit} better="${better}"`,
  );
  lines.push(`| ${figure} | ${one} | ${other} | ${unit} | ${better} |`);
}

/** A figure of which more is better. */
const printRate = (figure: string, ours: number, theirs: number) =>
  print(figure, ours, theirs, "1/s", `${(ours / theirs).toPrecision(3)} ×`);
/** A figure of which less is better. */
const printCost = (figure: string, ours: number, theirs: number, unit: string) =>
  print(figure, ours, theirs, unit, `${(theirs / ours).toPrecision(3)} ×`);
const printLoss = (figure: string, ours: number, theirs: number) =>
  print(figure, ours, theirs, "nat", `${(theirs - ours).toFixed(2)} nat`);

/** Mean −Σ log r + ∫ r of sources once embedded, on 512 random nodes each, half of them where the photons are. */
async function validationLoss(model: PpadModel, records: readonly PhotonRecord[]): Promise<number> {
  const { quadrature, totalVariation, embedding } = model.config;
  const nodes = 512;
  const config: PpadConfig = {
    ...model.config,
    exposure: "gti",
    end: "observation",
    quadrature: { rule: "adaptive", nodes },
    totalVariation: { ...totalVariation, weight: (totalVariation.weight * (nodes - 1)) / (quadrature.nodes - 1) },
    maxEvents: Infinity,
    embedding: embedding.method === "quasiNewton" ? embedding : ppad.reference.embedding,
  };
  const { packed } = packPopulation(records, { config, action: "bench", rateScale: model.rateScale });
  const setup = {
    config,
    seed: 0,
    module: linalgModule(),
    threads: THREADS,
    shards: 1,
    library: libraryOf("native"),
    frozen: true,
  };
  const state = createRunState(packed, setup);
  const team = await startTeam(state, { threads: THREADS });
  try {
    embedPpad(state, team, { model: { ...model, config }, window: wholeWindow(packed) });
    const loss = sourceLosses(state, team);
    let sum = 0;
    for (let s = 0; s < packed.size; s++) sum += loss.data[4 * s]! + loss.data[4 * s + 1]!;
    return sum / packed.size;
  } finally {
    await team.close();
  }
}

interface Step {
  readonly seconds: number;
  readonly peakMiB: number;
  readonly epochs: number;
}

function train(name: "network" | "compact", seconds: number): Step & { model: PpadModel } {
  const path = join(folder, `${name}.safetensors`);
  const script = resolve(import.meta.dirname, "ppad-fit-step.ts");
  const stdout = execFileSync(process.execPath, ["--no-warnings", script, name, String(seconds), path], {
    encoding: "utf8",
  });
  return { ...(JSON.parse(stdout) as Step), model: ppad.read(readFileSync(path)) };
}

/** In turns, the best of each: what else the machine does falls on both. */
async function speed(): Promise<void> {
  const ours = { forward: 0, gradient: 0 };
  const theirs = { forward: 0, gradient: 0 };
  for (let turn = 0; turn < TURNS; turn++) {
    const pairs = [
      [ours, await engineSpeed("native", { sources: 8, shards: 4 })],
      [theirs, peer<Speed>("speed")],
    ] as const;
    for (const [best, now] of pairs) {
      best.forward = Math.max(best.forward, now.forward);
      best.gradient = Math.max(best.gradient, now.gradient);
    }
  }
  printRate("(a) decoder evaluations, forward", ours.forward, theirs.forward);
  printRate("(a) forward and backward to all weights", ours.gradient, theirs.gradient);
}

/** Ways in which ours embeds: as configured, and with more care on fewer sources. */
const WAYS: readonly { name: string; heats?: readonly PpadHeat[]; sources: number }[] = [
  { name: "ours as configured", sources: 64 },
  {
    name: "ours with more steps",
    heats: [
      { starts: 8, steps: 12, nodes: 256 },
      { starts: 3, steps: 12, nodes: 512 },
      { starts: 1, steps: 24, nodes: "training" },
    ],
    sources: 16,
  },
];

async function embedding(decoder: PpadModel): Promise<void> {
  const { quadrature, end, exposure, totalVariation } = ppad.published;
  const published = { ...decoder.config, totalVariation, maxEvents: Infinity, quadrature, end, exposure };
  const records = newChunks();
  const seconds: number[] = [];
  const found: number[][][] = [];
  for (const { heats, sources } of WAYS) {
    const searched = heats && { method: "quasiNewton" as const, heats, tolerance: 0.01 };
    const config: PpadConfig = { ...published, embedding: searched ?? ppad.reference.embedding };
    const began = performance.now();
    const latents = await ppad.embed(records.slice(0, sources), new PpadModel({ ...decoder, config }), {
      display: false,
      threads: THREADS,
    });
    seconds.push((performance.now() - began) / 1000 / sources);
    found.push(rowsOf(latents).slice(0, PEER_SOURCES));
  }
  const trained = rowsOf(decoder.latents);
  const mean = trained[0]!.map((_, l) => trained.reduce((sum, z) => sum + z[l]!, 0) / trained.length);
  const data = file("new.json", JSON.stringify({ sources: peerSources(records), mean, found }));
  const weights = file("weights.f32", weightBytes(decoder));
  const theirs = peer<{ seconds: number; losses: number[]; others: number[][] }>("embed", weights, data, PEER_SOURCES);
  const average = (losses: readonly number[]) => losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  for (const [way, { name, sources }] of WAYS.entries()) {
    const losses = theirs.others[way]!;
    printCost(
      `(b) embedding, per source: ${name}, ${sources} sources; peer ${PEER_SOURCES}`,
      seconds[way]!,
      theirs.seconds / PEER_SOURCES,
      "s",
    );
    printLoss(`(b) mean loss of the peer's sources: ${name}`, average(losses), average(theirs.losses));
    for (const [s, loss] of theirs.losses.entries()) printLoss(`(b) loss of source ${s}: ${name}`, losses[s]!, loss);
  }
}

async function training(): Promise<void> {
  const validation = validationChunks();
  const chunks = trainingChunks();
  const data = file("training.json", JSON.stringify({ sources: peerSources(chunks) }));
  const weights = join(folder, "trained.f32");
  const theirs = peer<{ seconds: number; steps: number; latents: number[][]; peakMiB: number }>(
    "train",
    data,
    PEER_TRAINING_SEC,
    weights,
  );
  const loss = await validationLoss(peerModel(readFileSync(weights), theirs.latents, chunks), validation);
  for (const name of ["network", "compact"] as const) {
    const what = name === "network" ? "published network" : "ppad.compact";
    for (const part of PARTS) {
      const ours = train(name, PEER_TRAINING_SEC / part);
      const reached = await validationLoss(ours.model, validation);
      if (reached > loss && part !== PARTS[PARTS.length - 1]) continue;
      printCost(`(c) training, ${what}`, ours.seconds, theirs.seconds, "s");
      printLoss(`(c) validation −log likelihood per source, ${what}`, reached, loss);
      printCost(`(d) peak memory in training, ${what}`, ours.peakMiB, theirs.peakMiB, "MiB");
      break;
    }
  }
}

/** The peer's decoder as a model of ours, with the same guesses to embed from. */
function peerModel(bytes: Uint8Array, latents: readonly number[][], chunks: readonly PhotonRecord[]): PpadModel {
  const config: PpadConfig = ppad.published;
  const { packed } = packPopulation(chunks, { config, action: "bench" });
  const { profileStart } = startLatents(wholeWindow(packed), packed.size, { config, seed: 1 });
  const all = new Float32Array(new Uint8Array(bytes).buffer);
  let at = 0;
  const empty = new Float32Array(layoutParameters(extentsOf(config)).size);
  const shapes = unpackParameters(empty, config);
  const tensors = new Map(
    [...shapes].map(([name, { shape, data }]) => {
      const piece = { shape, data: all.slice(at, at + data.length) };
      at += data.length;
      return [name, piece] as const;
    }),
  );
  return new PpadModel({
    config,
    parameters: packParameters(tensors, config),
    latents: { data: Float32Array.from(latents.flat()), shape: [latents.length, config.latentSize] },
    names: latents.map((_, s) => `chunk ${s}`),
    rateScale: 1,
    history: [],
    stopped: true,
    profileStart,
  });
}

try {
  await speed();
  const decoder = train("network", DECODER_SEC);
  await embedding(decoder.model);
  await training();
} finally {
  rmSync(folder, { recursive: true });
}

const head = [
  "# PPAD beside PyTorch",
  "",
  "Written by `npm run bench -- ppad`: two threads each, one run. The peer is our PyTorch version of the published code",
  `(test/peers/ppad_peer.py). (b) one decoder, trained by us for ${DECODER_SEC} s; new chunks, of which the peer embeds`,
  `${PEER_SOURCES} in one batch by 400 Adam steps from the mean latent; the peer computes all losses, on its own 2,049 nodes.`,
  `(c) the peer trains its warm-up stage for ${PEER_TRAINING_SEC} s; ours is stopped after 1/${PARTS.join(", 1/")} of that, and the`,
  "first that reaches the peer's likelihood of 24 validation chunks, all embedded by us, counts. (d) of the training process.",
  "",
  "A loss is better where it is lower; below zero in the last column ours is worse.",
  "",
  "| figure | ours | peer | unit | ours better by |",
  "| --- | ---: | ---: | --- | ---: |",
];
writeFileSync(resolve(import.meta.dirname, "tables/ppad.md"), `${[...head, ...lines].join("\n")}\n`);
