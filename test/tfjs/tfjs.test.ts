import { expect, test } from "vitest";
import { ppad } from "../../src/jobs/index.ts";
import { Rng } from "../../src/random/index.ts";
import { record, tiny } from "../src/ppad/engine.ts";
import { compareWithTorch } from "../src/ppad/torch.ts";

for (const name of ["small", "reference"] as const) compareWithTorch("tfjs", name);

test("a population trains and embeds on TensorFlow as on our own kernels, over two threads", async () => {
  const rng = new Rng(4);
  const population = Array.from({ length: 12 }, (_, i) =>
    record((fraction) => (i % 2 ? 0.2 + 0.8 * fraction : 1), { photons: 60, rng, name: `source ${i}` }),
  );
  const config = {
    ...tiny,
    stages: [{ train: "all", epochs: 3, decoderRate: 3e-3, latentRate: 0.05, schedule: "cosine" } as const],
  };
  const options = { seed: 1, threads: 2, display: false };
  const [ours, theirs] = [
    await ppad.fit(population, { ...options, config, engine: "wasm" }),
    await ppad.fit(population, { ...options, config, engine: "tfjs" }),
  ];
  // Nine steps of Adam on single precision: the engines' sums differ in the last bits, and steps repeat it.
  expect(theirs.history.at(-1)!.loss / ours.history.at(-1)!.loss).toBeCloseTo(1, 4);
  const embedded = await ppad.embed(population, ours, { ...options, engine: "tfjs" });
  const expected = await ppad.embed(population, ours, { ...options, engine: "wasm" });
  embedded.data.forEach((value, i) => {
    expect(Math.abs(value - expected.data[i]!)).toBeLessThan(1e-2);
  });
});
