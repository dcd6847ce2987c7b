import { expect, test } from "vitest";
import { Arena, instantiateKernels } from "../../../src/linalg/index.ts";
import { wholeWindow } from "../../../src/ppad/index.ts";
import { INFORMATION } from "../../../src/ppad/network.ts";
import { packWeights } from "../../../src/ppad/products.ts";
import { trainingSampling } from "../../../src/ppad/rows.ts";
import { flatView, openNetwork } from "../../../src/ppad/run-state.ts";
import { SourceBatch } from "../../../src/ppad/source-batch.ts";
import { decodeTangents } from "../../../src/ppad/tangents.ts";
import { Rng } from "../../../src/random/index.ts";
import { kernelBytes, record, stateFor, tiny } from "./engine.ts";

const rng = new Rng(31);
const population = [
  record((f) => (f > 0.6 ? 1 : 0.1), { photons: 300, rng }),
  {
    ...record(() => 1, { photons: 50, rng }),
    background: { energyKeV: Float32Array.of(0.7, 0.8, 1.5, 4), scale: 0.3 },
  },
];

test("the information of a source's events is that of forward-mode derivatives in double precision", () => {
  const config = { ...tiny, totalVariation: { ...tiny.totalVariation, weight: 0 } };
  const { state, packed } = stateFor(population, { config });
  packWeights(instantiateKernels(kernelBytes(), state.memory), state.weights);
  state.order.set([0, 1]);
  const network = openNetwork(new Arena(state.workspace), state, undefined);
  const parameters = flatView(state, state.parameters);
  const batch = new SourceBatch(state, { network, parameters, window: wholeWindow(packed) });
  batch.load(0, 2, 0.5);
  batch.pass(0, 2, { step: 0, sampling: trainingSampling(config), wanted: INFORMATION });

  const { latentSize: size } = config;
  const bands = config.bandEdgesEv.length - 1;
  for (const s of [0, 1]) {
    const z = state.latents.subarray(s * size, (s + 1) * size);
    const [first, last] = [packed.eventStart[s]!, packed.eventStart[s + 1]!];
    const times = Float64Array.from(packed.eventTime.subarray(first, last));
    const decoder = { extents: state.extents, layout: state.layout, parameters };
    const { log, slope } = decodeTangents(decoder, { z, unitSec: packed.unitSec[s]! }, times);
    const expected = new Float64Array(size * size);
    for (let i = 0; i < times.length; i++) {
      const band = packed.eventBand[first + i]!;
      const rate = Math.exp(log[i * bands + band]! + packed.logScale[s]!);
      const share = rate / (rate + packed.background[s * bands + band]!);
      for (let l = 0; l < size; l++) {
        for (let m = 0; m <= l; m++) {
          const at = (i * bands + band) * size;
          // 0.5: the weight that the source was loaded with.
          expected[l * size + m]! += 0.5 * share ** 2 * slope[at + l]! * slope[at + m]!;
        }
      }
    }
    const trace = expected.filter((_, i) => i % (size + 1) === 0).reduce((sum, value) => sum + value, 0);
    const found = batch.information.subarray(s * size * size, (s + 1) * size * size);
    // Single precision, relative to the trace, which bounds every number of a positive matrix.
    for (let i = 0; i < size * size; i++) expect(Math.abs(found[i]! - expected[i]!)).toBeLessThan(1e-5 * trace);
  }
});
