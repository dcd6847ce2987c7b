import { beforeAll, expect, test } from "vitest";
import { ppad } from "../../../src/jobs/ppad.ts";
import { type PpadConfig, PpadModel, ppadReference } from "../../../src/ppad/index.ts";
import { Rng } from "../../../src/random/index.ts";
import { record, tiny } from "./engine.ts";

const config: PpadConfig = {
  ...ppad.compact,
  hiddenSize: 32,
  stages: [{ train: "all", epochs: 24, decoderRate: 5e-3, latentRate: 0.05, schedule: "cosine" }],
};
const rng = new Rng(21);
const flare = (f: number) => (f > 0.4 && f < 0.5 ? 1 : 0.05);
/** Constant and flaring sources, soft and hard: kind is index % 2, hardness the next bit. */
const population = Array.from({ length: 80 }, (_, i) =>
  record(i % 2 ? flare : () => 1, {
    photons: 40 + rng.integer(160),
    rng,
    hardness: (i >> 1) % 2 ? 0.8 : 0.1,
    name: `S${i}`,
  }),
);
const options = { config, seed: 4, threads: 2, display: false };
let model: PpadModel;

beforeAll(async () => {
  model = await ppad.fit(population, options);
});

/** Share of the 5 nearest neighbours that agree with a source on a label. */
function purity(latents: Float32Array, label: (index: number) => number): number {
  const size = config.latentSize;
  const n = latents.length / size;
  let same = 0;
  for (let i = 0; i < n; i++) {
    const distance = (j: number) => {
      let sum = 0;
      for (let l = 0; l < size; l++) sum += (latents[i * size + l]! - latents[j * size + l]!) ** 2;
      return sum;
    };
    const others = Array.from({ length: n }, (_, j) => j).filter((j) => j !== i);
    others.sort((a, b) => distance(a) - distance(b));
    for (const j of others.slice(0, 5)) same += label(i) === label(j) ? 1 : 0;
  }
  return same / (5 * n);
}

test("ppad.fit() lowers the loss and separates kinds and hardness", () => {
  expect(model.history.length).toBe(24);
  expect(model.history[23]!.loss).toBeLessThan(model.history[0]!.loss);
  // Two balanced classes each: chance is one half.
  expect(purity(model.latents.data, (i) => i % 2)).toBeGreaterThan(0.9);
  expect(purity(model.latents.data, (i) => (i >> 1) % 2)).toBeGreaterThan(0.9);
});

test("model.rateCurve() recovers a flare's rate and a constant one", () => {
  const times = Float64Array.from({ length: 40 }, (_, i) => 500 * (i + 0.5));
  const contrast = (index: number) => {
    const { total } = model.rateCurve(model.latent(index), times, { source: population[index]! });
    const inside = times.map((t, i) => (t > 8000 && t < 10_000 ? total[i]! : 0)).reduce((a, b) => a + b, 0) / 4;
    const outside = times.map((t, i) => (t > 8000 && t < 10_000 ? 0 : total[i]!)).reduce((a, b) => a + b, 0) / 36;
    return { inside, outside };
  };
  // True contrast is 20; a smooth decoder with tens of photons keeps more than a third of it.
  expect(contrast(1).inside / contrast(1).outside).toBeGreaterThan(7);
  const steady = contrast(0);
  // A population of two kinds, with 40 constant sources of 40–200 photons: a constant one is known within a factor 2.
  expect(steady.inside / steady.outside).toBeGreaterThan(0.5);
  expect(steady.inside / steady.outside).toBeLessThan(2);
  // The mean rate comes back: counts/s over 20 ks, within 15 %.
  const source = population[0]!;
  expect(steady.outside / (source.timeSec.length / 20_000)).toBeGreaterThan(0.85);
  expect(steady.outside / (source.timeSec.length / 20_000)).toBeLessThan(1.15);
});

