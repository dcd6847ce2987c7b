import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { savePhotons } from "../../../src/io/index.ts";
import { ppad } from "../../../src/jobs/index.ts";
import type { PhotonRecord, PpadConfig, PpadModel } from "../../../src/ppad/index.ts";
import { Rng } from "../../../src/random/index.ts";
import type { PhotonStore } from "../../../src/store/index.ts";
import { record } from "../ppad/engine.ts";

const folder = mkdtempSync(join(tmpdir(), "photonbook-checkpoint-"));
const rng = new Rng(3);
const population: PhotonRecord[] = Array.from({ length: 70 }, (_, i) =>
  record((f) => (i % 2 && f < 0.7 ? 0.1 : 1), { photons: 20 + rng.integer(100), rng, name: `S${i}` }),
);
const compact: PpadConfig = { ...ppad.compact, hiddenSize: 16, stages: [{ ...ppad.compact.stages[0]!, epochs: 4 }] };
/** All three stages of the reference, with a brightness that needs the population's mean rate. */
const staged: PpadConfig = {
  ...ppad.reference,
  rateScale: "population",
  hiddenSize: 16,
  blocks: 1,
  quadrature: { rule: "stratified", nodes: 32 },
  stages: ppad.reference.stages.map((stage) => ({ ...stage, epochs: 2, decoderRate: 1e-3, latentRate: 1e-2 })),
};
const options = { seed: 4, threads: 2, display: false };
let store: PhotonStore;

