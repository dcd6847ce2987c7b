import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadPopulation } from "../../../src/io/load-population.ts";
import { loadTruth, sampleSky } from "../../../src/io/sample-sky.ts";

const cacheDir = mkdtempSync(join(tmpdir(), "photonbook-sky-"));
afterAll(() => rmSync(cacheDir, { recursive: true }));

describe("sampleSky()", () => {
  it("writes a sky once, whole, also when two ask at the same time", async () => {
    const progress: number[] = [];
    const options = { nSources: 40, seed: 2, cacheDir };
    const [one, two] = await Promise.all([
      sampleSky({ ...options, onProgress: ({ done }) => progress.push(done) }),
      sampleSky(options),
    ]);
    expect(one.directory).toBe(two.directory);
    expect(readdirSync(cacheDir)).toHaveLength(1);
    expect(one.events).toHaveLength(40);
    expect(progress.at(-1)).toBe(40);
    const before = statSync(one.master).mtimeMs;
    await sampleSky(options);
    expect(statSync(one.master).mtimeMs).toBe(before);
  }, 20_000);

  it("leaves nothing behind when it is stopped", async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(sampleSky({ nSources: 20, seed: 99, cacheDir, signal: controller.signal })).rejects.toThrow("stopped");
    expect(readdirSync(cacheDir).some((name) => name.includes("-99-"))).toBe(false);
  });

  it("refuses impossible sizes", async () => {
    await expect(sampleSky({ nSources: 1e6, cacheDir })).rejects.toThrow("nSources must be an integer within 1–9999");
  });
});

describe("loadPopulation()", () => {
  it("loads event lists that line up with names, and truth that lines up with both", async () => {
    const sky = await sampleSky({ nSources: 40, seed: 2, cacheDir });
    const all = await loadPopulation(sky);
    const truth = await loadTruth(sky);
    expect(all.map(({ name }) => name)).toEqual(sky.names);
    expect(truth.map(({ name }) => name)).toEqual(sky.names);
    const names = [sky.names[7]!, sky.names[3]!];
    const two = await loadPopulation(sky, { names });
    expect(two.map(({ name }) => name)).toEqual(names);
    expect(Array.from(two[0]!.timeSec)).toEqual(Array.from(all[7]!.timeSec));
    expect(all[0]!.frameTimeSec).toBe(3.14104);
  });

  it("applies energies and the count limit, and names what it does not know", async () => {
    const sky = await sampleSky({ nSources: 40, seed: 2, cacheDir });
    const bright = await loadPopulation(sky, { minCounts: 50, energyKeV: [0.5, 7] });
    expect(bright.length).toBeGreaterThan(3);
    expect(bright.length).toBeLessThan(40);
    for (const { energyKeV } of bright) {
      expect(energyKeV.length).toBeGreaterThanOrEqual(50);
      expect(Math.min(...energyKeV)).toBeGreaterThanOrEqual(0.5);
    }
    await expect(loadPopulation(sky, { names: ["nobody"] })).rejects.toThrow('current value is "nobody"');
  });
});
