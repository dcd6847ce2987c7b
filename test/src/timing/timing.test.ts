import { describe, expect, it } from "vitest";
import { makeGti } from "../../../src/gti/index.ts";
import { DISPLAY } from "../../../src/host/index.ts";
import { Rng } from "../../../src/random/index.ts";
import {
  CSC_BANDS,
  energyTimeCube,
  energyTimeMap,
  hardnessEvolution,
  hardnessOfCounts,
  hardnessRatio,
  makeLightCurve,
  poissonInterval,
  resolveBand,
} from "../../../src/timing/index.ts";

/** Photons at given times with given energies. */
function photons(times: number[], energies: number[], good: [number, number][]) {
  return {
    timeSec: Float64Array.from(times),
    energyKeV: Float32Array.from(energies),
    gti: makeGti(
      good.map(([start]) => start),
      good.map(([, stop]) => stop),
    ),
    name: "<b>x</b>",
  };
}

describe("resolveBand()", () => {
  it("knows the CSC bands by name and letter", () => {
    expect(resolveBand("b")).toEqual({ name: "broad", lowKeV: 0.5, highKeV: 7 });
    expect(resolveBand("ultrasoft")).toMatchObject({ lowKeV: 0.2, highKeV: 0.5 });
    expect(CSC_BANDS.wide).toEqual([0.1, 10]);
  });

  it("rejects unknown names and bands upside down", () => {
    expect(() => resolveBand("x" as never)).toThrow(/must be one of "ultrasoft".*current value is "x"/);
    expect(() => resolveBand([2, 1])).toThrow(/ascending.*\[2, 1\]/);
  });
});

describe("poissonInterval()", () => {
  // scipy 1.16: chi2.ppf(1 − Φ(1), 2n)/2 and chi2.ppf(Φ(1), 2n + 2)/2
  const scipy: [number, number, number][] = [
    [0, 0, 1.8410216450092634],
    [1, 0.17275377902344996, 3.299526559115855],
    [2, 0.7081854398189713, 4.637859623455245],
    [10, 6.891305560638357, 14.266949761009391],
    [100, 90.0167451771134, 111.03336094114967],
    [12345, 12233.893445130905, 12457.111056162512],
  ];
  it.each(scipy)("is the classical interval for n = %i", (n, lower, upper) => {
    const [low, high] = poissonInterval(n);
    expect(low).toBeCloseTo(lower, 9);
    expect(Math.abs(high - upper) / upper).toBeLessThan(1e-12);
  });

  it("is Gehrels' formulas when asked for, close to the exact limits", () => {
    expect(poissonInterval(10, "approximate")[1]).toBeCloseTo(10 + Math.sqrt(10.75) + 1, 12);
    for (let n = 2; n < 200; n++) {
      const [low, high] = poissonInterval(n);
      const [lowA, highA] = poissonInterval(n, "approximate");
      expect(Math.abs(high - highA) / (high - n)).toBeLessThan(0.02);
      expect(Math.abs(low - lowA) / (n - low)).toBeLessThan(0.03);
    }
  });

  it("rejects what is no count", () => {
    expect(() => poissonInterval(1.5)).toThrow(/must be whole and not negative: current value is 1.5/);
  });
});

describe("makeLightCurve()", () => {
  it("corrects partly exposed bins, leaves unexposed ones without a rate and counts only good photons", () => {
    const events = photons(
      [0, 1, 5, 12, 13, 19, 25, 28],
      [1, 1, 3, 1, 9, 1, 1, 1],
      [
        [0, 10],
        [15, 20],
        [25, 30],
      ],
    );
    const curve = makeLightCurve(events, { binSec: 10, band: "broad" });
    expect(Array.from(curve.startSec)).toEqual([0, 10, 20]);
    expect(Array.from(curve.counts)).toEqual([3, 1, 2]);
    expect(Array.from(curve.exposureSec)).toEqual([10, 5, 5]);
    expect(Array.from(curve.rate)).toEqual([0.3, 0.2, 0.4]);
    expect(curve.eventsOutsideGti).toBe(1);
    const [low, high] = poissonInterval(3);
    expect(curve.rateErrLow[0]).toBeCloseTo((3 - low) / 10, 12);
    expect(curve.rateErrHigh[0]).toBeCloseTo((high - 3) / 10, 12);
    const fine = makeLightCurve(events, { binSec: 5, band: "all" });
    expect(fine.rate[2]).toBeNaN();
    expect(fine.totalCounts).toBe(6);
  });

  it("divides by live time and keeps a photon at the very end", () => {
    const events = { ...photons([0, 30], [1, 1], [[0, 30]]), liveFraction: 0.5 };
    const curve = makeLightCurve(events, { binSec: 10 });
    expect(Array.from(curve.exposureSec)).toEqual([5, 5, 5]);
    expect(Array.from(curve.counts)).toEqual([1, 0, 1]);
  });

  it("has the rate of a constant source within Poisson errors whatever the gaps", () => {
    const rng = new Rng(3);
    const times: number[] = [];
    for (let t = 0; t < 20_000; t += -Math.log(1 - rng.uniform()) / 2) times.push(t);
    const good: [number, number][] = Array.from({ length: 40 }, (_, i) => [i * 500, i * 500 + 137]);
    const curve = makeLightCurve(
      photons(
        times,
        times.map(() => 1),
        good,
      ),
      { binSec: 111 },
    );
    let chi2 = 0;
    let bins = 0;
    for (let i = 0; i < curve.length; i++) {
      const expected = 2 * (curve.exposureSec[i] as number);
      if (expected < 10) continue;
      chi2 += ((curve.counts[i] as number) - expected) ** 2 / expected;
      bins++;
    }
    expect(bins).toBeGreaterThan(40);
    // χ² of about 80 bins: 5σ is sqrt(2·bins)·5
    expect(Math.abs(chi2 - bins)).toBeLessThan(5 * Math.sqrt(2 * bins));
  });

  it("is empty without good time and rejects bins that are none", () => {
    expect(makeLightCurve(photons([], [], []), { binSec: 1 }).length).toBe(0);
    expect(() => makeLightCurve(photons([], [], [[0, 1]]), { binSec: 0 })).toThrow(/binSec must be a positive number/);
    expect(() => makeLightCurve(photons([], [], [[0, 1e9]]), { binSec: 1e-3 })).toThrow(/at most 50000000 bins/);
  });

  it("shows itself with escaped name, units and shaded gaps", () => {
    const curve = makeLightCurve(
      photons(
        [1, 2],
        [1, 1],
        [
          [0, 10],
          [20, 30],
        ],
      ),
      { binSec: 5 },
    );
    const html = curve[DISPLAY]()["text/html"] as string;
    expect(html).toContain("&lt;b&gt;x&lt;/b&gt;");
    expect(html).not.toContain("<b>x");
    expect(html).toContain("counts/s");
    expect(html).toContain("not observed");
    expect(html).toContain("Gehrels 1986, exact");
  });
});