test("ppad.fit() gives the same model for the same seed on one thread and on two", async () => {
  const one = await ppad.fit(population.slice(0, 24), { ...options, epochs: 3, threads: 1 });
  const two = await ppad.fit(population.slice(0, 24), { ...options, epochs: 3, threads: 2 });
  const other = await ppad.fit(population.slice(0, 24), { ...options, epochs: 3, seed: 5 });
  expect(two.parameters).toEqual(one.parameters);
  expect(two.latents.data).toEqual(one.latents.data);
  expect(other.parameters).not.toEqual(one.parameters);
});

test("ppad.embed() finds latents that separate, the same on any number of threads", async () => {
  const unseen = Array.from({ length: 40 }, (_, i) =>
    record(i % 2 ? flare : () => 1, { photons: 80, rng, hardness: (i >> 1) % 2 ? 0.8 : 0.1 }),
  );
  const z = await ppad.embed(unseen, model, { threads: 1, display: false });
  expect(z.shape).toEqual([40, 8]);
  expect(purity(z.data, (i) => i % 2)).toBeGreaterThan(0.9);
  expect(await ppad.embed(unseen, model, { threads: 2, display: false })).toEqual(z);
});

test("ppad.read() returns the model that ppad.write() was given, number for number", () => {
  const again = ppad.read(ppad.write(model));
  // What readFileSync gives: a Buffer, whose slice() copies nothing.
  expect(ppad.read(Buffer.from(ppad.write(model))).parameters).toEqual(model.parameters);
  expect(again.parameters).toEqual(model.parameters);
  expect(again.latents).toEqual(model.latents);
  expect(again.config).toEqual(model.config);
  expect(again.history).toEqual(model.history);
  expect(again.profileStart).toEqual(model.profileStart);
  const at = (m: PpadModel) => m.rate(m.latent(3), 1234, { source: population[3]! });
  expect(at(again)).toEqual(at(model));
  expect(ppad.write(model, { optimizer: false }).length).toBeLessThan(ppad.write(model).length / 2);
  expect(() => ppad.read(new Uint8Array(20))).toThrow(SyntaxError);
  expect(() => ppad.read(ppad.write(model).subarray(0, 3000))).toThrow(/Cannot read safetensors/);
});

test("ppad.fit() resumes from a saved model as if it had not stopped", async () => {
  const sources = population.slice(0, 20);
  const schedule = {
    ...config,
    stages: config.stages.map((stage) => ({ ...stage, epochs: 6, schedule: "plateau" as const })),
  };
  const unbroken = await ppad.fit(sources, { ...options, config: schedule });
  const controller = new AbortController();
  const broken = await ppad.fit(sources, {
    ...options,
    config: schedule,
    signal: controller.signal,
    onProgress: ({ done }) => done >= 1 && controller.abort(),
  });
  expect(broken.stopped || broken.history.length === 6).toBe(true);
  const resumed = await ppad.fit(sources, { resume: ppad.read(ppad.write(broken)), threads: 2, display: false });
  expect(resumed.history.length).toBe(6);
  expect(resumed.parameters).toEqual(unbroken.parameters);
  expect(resumed.latents).toEqual(unbroken.latents);
});

test("ppad.fit() keeps what is learnt when it is stopped", async () => {
  const controller = new AbortController();
  const stopped = await ppad.fit(population, {
    ...options,
    epochs: 5000,
    signal: controller.signal,
    onProgress: ({ done }) => done >= 2 && controller.abort(),
  });
  expect(stopped.stopped).toBe(true);
  expect(stopped.history.length).toBeGreaterThanOrEqual(2);
  expect(stopped.history.length).toBeLessThan(5000);
  expect(stopped.history.at(-1)!.loss).toBeLessThan(stopped.history[0]!.loss);
  expect(stopped.rate(stopped.latent(0), 10, { source: population[0]! }).every((r) => r > 0)).toBe(true);
});

