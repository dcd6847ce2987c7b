import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DISPLAY } from "../../../src/host/index.ts";
import { loadEvents, loadPopulation, type SampleSky, sampleSky, savePhotons } from "../../../src/io/index.ts";
import { openPhotons } from "../../../src/store/index.ts";
import { sharedData } from "../../shared-data.ts";

const folder = mkdtempSync(join(tmpdir(), "photonbook-store-"));
const quiet = { display: false };
let sky: SampleSky;

beforeAll(async () => {
  sky = await sampleSky({ nSources: 40, seed: 5, cacheDir: folder, display: false });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Two photons in two intervals. */
const record = (name: string) => ({
  name,
  timeSec: Float64Array.of(10, 30),
  energyKeV: Float32Array.of(1, 2),
  gti: { startSec: Float64Array.of(0, 25), stopSec: Float64Array.of(20, 50) },
});

test("savePhotons() keeps all that event files say of photons and good time", async () => {
  const path = join(folder, "sky.photons");
  const reports: number[] = [];
  const store = await savePhotons(path, sky, { ...quiet, onProgress: ({ done }) => reports.push(done) });
  const lists = await loadPopulation(sky);
  expect(store.names).toEqual(sky.names);
  expect(store.photons).toBe(lists.reduce((sum, { length }) => sum + length, 0));
  expect(reports.at(-1)).toBe(40);
  const again = await openPhotons(path);
  for (const [i, stored] of [...again].entries()) {
    const { timeSec, energyKeV, gti } = lists[i]!;
    expect(stored).toEqual({ name: sky.names[i], timeSec, energyKeV, gti });
  }
  expect(again.record(sky.names[7]!)).toEqual(again.record(7));
});

test("savePhotons() keeps the photons of XRT 200515 in band", async () => {
  const path = sharedData("events/chandra_23022_xrt200515/acisf23022_000N027_r0122_regevt3.fits.gz");
  const store = await savePhotons(join(folder, "xrt.photons"), [path], { ...quiet, energyKeV: [0.5, 7] });
  const list = (await loadEvents(path)).filter({ energyKeV: [0.5, 7] });
  expect(store.length).toBe(1);
  expect(store.record(0).timeSec).toEqual(list.timeSec);
  expect(store.record(0).gti).toEqual(list.gti);
});

test("savePhotons() takes arrays, generators and stores, in band and bright enough", async () => {
  async function* made() {
    yield record("a");
    yield { ...record("b"), timeSec: new Float64Array(), energyKeV: new Float32Array() };
    yield record("c");
  }
  const first = await savePhotons(join(folder, "made.photons"), made(), { ...quiet, minCounts: 1 });
  expect(first.names).toEqual(["a", "c"]);
  const soft = await savePhotons(join(folder, "soft.photons"), first, { ...quiet, energyKeV: [0.5, 1.5] });
  expect(soft.record(1)).toEqual({ ...record("c"), timeSec: Float64Array.of(10), energyKeV: Float32Array.of(1) });
  const { timeSec, energyKeV, gti } = record("");
  const unnamed = await savePhotons(join(folder, "unnamed.photons"), [{ timeSec, energyKeV, gti }], quiet);
  expect(unnamed.names).toEqual(["source 0"]);
});

test("savePhotons() leaves nothing when a record is wrong or it is stopped", async () => {
  const path = join(folder, "none.photons");
  const before = readdirSync(folder);
  const late = { ...record("late"), timeSec: Float64Array.of(30, 10) };
  await expect(savePhotons(path, [record("a"), late], quiet)).rejects.toThrow(
    'record 1 ("late") must have ascending times: photon 1 is at 10 s',
  );
  const short = { ...record("short"), energyKeV: Float32Array.of(1) };
  await expect(savePhotons(path, [short], quiet)).rejects.toThrow("one energy per time");
  const controller = new AbortController();
  controller.abort();
  await expect(savePhotons(path, sky, { ...quiet, signal: controller.signal })).rejects.toThrow(/abort/);
  expect(readdirSync(folder)).toEqual(before);
  await expect(savePhotons(join(folder, "no/such/folder"), [record("a")], quiet)).rejects.toThrow(
    /there is no folder ".*"/,
  );
});

test("openPhotons() refuses what is not a whole store, and a store what has changed", async () => {
  const path = join(folder, "whole.photons");
  const store = await savePhotons(path, [record("a"), record("b")], quiet);
  const bytes = readFileSync(path);
  const broken = join(folder, "broken.photons");
  writeFileSync(broken, bytes.subarray(0, bytes.length - 4));
  await expect(openPhotons(broken)).rejects.toThrow(
    /Cannot open photons in ".*": Cannot read safetensors: "gti_count"/,
  );
  writeFileSync(broken, "SIMPLE  =                    T");
  await expect(openPhotons(broken)).rejects.toThrow(SyntaxError);
  expect(() => store.record(2)).toThrow("record must be 0–1: current is 2");
  expect(() => store.record("z")).toThrow('which must be a number or name of its 2 observations: current value is "z"');
  appendFileSync(path, " ");
  expect(() => store.record(0)).toThrow("the file has changed since it was opened");
});

test("a store shows how many photons observations have", async () => {
  const store = await openPhotons(join(folder, "sky.photons"));
  const shown = store[DISPLAY]();
  expect(shown["text/plain"]).toMatch(/^PhotonStore of 40 observations, [\d,]+ photons, .* MB in /);
  expect(shown["text/html"]).toContain("<svg");
  expect(store.photonCounts.reduce((sum, count) => sum + count, 0)).toBe(store.photons);
});
