import { expect, test } from "vitest";
import { instantiateKernels } from "../../../src/linalg/index.ts";
import { CONTROL, TASK } from "../../../src/ppad/control.ts";
import { parameterPieces } from "../../../src/ppad/files.ts";
import { soloTeam } from "../../../src/ppad/index.ts";
import { packWeights } from "../../../src/ppad/products.ts";
import { keyedUniform, rowKey } from "../../../src/ppad/rows.ts";
import { flatView } from "../../../src/ppad/run-state.ts";
import { Rng } from "../../../src/random/index.ts";
import { kernelBytes, record, stateFor, tiny } from "./engine.ts";
import { type OracleSource, oracleEvents, oracleLoss, oracleWeights } from "./oracle.ts";

// 900 photons make more rows than one chunk holds, so the cut of a chain is part of what is checked.
const rng = new Rng(11);
const population = [
  record(() => 1, { photons: 25, rng }),
  record((f) => (f > 0.6 ? 1 : 0.1), { photons: 900, rng }),
  record((f) => 0.5 + 0.5 * Math.sin(9 * f), { photons: 60, rng, hardness: 0.8, lengthSec: 1_000 }),
  // On a known background: 40, 20 and 60 photons of the bands, and two of none, from a region 1/0.3 times as large.
  {
    ...record(() => 1, { photons: 50, rng }),
    background: {
      energyKeV: Float32Array.from({ length: 122 }, (_, i) => (i < 40 ? 0.7 : i < 60 ? 1.5 : i < 120 ? 4 : 9)),
      scale: 0.3,
    },
  },
];
/** Lengths, log₁₀ of 10 ks. */
const LENGTH = [Math.log10(2), Math.log10(2), -1, Math.log10(2)];
const BACKGROUND = [
  [0, 0, 0],
  [0, 0, 0],
  [0, 0, 0],
  [12, 6, 18],
] as const;

function engineGradient(config = tiny) {
  const { state, packed } = stateFor(population, { config });
  const team = soloTeam(state);
  const kernels = instantiateKernels(kernelBytes(), state.memory);
  packWeights(kernels, state.weights);
  state.order.set([0, 1, 2, 3]);
  state.ranges.set([0, 2, 4]);
  state.control[CONTROL.taken] = 4;
  state.control[CONTROL.step] = 4;
  team.run(TASK.gradient, 2);
  const [a, b] = state.gradients.map((address) => flatView(state, address));
  return { state, packed, gradient: Float64Array.from(a!, (value, i) => value + b![i]!) };
}

function oracleSources(config = tiny): OracleSource[] {
  const { state, packed } = stateFor(population, { config });
  return population.map((source, s) => {
    const key = rowKey(5, 4, s);
    const { nodes: count } = config.quadrature;
    const live = packed.live[s]!;
    return {
      ...oracleEvents(source, config),
      nodes: Array.from({ length: count }, (_, i) => (live * (i + keyedUniform(key, i))) / count),
      weights: Array.from({ length: count }, () => live / count),
      z: [...state.latents.subarray(s * config.latentSize, (s + 1) * config.latentSize)],
      given: config.lengthInput ? [LENGTH[s]!] : [],
      logScale: packed.logScale[s]!,
      background: BACKGROUND[s]!.map((counts) => counts / live),
      live,
    };
  });
}

for (const [what, change] of [
  ["the mean of variation", {}],
  ["the sum of variation", { totalVariation: { weight: 0.02, norm: "sum" } }],
  ["the length as an input", { lengthInput: true }],
] as const) {
  const config = { ...tiny, ...change };

  test(`the engine's loss equals the double-precision formula with ${what}`, () => {
    const { state } = engineGradient(config);
    const weights = oracleWeights(flatView(state, state.parameters), config);
    for (const [s, source] of oracleSources(config).entries()) {
      const ours = [0, 1, 2, 3].reduce((sum, part) => sum + state.sourceLoss[s * 4 + part]!, 0);
      const theirs = oracleLoss(weights, config, source);
      // Single precision: 1e-5 of the sum of the magnitudes of the terms.
      expect(Math.abs(ours - theirs)).toBeLessThan(1e-5 * (Math.abs(theirs) + source.times.length));
    }
  });
}

test.each([
  ["alone", tiny],
  ["and length", { ...tiny, lengthInput: true }],
])("the engine's gradient equals central differences in every parameter group, of latents %s", (_, config) => {
  const { state, gradient } = engineGradient(config);
  const sources = oracleSources(config);
  const weights = oracleWeights(flatView(state, state.parameters), config);
  const loss = () => sources.reduce((sum, source) => sum + oracleLoss(weights, config, source) / 4, 0);
  const pick = new Rng(3);
  for (const { name, shape, at } of parameterPieces(state.extents, state.layout)) {
    const data = weights.get(name)!.data as Float64Array;
    const columns = shape[1] ?? 1;
    let largest = 0;
    const pairs: [number, number][] = [];
    for (let trial = 0; trial < 6; trial++) {
      const i = pick.integer(data.length);
      const kept = data[i]!;
      // Small enough that hardly any of the ReLU and |Δr| kinks of a thousand rows lies inside.
      const h = 1e-6;
      data[i] = kept + h;
      const up = loss();
      data[i] = kept - h;
      const down = loss();
      data[i] = kept;
      pairs.push([gradient[at(Math.floor(i / columns), i % columns)]!, (up - down) / (2 * h)]);
      largest = Math.max(largest, Math.abs(pairs[trial]![1]));
    }
    for (const [ours, theirs] of pairs) {
      expect(Math.abs(ours - theirs), name).toBeLessThan(1e-3 * largest + 1e-3);
    }
  }
});

test("the engine's gradient by the latents equals central differences", () => {
  const { state } = engineGradient();
  const weights = oracleWeights(flatView(state, state.parameters), tiny);
  for (const [s, source] of oracleSources().entries()) {
    for (let l = 0; l < tiny.latentSize; l++) {
      const shifted = (h: number) =>
        oracleLoss(weights, tiny, { ...source, z: source.z.map((v, i) => (i === l ? v + h : v)) }) / 4;
      const theirs = (shifted(1e-6) - shifted(-1e-6)) / 2e-6;
      const ours = state.latentGradient[s * tiny.latentSize + l]!;
      expect(Math.abs(ours - theirs)).toBeLessThan(1e-3 * Math.abs(theirs) + 1e-3);
    }
  }
});

test("the loss and gradient do not depend on how many events are taken once all are", () => {
  const all = engineGradient({ ...tiny, maxEvents: Infinity });
  const capped = engineGradient({ ...tiny, maxEvents: 900 });
  expect(capped.gradient).toEqual(all.gradient);
});
