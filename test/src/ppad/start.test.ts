import { expect, test } from "vitest";
import type { Matrix } from "../../../src/array/index.ts";
import { embedPpad, sourceLosses } from "../../../src/ppad/fit.ts";
import { type PhotonRecord, packPopulation, ppadCompact, RecordWindow, wholeWindow } from "../../../src/ppad/index.ts";
import { soloTeam } from "../../../src/ppad/runner.ts";
import { startLatents } from "../../../src/ppad/start.ts";
import { Rng } from "../../../src/random/index.ts";
import { record, stateFor, tiny } from "./engine.ts";

const rng = new Rng(8);
const few: PhotonRecord[] = Array.from({ length: 10 }, (_, i) =>
  record((f) => (f < i / 10 ? 1 : 0.3), { photons: 12, rng }),
);
const options = { config: ppadCompact, seed: 1 };

test("startLatents() gives equal sources equal guesses in a population too large to see at once", () => {
  const size = 20_000;
  const records = { length: size, record: (i: number) => few[i % few.length]! };
  const window = new RecordWindow(records, 1, { config: ppadCompact, action: "test", rateScale: 1 });
  const { latents } = startLatents(window, size, options);
  const guess = (i: number) => latents.subarray(8 * i, 8 * (i + 1));
  const repeated = Float32Array.from(latents, (_, k) => latents[k % (8 * few.length)]!);
  expect(latents).toEqual(repeated);
  // All ten lie apart: the axes see what distinguishes them.
  for (let i = 1; i < few.length; i++)
    expect(Math.hypot(...guess(i).map((v, l) => v - guess(0)[l]!))).toBeGreaterThan(0.1);
});

test("startLatents() sees the same through a window as in memory", () => {
  const { packed } = packPopulation(few, { config: ppadCompact, action: "test" });
  const records = { length: few.length, record: (i: number) => few[i]! };
  const window = new RecordWindow(records, 1, { config: ppadCompact, action: "test", rateScale: 1 });
  expect(startLatents(window, few.length, options)).toEqual(startLatents(wholeWindow(packed), few.length, options));
});

test("embedPpad() ends lower when it goes down from more starts", () => {
  const training = Array.from({ length: 24 }, (_, i) => record((f) => (f < i / 24 ? 1 : 0.2), { photons: 60, rng }));
  const { packed: trained } = packPopulation(training, { config: tiny, action: "test" });
  const { profileStart } = startLatents(wholeWindow(trained), training.length, { config: tiny, seed: 1 });
  const data = Float32Array.from({ length: 24 * tiny.latentSize }, () => rng.normal());
  const latents: Matrix<Float32Array> = { data, shape: [24, tiny.latentSize] };
  const losses = [1, 8].map((starts) => {
    const heats = [
      { starts, steps: 40, nodes: 40, maxEvents: 256 },
      { starts: 1, steps: 4, nodes: "training" },
    ] as const;
    const config = { ...tiny, embedding: { method: "quasiNewton" as const, heats, tolerance: 0.01 } };
    const { state, packed, flat } = stateFor(training, { config });
    const model = { config, parameters: flat.slice(), latents, profileStart };
    const team = soloTeam(state);
    embedPpad(state, team, { model, window: wholeWindow(packed) });
    return sourceLosses(state, team).data.reduce((sum, value) => sum + value, 0);
  });
  // Random decoders have several minima: of 24 sources some end in a better one.
  expect(losses[1]).toBeLessThan(losses[0]! - 1);
});
