import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { libraryOf } from "../../../src/jobs/product-library.ts";
import { Arena, instantiateKernels } from "../../../src/linalg/index.ts";
import { CONTROL, TASK } from "../../../src/ppad/control.ts";
import { decode } from "../../../src/ppad/decode.ts";
import { packParameters, parameterPieces } from "../../../src/ppad/files.ts";
import { type Engine, type PpadConfig, ppadPublished, soloTeam } from "../../../src/ppad/index.ts";
import { extentsOf, layoutParameters } from "../../../src/ppad/layout.ts";
import { packWeights } from "../../../src/ppad/products.ts";
import { flatView, openNetwork } from "../../../src/ppad/run-state.ts";
import { kernelBytes, stateFor } from "./engine.ts";

// Fixtures: `python test/peers/ppad_reference.py test/fixtures/ppad` with torch 2.13.0, double precision.
interface Fixture {
  architecture: Pick<PpadConfig, "latentSize" | "frequencies" | "hiddenSize" | "blocks">;
  nodes: number;
  totalVariation: number;
  latentPenalty: number;
  latents: number[][];
  sources: { times: number[]; bands: number[] }[];
  logRateTimes: number[];
  logRates: number[][];
  losses: number[];
  latentGradient: number[][];
  gradients: { [name: string]: number[] | { index: number[]; value: number[]; norm: number } };
}

/** As `formula_weight` of the peer. */
function formulaWeight(tensor: number, index: number, fanIn: number): number {
  let x = (Math.imul(index, 2654435761) + Math.imul(tensor + 1, 40503)) >>> 0;
  x = (x ^ (x >>> 15)) >>> 0;
  x = Math.imul(x, 2246822519) >>> 0;
  x = (x ^ (x >>> 13)) >>> 0;
  return (x / 2 ** 31 - 1) * Math.sqrt(1.5 / fanIn);
}

function formulaParameters(config: PpadConfig): Float32Array {
  const extents = extentsOf(config);
  const pieces = parameterPieces(extents, layoutParameters(extents));
  const tensors = pieces.map(({ name, shape }, number) => {
    const size = shape.reduce((a, b) => a * b, 1);
    const fanIn = shape[1] ?? 400;
    const factor = name.includes(".fc_1.weight") ? 0.5 : 1;
    const data = Float32Array.from({ length: size }, (_, i) => factor * Math.fround(formulaWeight(number, i, fanIn)));
    return [name, { shape, data }] as const;
  });
  return packParameters(new Map(tensors), config);
}

const ENERGY_KEV = [0.8, 1.5, 3];

function run(name: string, { engine, frozen }: { engine: Engine; frozen: boolean }) {
  const library = libraryOf(engine);
  const fixture: Fixture = JSON.parse(
    readFileSync(join(import.meta.dirname, `../../fixtures/ppad/${name}.json`), "utf8"),
  );
  const config: PpadConfig = {
    ...ppadPublished,
    ...fixture.architecture,
    // Fixture times are in decoder units; the published unit, 28.8 ks, would only round them.
    timeScale: 1,
    quadrature: { rule: "trapezoid", nodes: fixture.nodes },
    totalVariation: { weight: fixture.totalVariation, norm: "mean" },
    latentPenalty: fixture.latentPenalty,
  };
  const population = fixture.sources.map(({ times, bands }) => ({
    timeSec: Float64Array.from(times),
    energyKeV: Float32Array.from(bands, (band) => ENERGY_KEV[band]!),
    gti: { startSec: Float64Array.of(0), stopSec: Float64Array.of(1) },
  }));
  const parameters = formulaParameters(config);
  const { state } = stateFor(population, { config, parameters, library, frozen });
  state.latents.set(fixture.latents.flat());
  const kernels = instantiateKernels(kernelBytes(), state.memory);
  packWeights(kernels, state.weights);
  const count = population.length;
  state.order.set(population.map((_, s) => s));
  state.ranges.set([0, 1, count]);
  state.control[CONTROL.taken] = count;
  soloTeam(state, { library }).run(TASK.gradient, 2);
  const [a, b] = state.gradients.map((address) => flatView(state, address));
  const gradient = Float32Array.from(a!, (value, i) => value + b![i]!);
  return { fixture, config, state, parameters, gradient };
}

