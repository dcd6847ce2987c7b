import { describe, expect, it } from "vitest";
import {
  clipGti,
  containsTime,
  containsTimes,
  exposurePerBin,
  exposureSec,
  gapsOfGti,
  intersectGti,
  intervalOf,
  makeGti,
  unionGti,
} from "../../../src/gti/index.ts";
import { Rng } from "../../../src/random/index.ts";

const pairs = (gti: ReturnType<typeof makeGti>) =>
  Array.from(gti.startSec, (start, i) => [start, gti.stopSec[i] as number]);

describe("makeGti()", () => {
  it("sorts, merges overlapping and touching intervals and leaves out empty ones", () => {
    const gti = makeGti([30, 0, 5, 10, 50, 60], [40, 6, 8, 20, 50, 59]);
    expect(pairs(gti)).toEqual([
      [0, 8],
      [10, 20],
      [30, 40],
    ]);
    expect(pairs(makeGti([0, 5], [5, 9]))).toEqual([[0, 9]]);
  });

  it("rejects lists of different length and times that are not finite", () => {
    expect(() => makeGti([1], [2, 3])).toThrow(/equally many: current numbers are 1 and 2/);
    expect(() => makeGti([Number.NaN], [2])).toThrow(/must be finite: current interval is NaN to 2/);
  });
});

describe("algebra", () => {
  const a = makeGti([0, 20, 40], [10, 30, 50]);

  it("intersects, joins and clips", () => {
    expect(pairs(intersectGti(a, makeGti([5, 45], [25, 100])))).toEqual([
      [5, 10],
      [20, 25],
      [45, 50],
    ]);
    expect(pairs(unionGti(a, makeGti([10], [20])))).toEqual([
      [0, 30],
      [40, 50],
    ]);
    expect(pairs(clipGti(a, 5, 41))).toEqual([
      [5, 10],
      [20, 30],
      [40, 41],
    ]);
    expect(exposureSec(a)).toBe(30);
  });

  it("gives what is good nowhere in common an empty list", () => {
    expect(intersectGti(a, makeGti([10], [20])).startSec.length).toBe(0);
    expect(exposureSec(clipGti(a, 100, 200))).toBe(0);
  });

  it("gaps and good time fill the range together", () => {
    const gaps = gapsOfGti(a, -5, 45);
    expect(pairs(gaps)).toEqual([
      [-5, 0],
      [10, 20],
      [30, 40],
    ]);
    expect(exposureSec(gaps) + exposureSec(clipGti(a, -5, 45))).toBe(50);
  });
});

describe("containsTimes()", () => {
  const gti = makeGti([0, 20, 40], [10, 30, 50]);

  it("counts both ends as good", () => {
    expect([0, 10, 10.001, 20, 30, 50, -1, 51].map((time) => containsTime(gti, time))).toEqual([
      true,
      true,
      false,
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(intervalOf(gti, 45)).toBe(2);
  });

  it("agrees with a test of every interval for times in any order", () => {
    const rng = new Rng(7);
    const times = Float64Array.from({ length: 2000 }, () => Math.floor(rng.uniform() * 120) / 2 - 5);
    const naive = Uint8Array.from(times, (t) => (pairs(gti).some(([low, high]) => t >= low! && t <= high!) ? 1 : 0));
    expect(containsTimes(gti, times)).toEqual(naive);
    const order = times.toSorted();
    const naiveSorted = Uint8Array.from(order, (t) => (pairs(gti).some(([l, h]) => t >= l! && t <= h!) ? 1 : 0));
    expect(containsTimes(gti, order)).toEqual(naiveSorted);
  });

  it("finds nothing good without intervals", () => {
    expect(containsTimes(makeGti([], []), new Float64Array([1, 0, 2]))).toEqual(new Uint8Array(3));
  });
});

describe("exposurePerBin()", () => {
  it("splits good time over bins and keeps its sum", () => {
    const gti = makeGti([1, 4.5, 20], [3, 12, 21]);
    const exposure = exposurePerBin(gti, new Float64Array([0, 2, 4, 6, 8, 10, 30]));
    expect(Array.from(exposure)).toEqual([1, 1, 1.5, 2, 2, 3]);
    expect(exposure.reduce((sum, seconds) => sum + seconds, 0)).toBeCloseTo(exposureSec(gti), 12);
  });
});
