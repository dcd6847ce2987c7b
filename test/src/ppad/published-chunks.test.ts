import { expect, test } from "vitest";
import { type PhotonRecord, packPopulation, ppadPublished, publishedChunks } from "../../../src/ppad/index.ts";

/** One photon of 1 keV at each time. */
function photonsAt(times: readonly number[], energyKeV: (index: number) => number = () => 1): PhotonRecord {
  return {
    name: "S",
    timeSec: Float64Array.from(times),
    energyKeV: Float32Array.from(times, (_, i) => energyKeV(i)),
    gti: { startSec: Float64Array.of(0), stopSec: Float64Array.of(1e6) },
  };
}
const every = (stepSec: number, count: number, from = 0) => Array.from({ length: count }, (_, i) => from + i * stepSec);

test("publishedChunks() cuts chunks of 28.8 ks from event to event and drops the incomplete one", () => {
  // 0 … 69,900 s; chunks begin at 0 and 28,800; the third, from 57,600, is not whole.
  const { records, source } = publishedChunks([photonsAt(every(100, 700))]);
  expect(records.map(({ name }) => name)).toEqual(["S, chunk 0", "S, chunk 1"]);
  expect([...source]).toEqual([0, 0]);
  expect([records[0]!.timeSec[0], records[1]!.timeSec[0]]).toEqual([0, 28_800]);
  for (const { gti, timeSec } of records) {
    expect(gti.stopSec[0]! - gti.startSec[0]!).toBeCloseTo(28_800, 9);
    const shift = timeSec[0]! - gti.startSec[0]!;
    expect(shift).toBeGreaterThanOrEqual(0);
    expect(shift).toBeLessThan(100);
  }
});

test("publishedChunks() drops what the shift moves beyond the chunk", () => {
  // The gap after the first event is 20 ks, so the shift is 0–20 ks and photons near the end fall out.
  const times = [0, ...every(100, 88, 20_000), ...every(100, 400, 29_000)];
  const [first] = publishedChunks([photonsAt(times)], { seed: 3 }).records;
  const end = first!.gti.stopSec[0]!;
  expect(end).toBeLessThan(28_700);
  expect([...first!.timeSec]).toEqual(times.filter((time) => time <= end));
});

test("publishedChunks() keeps observations of 28.8–200 ks with 10–10,000 photons, and chunks of more than 10", () => {
  const chunks = (record: PhotonRecord) => publishedChunks([record]).records.length;
  expect(chunks(photonsAt(every(100, 289)))).toBe(0); // exactly 28.8 ks
  expect(chunks(photonsAt(every(100, 290)))).toBe(1);
  expect(chunks(photonsAt(every(100, 2001)))).toBe(6); // exactly 200 ks
  expect(chunks(photonsAt(every(100, 2002)))).toBe(0);
  expect(chunks(photonsAt(every(4, 10_001)))).toBe(0);
  expect(chunks(photonsAt(every(2880, 21)))).toBe(0); // two chunks of 10 photons each
  expect(chunks(photonsAt(every(2600, 25)))).toBe(2); // of 12
});

test("publishedChunks() keeps photons of 0.5–7 keV, both ends too", () => {
  const energies = [0.49, 0.5, 7, 7.01];
  const { records } = publishedChunks([photonsAt(every(50, 1200), (i) => energies[i % 4]!)]);
  expect(records.length).toBe(2);
  for (const { energyKeV } of records) expect(new Set(energyKeV)).toEqual(new Set([0.5, 7]));
});

test("publishedChunks() gives what ppadPublished takes, by seed", () => {
  const population = [photonsAt([1, 2]), photonsAt(every(100, 700))];
  const one = publishedChunks(population, { seed: 1 });
  expect([...one.source]).toEqual([1, 1]);
  expect(publishedChunks(population, { seed: 1 })).toEqual(one);
  expect(publishedChunks(population, { seed: 2 })).not.toEqual(one);
  const { packed } = packPopulation(one.records, { config: ppadPublished, action: "test" });
  expect(packed.size).toBe(2);
  // 28.8 ks is the unit of time.
  expect(Math.max(...packed.eventTime)).toBeLessThanOrEqual(1);
});
