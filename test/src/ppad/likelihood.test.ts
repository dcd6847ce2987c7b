import { expect, test } from "vitest";
import {
  fitPpad,
  type PpadConfig,
  packPopulation,
  ppadReference,
  soloTeam,
  withBackground,
} from "../../../src/ppad/index.ts";
import { bandOf } from "../../../src/ppad/population.ts";
import { RowWriter, trainingSampling } from "../../../src/ppad/rows.ts";
import { Rng } from "../../../src/random/index.ts";
import { record, stateFor, tiny } from "./engine.ts";

/** The nodes and weights that a source gets. */
function nodesOf(population: ReturnType<typeof record>[], config: PpadConfig, key: number) {
  const { packed } = packPopulation(population, { config, action: "test" });
  const rows = {
    capacity: 4096,
    time: new Float64Array(4096),
    slot: new Int32Array(4096),
    band: new Int32Array(4096),
    eventWeight: new Float32Array(4096),
    nodeWeight: new Float32Array(4096),
    background: new Float32Array(4096),
    linkWeight: new Float32Array(4096),
  };
  let count = 0;
  const writer = new RowWriter(rows, config, (n) => (count = n));
  writer.addSource(packed, 0, 0, trainingSampling(config), key);
  writer.finish();
  const nodes = [];
  for (let i = 0; i < count; i++) {
    if (rows.nodeWeight[i] !== 0) nodes.push({ time: rows.time[i]!, weight: rows.nodeWeight[i]! });
  }
  return { nodes, packed };
}

function gapped() {
  const source = record((f) => (f < 0.2 || f > 0.7 ? 1 : 0), { photons: 200, rng: new Rng(8) });
  const gti = { startSec: Float64Array.of(5e8, 5e8 + 14_000), stopSec: Float64Array.of(5e8 + 4000, 5e8 + 20_000) };
  return { ...source, gti };
}