describe("hardness", () => {
  // scipy 1.16: 2·beta.ppf(q, h + ½, s + ½) − 1
  const scipy: [number, number, number, number][] = [
    [0, 0, -0.878334091954099, 0.8783340919540992],
    [1, 28, 0.827483221880907, 0.9712023015406739],
    [23, 103, 0.5612265958837406, 0.6985813930408251],
    [1000, 300, -0.5614118902725539, -0.5146831511870572],
  ];
  it.each(scipy)("limits of %i soft and %i hard counts are beta quantiles", (soft, hard, low, high) => {
    const ratio = hardnessOfCounts(soft, hard);
    expect(ratio.low).toBeCloseTo(low, 10);
    expect(ratio.high).toBeCloseTo(high, 10);
    expect(ratio.ratio).toBe(soft + hard === 0 ? Number.NaN : (hard - soft) / (hard + soft));
  });

  it("counts bands half-open and ranges of time by their edges", () => {
    const events = photons([0, 1, 2, 3, 10], [0.5, 2, 6.9, 7, 1], [[0, 20]]);
    expect(hardnessRatio(events)).toMatchObject({ softCounts: 2, hardCounts: 2 });
    const [first, second] = hardnessEvolution(events, [0, 2, 10]);
    expect([first?.softCounts, first?.hardCounts, second?.softCounts, second?.hardCounts]).toEqual([1, 1, 0, 1]);
    expect(hardnessRatio(events, { soft: "s", hard: "m" })).toMatchObject({ softCounts: 2, hardCounts: 0 });
  });

  it("covers the true ratio in 68 % of simulated sources", () => {
    const rng = new Rng(11);
    const poisson = (mean: number) => {
      let n = 0;
      for (let p = rng.uniform(); p > Math.exp(-mean); p *= rng.uniform()) n++;
      return n;
    };
    let covered = 0;
    for (let i = 0; i < 2000; i++) {
      const { low, high } = hardnessOfCounts(poisson(20), poisson(30));
      if (low <= 0.2 && high >= 0.2) covered++;
    }
    // binomial error 1 %; discreteness moves coverage by 1–2 %
    expect(covered / 2000).toBeGreaterThan(0.64);
    expect(covered / 2000).toBeLessThan(0.73);
  });
});

describe("energy–time map and cube", () => {
  it("bin as a histogram with closed last bins", () => {
    const events = photons([0, 5, 10], [0.5, 7, 2], [[0, 10]]);
    const map = energyTimeMap(events, { timeBins: 2, energyBins: 2 });
    expect(map.shape).toEqual([2, 2]);
    expect(Array.from(map.data)).toEqual([1, 0, 0, 2]);
    expect(Array.from(map.timeMarginal)).toEqual([1, 2]);
    expect(map.energyEdgesKeV[1]).toBeCloseTo(Math.sqrt(3.5), 12);
    expect(energyTimeCube(events).data.reduce((a, b) => a + b)).toBe(2);
  });

  it("are empty without photons and stand for simultaneous ones", () => {
    expect(energyTimeMap(photons([], [], [])).data.every((count) => count === 0)).toBe(true);
    expect(energyTimeMap(photons([3, 3], [1, 1], [[0, 5]])).timeMarginal[0]).toBe(2);
  });
});
