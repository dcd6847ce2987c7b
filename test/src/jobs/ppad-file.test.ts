import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { makeGti } from "../../../src/gti/index.ts";
import { ppad } from "../../../src/jobs/index.ts";

const folder = mkdtempSync(join(tmpdir(), "photonbook-ppad-file-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("ppad.save() and ppad.load() keep a model in a file, and say why they cannot", async () => {
  const population = [1, 2, 3].map((k) => ({
    name: `s${k}`,
    timeSec: Float64Array.from({ length: 20 * k }, (_, i) => (i + 0.5) * (50 / k)),
    energyKeV: new Float32Array(20 * k).fill(1.5),
    gti: makeGti([0], [1000]),
  }));
  const model = await ppad.fit(population, { epochs: 1, display: false });
  const path = join(folder, "model.ppad");
  expect(await ppad.save(model, path, { optimizer: false })).toBe(path);
  const again = await ppad.load(path);
  expect([again.names, again.latents, again.parameters]).toEqual([model.names, model.latents, model.parameters]);
  await expect(ppad.save(model, join(folder, "no/model.ppad"))).rejects.toThrow(
    /Cannot save model .* there is no folder/,
  );
  await expect(ppad.load(join(folder, "none.ppad"))).rejects.toThrow(
    /Cannot load model ".*none.ppad": there is no such file/,
  );
  writeFileSync(path, "text");
  await expect(ppad.load(path)).rejects.toThrow(SyntaxError);
});