test("ppad.fit() draws the watched source's rate, and a flare shows as training goes on", async () => {
  const pictures: string[] = [];
  await ppad.fit(population, {
    ...options,
    display: true,
    watch: 1,
    onProgress: ({ picture }) => picture && pictures.push(picture),
  });
  /** Height of the model's line, the one of most corners, px. */
  const relief = (picture: string) => {
    const paths = [...picture.matchAll(/ d="([^"]*)"/g)].map(([, d]) => d!.split("L"));
    const line = paths.reduce((most, corners) => (corners.length > most.length ? corners : most));
    const heights = line.map((corner) => Number(corner.split(" ")[1]));
    return Math.max(...heights) - Math.min(...heights);
  };
  expect(pictures.length).toBeGreaterThan(1);
  expect(pictures.every((picture) => picture.includes("S1, rate so far") && !picture.includes("NaN"))).toBe(true);
  expect(relief(pictures.at(-1)!)).toBeGreaterThan(2 * relief(pictures[0]!));
  await expect(ppad.fit(population, { ...options, display: true, watch: 80 })).rejects.toThrow(
    "Cannot fit PPAD: watch must be 0–79, a source: current value is 80",
  );
});

test("the stages of the reference run: bright sources, latents alone, everything", async () => {
  const stages = ppad.reference.stages.map((stage) => ({ ...stage, epochs: 2, decoderRate: 1e-3, latentRate: 1e-2 }));
  const small = {
    ...ppad.reference,
    hiddenSize: 16,
    blocks: 1,
    quadrature: { rule: "stratified" as const, nodes: 64 },
    stages,
  };
  const trained = await ppad.fit(population.slice(0, 20), { ...options, config: small });
  expect(trained.history.map((epoch) => epoch.stage)).toEqual([0, 0, 1, 1, 2, 2]);
  expect(trained.history.every((epoch) => Number.isFinite(epoch.loss))).toBe(true);
});

test("PPAD says what is wrong with its options", async () => {
  await expect(ppad.fit(population, { ...options, latentSize: 0 })).rejects.toThrow(
    "Cannot set up PPAD: latentSize must be 1–256: current value is 0",
  );
  await expect(ppad.fit(population, { ...options, epochs: -1 })).rejects.toThrow(
    /epochs must be a non-negative integer/,
  );
  await expect(ppad.fit(population.slice(1), { ...options, resume: model })).rejects.toThrow(
    /must have the model's 80/,
  );
  expect(() => model.rate(model.latent(0), 0)).toThrow(/options.durationSec must be > 0/);
  expect(() => model.rate([1, 2], 0, { source: population[0]! })).toThrow(/z must have 8 numbers/);
  expect(() => new PpadModel({ ...model, config: tiny, parameters: new Float32Array(3) })).toThrow(
    /parameters must number/,
  );
});

test("PPAD refuses sources that are empty, too short or piled up, by name", async () => {
  const fitOne = (change: object, config = ppadReference) =>
    ppad.fit([population[1]!, { ...population[0]!, name: "X", ...change }], { ...options, config });
  const none = { timeSec: new Float64Array(0), energyKeV: new Float32Array(0) };
  await expect(fitOne(none)).rejects.toThrow(
    'Cannot fit PPAD: source 1 ("X") must have a photon at 0.5–7 keV inside its good time: current number is 0 of 0',
  );
  const three = { timeSec: Float64Array.of(1, 2, 3), energyKeV: Float32Array.of(1, 1, 1) };
  const short = { ...three, gti: { startSec: Float64Array.of(0), stopSec: Float64Array.of(20) } };
  await expect(fitOne(short)).rejects.toThrow(
    'source 1 ("X") must have a length above 28.125 s, the shortest period of the decoder\'s time code: current length is 20 s',
  );
  await expect(fitOne({ ...short, frameTimeSec: 8 }, tiny)).rejects.toThrow(
    /"X"\) must have at most 1 photon per frame of 8 s, above .* leave out frameTimeSec\): current number is 1\.20/,
  );
});

test("an engine that is not installed is said to be, with the reason", async () => {
  const reason =
    'Cannot multiply with the engine "tfjs": @tensorflow/tfjs-node must be installed and load: Cannot find';
  await expect(ppad.fit(population, { ...options, engine: "tfjs" })).rejects.toThrow(reason);
});