const relative = (ours: number, theirs: number, scale: number) => Math.abs(ours - theirs) / scale;

/**
 * Tests that an engine computes what PyTorch computed in the fixture `name`.
 *
 * @param options.frozen Whether the engine is told that weights stay as they are.
 */
export function compareWithTorch(engine: Engine, name: "small" | "reference", { frozen = false } = {}): void {
  const { fixture, config, state, parameters, gradient } = run(name, { engine, frozen });
  const title = frozen ? `${engine}, weights frozen` : engine;
  const pieces = new Map(parameterPieces(state.extents, state.layout).map((piece) => [piece.name, piece]));

  test(`${title} multiplies in the ${name} run`, () => {
    expect(state.engine).toBe(engine);
  });

  test(`${title}: the ${name} decoder's log rates equal PyTorch's to 1e-5, and to 1e-9 in double precision`, () => {
    const times = Float64Array.from(fixture.logRateTimes);
    const { extents, layout } = state;
    const double = decode({ extents, layout, parameters }, { z: fixture.latents[0]!, unitSec: 28_800 }, times);
    const network = openNetwork(new Arena(state.workspace), state, libraryOf(engine));
    network.rows.time.set(times);
    network.rows.slot.fill(0);
    const { latent, hidden } = extents;
    for (let h = 0; h < hidden; h++) {
      let sum = parameters[layout.biasIn + h]!;
      for (let l = 0; l < latent; l++) sum += fixture.latents[0]![l]! * parameters[layout.latentIn + l * hidden + h]!;
      network.latentInput[h] = sum;
    }
    network.forward(times.length);
    fixture.logRates.flat().forEach((theirs, i) => {
      expect(Math.abs(double[i]! - theirs)).toBeLessThan(1e-9);
      const single = network.output[Math.floor(i / 3) * extents.bandsPadded + (i % 3)]!;
      expect(Math.abs(single - theirs)).toBeLessThan(1e-5);
    });
  });

  test(`${title}: the ${name} losses equal PyTorch's to 1e-5`, () => {
    fixture.losses.forEach((theirs, s) => {
      const ours = [0, 1, 2, 3].reduce((sum, part) => sum + state.sourceLoss[s * 4 + part]!, 0);
      expect(relative(ours, theirs, Math.abs(theirs))).toBeLessThan(1e-5);
    });
  });

  test(`${title}: the ${name} gradients equal PyTorch's to 1e-4 of each tensor's largest`, () => {
    for (const [key, expected] of Object.entries(fixture.gradients)) {
      const { shape, at } = pieces.get(key.startsWith("decoder.") ? key : `decoder.${key}`)!;
      const columns = shape[1] ?? 1;
      const flat = (i: number) => gradient[at(Math.floor(i / columns), i % columns)]!;
      const index = Array.isArray(expected) ? expected.map((_, i) => i) : expected.index;
      const values = Array.isArray(expected) ? expected : expected.value;
      const scale = Math.max(...values.map(Math.abs));
      index.forEach((i, j) => {
        expect(relative(flat(i), values[j]!, scale), key).toBeLessThan(1e-4);
      });
      if (Array.isArray(expected)) continue;
      const size = shape.reduce((a, b) => a * b, 1);
      let squares = 0;
      for (let i = 0; i < size; i++) squares += flat(i) ** 2;
      expect(relative(Math.sqrt(squares), expected.norm, expected.norm)).toBeLessThan(1e-4);
    }
    fixture.latentGradient.forEach((row, s) => {
      const scale = Math.max(...row.map(Math.abs));
      row.forEach((theirs, l) => {
        expect(relative(state.latentGradient[s * config.latentSize + l]!, theirs, scale)).toBeLessThan(1e-4);
      });
    });
  });
}