beforeAll(async () => {
  store = await savePhotons(join(folder, "sources.photons"), population, { display: false });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const learnt = ({ parameters, latents, history, rateScale }: PpadModel) => ({
  parameters,
  latents,
  history,
  rateScale,
});

test.each([
  ["the compact configuration", compact],
  ["the reference's stages", staged],
])("ppad.fit() and ppad.embed() give for a store what they give for records in memory: %s", async (_, config) => {
  const inMemory = await ppad.fit(population, { ...options, config });
  const streamed = await ppad.fit(store, { ...options, config });
  const alone = await ppad.fit(store, { ...options, config, threads: 1 });
  expect(streamed.names).toEqual(inMemory.names);
  expect(learnt(streamed)).toEqual(learnt(inMemory));
  expect(learnt(alone)).toEqual(learnt(inMemory));
  const latents = await ppad.embed(population, inMemory, options);
  expect(await ppad.embed(store, streamed, options)).toEqual(latents);
});

/** Waits until a checkpoint is past a number of epochs, and inside one; the file is whole whenever it is there. */
async function progressPast(path: string, epochs: number): Promise<void> {
  for (;;) {
    const { progress } = existsSync(path) ? ppad.read(readFileSync(path)).optimizer! : {};
    if (progress && progress.epoch >= epochs && progress.batch > 0) return;
    await sleep(5);
  }
}

test("a run whose process is killed goes on to the same model as an unbroken one", async () => {
  const config = { ...compact, batchSize: 4, stages: [{ ...compact.stages[0]!, epochs: 12 }] };
  const unbroken = await ppad.fit(store, { ...options, config });
  const checkpoint = join(folder, "killed.ppad");
  const serial = JSON.stringify({ ...options, config });
  const run = spawn(process.execPath, [join(import.meta.dirname, "ppad-run.ts"), store.path, checkpoint, serial]);
  onTestFinished(() => void run.kill("SIGKILL"));
  const exited = once(run, "exit");
  await Promise.race([progressPast(checkpoint, 2), exited]);
  run.kill("SIGKILL");
  expect(await exited).toEqual([null, "SIGKILL"]);
  const left = ppad.read(readFileSync(checkpoint));
  expect(left.stopped).toBe(true);
  expect(left.history.length).toBeLessThan(12);
  const resumed = await ppad.fit(store, { ...options, config, checkpoint, threads: 1 });
  expect(learnt(resumed)).toEqual(learnt(unbroken));
  expect(learnt(ppad.read(readFileSync(checkpoint)))).toEqual(learnt(unbroken));
});

test("a stopped run goes on from its checkpoint, and one that is done is only read", async () => {
  const checkpoint = join(folder, "stopped.ppad");
  const unbroken = await ppad.fit(population, { ...options, config: staged });
  const controller = new AbortController();
  const stopped = await ppad.fit(population, {
    ...options,
    config: staged,
    checkpoint,
    signal: controller.signal,
    onProgress: ({ done }) => done > 0 && controller.abort(),
  });
  expect(stopped.stopped).toBe(true);
  const resumed = await ppad.fit(population, { ...options, config: staged, checkpoint });
  expect(resumed.stopped).toBe(false);
  expect(learnt(resumed)).toEqual(learnt(unbroken));
  const messages: string[] = [];
  const again = await ppad.fit(population, {
    ...options,
    config: staged,
    checkpoint,
    onProgress: ({ message }) => messages.push(message!),
  });
  expect(learnt(again)).toEqual(learnt(unbroken));
  expect(messages.every((message) => message.startsWith("6 of 6 epochs"))).toBe(true);
});

test("a stopped embedding goes on from its checkpoint, and only for the same model and population", async () => {
  const model = await ppad.fit(store, { ...options, config: compact, epochs: 1 });
  const many = Array.from({ length: 300 }, (_, i) => population[i % population.length]!);
  const unbroken = await ppad.embed(many, model, options);
  const kept = { ...options, checkpoint: join(folder, "z.ppad"), checkpointSec: 0 };
  const controller = new AbortController();
  const stopped = await ppad.embed(many, model, {
    ...kept,
    signal: controller.signal,
    onProgress: ({ done }) => done > 0 && controller.abort(),
  });
  // Blocks are of 256 sources: the rest is at the mean latent, which no search ends at.
  const row = (latents: typeof stopped, i: number) => latents.data.subarray(8 * i, 8 * (i + 1));
  expect(row(stopped, 255)).toEqual(row(unbroken, 255));
  expect(row(stopped, 256)).toEqual(row(stopped, 299));
  const seen: number[] = [];
  const resumed = await ppad.embed(many, model, { ...kept, onProgress: ({ done }) => seen.push(done) });
  expect(Math.min(...seen)).toBe(256);
  expect(resumed).toEqual(unbroken);
  for (const [records, change] of [
    [many, { seed: 5 }],
    [many.slice(1), {}],
  ] as const) {
    await expect(ppad.embed(records, model, { ...kept, ...change })).rejects.toThrow(
      /^Cannot resume embedding: the checkpoint ".*z.ppad" must be of the same model, population and settings/,
    );
  }
});

test("ppad.fit() says why a checkpoint cannot serve", async () => {
  const checkpoint = join(folder, "other.ppad");
  const short = { ...options, config: compact, epochs: 1, checkpoint };
  await ppad.fit(population, short);
  const cannot = /^Cannot resume PPAD: the checkpoint ".*other.ppad" must be of the same run, or removed/;
  await expect(ppad.fit(population, { ...short, seed: 5 })).rejects.toThrow(cannot);
  await expect(ppad.fit(population, { ...short, seed: 5 })).rejects.toThrow("its seed is 4, the run's 5");
  await expect(ppad.fit(population, { ...short, latentSize: 3 })).rejects.toThrow("its latentSize is 8, the run's 3");
  await expect(ppad.fit(population.slice(1), short)).rejects.toThrow("it has 70 sources, the run 69");
  const renamed = [{ ...population[0]!, name: "X" }, ...population.slice(1)];
  await expect(ppad.fit(renamed, short)).rejects.toThrow('its source 0 is "S0", the run\'s "X"');
  const fewer = population.map((source) => ({
    ...source,
    timeSec: source.timeSec.subarray(1),
    energyKeV: source.energyKeV.subarray(1),
  }));
  await expect(ppad.fit(fewer, short)).rejects.toThrow(/its sources have \d+ photons in band and good time, the run's/);
  await expect(ppad.fit(population, { ...short, checkpoint: join(folder, "no/run.ppad") })).rejects.toThrow(
    /Cannot save checkpoint ".*no\/run.ppad": there is no folder ".*no"/,
  );
  await expect(ppad.fit(population, { ...short, checkpointSec: -1 })).rejects.toThrow("checkpointSec must be >= 0");
});

test("a store's source that cannot be used is named", async () => {
  const hard = { ...population[1]!, energyKeV: population[1]!.energyKeV.map(() => 9), name: "hard" };
  const mixed = await savePhotons(join(folder, "mixed.photons"), [population[0]!, hard], { display: false });
  await expect(ppad.fit(mixed, options)).rejects.toThrow(
    'Cannot fit PPAD: source 1 ("hard") must have a photon at 0.5–7 keV inside its good time',
  );
});