test("stratified nodes lie in good time only and their weights add up to the exposure", () => {
  const { nodes, packed } = nodesOf([gapped()], tiny, 1);
  expect(nodes.length).toBe(40);
  expect(nodes.every(({ time }) => time <= 0.2 || time >= 0.7)).toBe(true);
  expect(nodes.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(0.5, 6);
  expect(packed.live[0]).toBeCloseTo(0.5, 12);
});

test("adaptive nodes crowd where events do, stay in good time, and integrate without bias", () => {
  const burst = record((f) => (f > 0.5 && f < 0.502 ? 1 : 0.002), { photons: 100, rng: new Rng(4) });
  const gti = { startSec: Float64Array.of(5e8, 5e8 + 9000), stopSec: Float64Array.of(5e8 + 8000, 5e8 + 20_000) };
  const config: PpadConfig = { ...tiny, quadrature: { rule: "adaptive", nodes: 40 } };
  const draw = (key: number) => nodesOf([{ ...burst, gti }], config, key);
  const { nodes, packed } = draw(1);
  expect(nodes.every(({ time }) => time <= 0.4 || time >= 0.45)).toBe(true);
  expect(nodes.filter(({ time }) => time > 0.5 && time < 0.502).length).toBeGreaterThan(5);
  expect(packed.live[0]).toBeCloseTo(0.95, 12);
  const rate = (t: number) => (t > 0.5 && t < 0.502 ? 300 : 1 + Math.cos(2 * Math.PI * 300 * t));
  // ∫: 300·0.002 + (0.95 − 0.002) + the cosine over the good time outside the burst, whole periods but for ±0.0007.
  const exact = 300 * 0.002 + 0.948;
  const draws = Array.from({ length: 2000 }, (_, key) =>
    draw(31 + 7919 * key).nodes.reduce((sum, { time, weight }) => sum + weight * rate(time), 0),
  );
  const mean = draws.reduce((a, b) => a + b, 0) / draws.length;
  const sigma = Math.sqrt(draws.reduce((a, b) => a + (b - mean) ** 2, 0) / draws.length / draws.length);
  expect(Math.abs(mean - exact)).toBeLessThan(4 * sigma + 0.0015);
});

test("the stratified integral is unbiased where the published mesh is not", () => {
  // A rate that beats with the mesh: 1 + cos(2π 2048 t) is 2 at every node of a 2,049-point mesh, its integral 1.
  const rate = (t: number) => 1 + Math.cos(2 * Math.PI * 2048 * t);
  const integral = (config: PpadConfig, key: number) =>
    nodesOf([record(() => 1, { photons: 20, rng: new Rng(1) })], config, key).nodes.reduce(
      (sum, { time, weight }) => sum + weight * rate(time),
      0,
    );
  const mesh: PpadConfig = { ...tiny, quadrature: { rule: "trapezoid", nodes: 2049 } };
  expect(integral(mesh, 1)).toBeCloseTo(2, 3);
  const draws = Array.from({ length: 400 }, (_, key) => integral(tiny, 1000 + 7919 * key));
  const mean = draws.reduce((sum, value) => sum + value, 0) / draws.length;
  // One draw has standard deviation √(1/2)/√40 = 0.11; the mean of 400, 0.0056. Five of these.
  expect(Math.abs(mean - 1)).toBeLessThan(0.028);
});

test("a constant rate is fitted by counts over exposure, and a gap does not depress it", () => {
  // One source, no variation allowed but through the output bias: hidden layers of zero.
  const source = gapped();
  const config: PpadConfig = {
    ...tiny,
    totalVariation: { weight: 0, norm: "mean" },
    latentPenalty: 0,
    gradientClip: Infinity,
    stages: [{ train: "all", epochs: 1500, decoderRate: 0.05, latentRate: 0, schedule: "cosine" }],
  };
  const { state, packed } = stateFor([source], { config });
  const zeros = new Float32Array(state.layout.size);
  const fitted = fitPpad(state, soloTeam(state), {
    resume: {
      parameters: zeros,
      latents: { data: new Float32Array(3), shape: [1, 3] },
      history: [],
      optimizer: undefined,
    },
  });
  const bias = fitted.parameters.subarray(state.layout.bOut, state.layout.bOut + 3);
  for (let band = 0; band < 3; band++) {
    const counts = packed.eventBand.filter((b) => b === band).length;
    expect(Math.exp(bias[band]!) / (counts / packed.live[0]!)).toBeCloseTo(1, 3);
  }
  expect(packed.live[0]).toBeCloseTo(0.5, 12);
});

test("bandOf() keeps lower edges and the upper edge of the last band", () => {
  const edges = ppadReference.bandEdgesEv;
  expect([499.9, 500, 1199.9, 1200, 1999, 2000, 7000, 7000.1].map((e) => bandOf(e, edges))).toEqual([
    -1, 0, 0, 1, 1, 2, 2, -1,
  ]);
});

test("packPopulation() keeps photons at 0.5 and 7 keV exactly, as float32 stores them", () => {
  const base = record(() => 1, { photons: 4, rng: new Rng(2) });
  const { packed } = packPopulation([{ ...base, energyKeV: Float32Array.of(0.5, 1.2, 2, 7) }], {
    config: tiny,
    action: "test",
  });
  expect([...packed.eventBand]).toEqual([0, 1, 2, 2]);
});

test("packPopulation() names the source that cannot be used", () => {
  const good = record(() => 1, { photons: 12, rng: new Rng(2), name: "A" });
  const pack = (bad: ReturnType<typeof record>) => () =>
    packPopulation([good, { ...bad, name: "2CXO J1" }], { config: tiny, action: "fit PPAD" });
  const where = 'Cannot fit PPAD: source 1 ("2CXO J1") must have';
  expect(pack({ ...good, timeSec: new Float64Array(0), energyKeV: new Float32Array(0) })).toThrow(
    `${where} a photon at 0.5–7 keV inside its good time: current number is 0 of 0`,
  );
  expect(pack({ ...good, energyKeV: good.energyKeV.map(() => 9) })).toThrow(/current number is 0 of 12/);
  expect(pack({ ...good, energyKeV: good.energyKeV.map(() => Number.NaN) })).toThrow(/finite times and energies/);
  expect(pack({ ...good, timeSec: good.timeSec.toReversed() })).toThrow(/ascending times/);
  expect(pack({ ...good, gti: { startSec: new Float64Array(0), stopSec: new Float64Array(0) } })).toThrow(
    /good time intervals/,
  );
  expect(() => packPopulation([], { config: tiny, action: "fit PPAD" })).toThrow(/population must not be empty/);
});

test("the sum of variation does not depend on the number of nodes where the mean does", () => {
  const weights = (norm: "mean" | "sum", nodes: number) => {
    const config: PpadConfig = {
      ...tiny,
      totalVariation: { weight: 10, norm },
      quadrature: { rule: "stratified", nodes },
    };
    const { packed } = packPopulation([record(() => 1, { photons: 5, rng: new Rng(1) })], { config, action: "test" });
    let link = 0;
    const rows = {
      capacity: 512,
      time: new Float64Array(512),
      slot: new Int32Array(512),
      band: new Int32Array(512),
      eventWeight: new Float32Array(512),
      nodeWeight: new Float32Array(512),
      background: new Float32Array(512),
      linkWeight: new Float32Array(512),
    };
    const writer = new RowWriter(rows, config, () => (link = rows.linkWeight[10]!));
    writer.addSource(packed, 0, 0, trainingSampling(config), 1);
    writer.finish();
    return link;
  };
  expect(weights("sum", 40)).toBe(weights("sum", 80));
  expect(weights("mean", 41) / weights("mean", 81)).toBeCloseTo(2, 6);
});

test("packPopulation() takes the background off a source's brightness, down to one standard deviation of its counts", () => {
  const config: PpadConfig = { ...tiny, brightness: "source" };
  const photons = 100;
  const plain = record(() => 1, { photons, rng: new Rng(2) });
  // 60 of the 100 photons in the first band, 40 of no band
  const beside = { energyKeV: Float32Array.from({ length: 200 }, (_, i) => (i < 120 ? 0.7 : 12)) };
  const records = [plain, withBackground(plain, beside, { scale: 0.5 }), withBackground(plain, beside, { scale: 5 })];
  const { packed } = packPopulation(records, { config, action: "test" });
  const bands = config.bandEdgesEv.length - 1;
  const counts = records.map((_, s) => Math.exp(packed.logScale[s]!) * packed.live[s]! * bands);
  expect(counts[0]).toBeCloseTo(photons, 3);
  expect(counts[1]).toBeCloseTo(40, 3);
  expect(counts[2]).toBeCloseTo(10, 3);
  expect([...packed.background].slice(0, 6)).toEqual([0, 0, 0, 60 / packed.live[1]!, 0, 0].map(Math.fround));
});

test("a constant source on a known background is fitted by its own counts over exposure", () => {
  const rng = new Rng(12);
  const source = record(() => 1, { photons: 200, rng, hardness: 0.5 });
  const soft = source.energyKeV.filter((energy) => energy < 1.2).length;
  const known = withBackground(source, { energyKeV: new Float32Array(soft).fill(0.8) }, { scale: 0.5 });
  const config: PpadConfig = {
    ...tiny,
    totalVariation: { weight: 0, norm: "mean" },
    latentPenalty: 0,
    gradientClip: Infinity,
    stages: [{ train: "all", epochs: 1500, decoderRate: 0.05, latentRate: 0, schedule: "cosine" }],
  };
  const { state, packed } = stateFor([known], { config });
  const fitted = fitPpad(state, soloTeam(state), {
    resume: {
      parameters: new Float32Array(state.layout.size),
      latents: { data: new Float32Array(3), shape: [1, 3] },
      history: [],
      optimizer: undefined,
    },
  });
  const bias = fitted.parameters.subarray(state.layout.bOut, state.layout.bOut + 3);
  const counted = [0, 1, 2].map((band) => packed.eventBand.filter((one) => one === band).length);
  // Half of the soft photons are background, as the region beside has them.
  for (const [band, counts] of [counted[0]! - soft / 2, counted[1]!, counted[2]!].entries()) {
    expect(Math.exp(bias[band]!) / (counts / packed.live[0]!)).toBeCloseTo(1, 3);
  }
});

test("withBackground() and packPopulation() name what is wrong with a background", () => {
  const plain = record(() => 1, { photons: 20, rng: new Rng(2), name: "A" });
  expect(() => withBackground(plain, { energyKeV: new Float32Array(1) }, { scale: 0 })).toThrow(
    /scale must be above 0: current value is 0/,
  );
  const odd = { ...plain, background: { energyKeV: Float32Array.of(1, Number.NaN), scale: 1 } };
  expect(() => packPopulation([odd], { config: tiny, action: "fit PPAD" })).toThrow(
    /Cannot fit PPAD: source 0 \("A"\) must have a background of known energies: current photon 1 has NaN keV/,
  );
});
