import { describe, expect, it } from "vitest";
import { DISPLAY } from "../../../src/host/index.ts";
import { Rng } from "../../../src/random/index.ts";
import {
  epochFoldingSearch,
  hTestSearch,
  lombScargle,
  makeLightCurve,
  periodWarnings,
  pulseProfile,
  type TimedPhotons,
  windowPower,
  zSquaredSearch,
} from "../../../src/timing/index.ts";
import { chiSquareTail } from "../../../src/timing/special.ts";
import { deviation, peers, photonsAt } from "./peers.ts";

/** Options that search exactly the given even frequencies. */
function exactly(frequency: number[], spanSec: number) {
  const step = (frequency.at(-1)! - frequency[0]!) / (frequency.length - 1);
  return { minHz: frequency[0]!, maxHz: frequency.at(-1)!, oversample: 1 / (step * spanSec) };
}

describe("lombScargle()", () => {
  const { t, y, dy, frequency, cases, fapShare } = peers.lombScargle;
  const spanSec = Math.max(...t) - Math.min(...t);

  it("has astropy's power and false alarms to 1e-9, in every normalization", () => {
    expect(cases).toHaveLength(16);
    for (const { normalization, errors, fitMean, power, peak, fap } of cases) {
      const series = { timeSec: t, value: y, ...(errors ? { error: dy } : {}) };
      const found = lombScargle(series, { ...exactly(frequency, spanSec), normalization, fitMean });
      expect(deviation(found.frequencyHz, frequency)).toBeLessThan(1e-12);
      expect(deviation(found.power, power)).toBeLessThan(1e-9);
      if (!fap) continue;
      for (const method of ["single", "naive", "davies", "baluev"] as const) {
        expect(deviation([found.falseAlarm(peak * fapShare, method)], [fap[method]]), method).toBeLessThan(1e-9);
      }
    }
  });

  it("finds the period of a light curve with gaps, and shows it", () => {
    const rng = new Rng(2);
    const times = Array.from({ length: 40_000 }, () => 20_000 * rng.uniform()).filter(
      (time) => rng.uniform() < 0.5 + 0.3 * Math.sin((2 * Math.PI * time) / 432),
    );
    const photons = photonsAt(times, [
      [0, 7000],
      [9000, 20_000],
    ]);
    const found = lombScargle(makeLightCurve(photons, { binSec: 20, band: "all" }));
    expect(Math.abs(found.best.periodSec / 432 - 1)).toBeLessThan(0.005);
    expect(found.best.falseAlarm).toBeLessThan(1e-6);
    expect(found[DISPLAY]()["text/html"]).toContain("<svg");
  });

  it("rejects too few values and errors that are not positive", () => {
    expect(() => lombScargle({ timeSec: [1, 2], value: [1, 2] })).toThrow(/at least 4 values.*number is 2/);
    const series = { timeSec: [1, 2, 3, 4], value: [1, 2, 3, 4], error: [1, 0, 1, 1] };
    expect(() => lombScargle(series)).toThrow(/value 1 is 0/);
  });
});

describe("period searches", () => {
  const { times, frequency, z2, htest, ef, fold, gti, exposure } = peers.pulsar;
  const whole = photonsAt(times, [[0, 400]]);
  const options = { ...exactly(frequency, 400), band: "all" as const };

  it.each([1, 2, 5])("zSquaredSearch() has Stingray's Z² with %i harmonics to 1e-9", (harmonics) => {
    const found = zSquaredSearch(whole, { ...options, harmonics });
    expect(deviation(found.values, z2[harmonics])).toBeLessThan(1e-9);
  });

  it("hTestSearch() has Stingray's H to 1e-9", () => {
    expect(htest[0]).toHaveLength(2);
    const found = hTestSearch(whole, options);
    // Stingray gives [M, H], as its documentation says
    expect(
      deviation(
        found.values,
        htest.map((pair: number[]) => pair[1]),
      ),
    ).toBeLessThan(1e-9);
  });

  it("epochFoldingSearch() has Stingray's statistic, to the part of a cycle that is left over", () => {
    // Stingray expects the same of every phase. With whole cycles so do we; else exposures differ by up to 1 in 480
    const found = epochFoldingSearch(whole, options);
    expect(deviation(found.values, ef)).toBeLessThan(0.1);
    const even = epochFoldingSearch(whole, { ...options, minHz: 1.2, maxHz: 1.2 });
    expect(deviation(even.values, [ef[0]])).toBeLessThan(1e-9);
  });

  it("has Stingray's exposure per phase bin to 1e-9", () => {
    gti.forEach(([start, stop]: number[], i: number) => {
      const one = pulseProfile(photonsAt([], [[start!, stop!]]), { periodSec: 1 / 0.01711, originSec: 0, band: "all" });
      const shares = one.exposureSec.map((value) => value / (stop! - start!));
      const theirs = exposure[i].map((value: number) => value / (stop! - start!));
      const scale = shares.reduce((x, y) => x + y) / theirs.reduce((x: number, y: number) => x + y);
      expect(
        deviation(
          shares,
          theirs.map((value: number) => value * scale),
        ),
      ).toBeLessThan(1e-9);
    });
  });

  it("pulseProfile() has Stingray's counts, and even exposure over whole cycles", () => {
    const profile = pulseProfile(whole, { periodSec: 1 / 1.2345, band: "all" });
    expect(Array.from(profile.counts)).toEqual(fold[0]);
    expect(profile.exposureSec.reduce((a, b) => a + b)).toBeCloseTo(400, 9);
    expect(profile.pulsedFraction).toBeGreaterThan(0.5);
    expect(profile[DISPLAY]()["text/html"]).toContain("two cycles");
  });

  it("epoch folding takes no window for a signal, Z² does", () => {
    const rng = new Rng(12);
    // Exposed for the first half of each 1000 s
    const good = Array.from({ length: 20 }, (_, i) => [1000 * i, 1000 * i + 500]);
    const constant = good.flatMap(([start]) => Array.from({ length: 50 }, () => start! + 500 * rng.uniform()));
    const photons = photonsAt(constant, good);
    const at = { minHz: 0.001, maxHz: 0.001 };
    const folded = epochFoldingSearch(photons, at);
    expect(folded.pValue(folded.values[0]!)).toBeGreaterThan(0.001);
    expect(zSquaredSearch(photons, at).values[0]).toBeGreaterThan(500);
    expect(windowPower(photons.gti, 0.001)).toBeCloseTo((2 / Math.PI) ** 2, 9);
    expect(periodWarnings(photons, 1000).map(({ cause }) => cause)).toContain("window");
  });

  it("gives frequencies with errors that hold", () => {
    const pulls: number[] = [];
    for (let seed = 0; seed < 60; seed++) {
      const rng = new Rng(seed, 44);
      const drawn = Array.from({ length: 3000 }, () => 1000 * rng.uniform()).filter(
        (time) => rng.uniform() < 0.5 * (1 + 0.5 * Math.cos(2 * Math.PI * 0.07 * time)),
      );
      const { best } = zSquaredSearch(photonsAt(drawn, [[0, 1000]]), { harmonics: 1, minHz: 0.06, maxHz: 0.08 });
      pulls.push((best.frequencyHz - 0.07) / best.frequencyErrHz);
    }
    const rms = Math.sqrt(pulls.reduce((sum, pull) => sum + pull * pull, 0) / pulls.length);
    // √(1/120) = 0.09 is the scatter of the rms of 60 standard normal pulls
    expect(rms).toBeGreaterThan(0.72);
    expect(rms).toBeLessThan(1.28);
  });

  it.each([
    ["Z²₁", (photons: TimedPhotons) => zSquaredSearch(photons, { harmonics: 1, minHz: 0.1, maxHz: 0.2 })],
    ["Z²₃", (photons: TimedPhotons) => zSquaredSearch(photons, { harmonics: 3, minHz: 0.1, maxHz: 0.2 })],
    ["H", (photons: TimedPhotons) => hTestSearch(photons, { minHz: 0.1, maxHz: 0.2 })],
    ["χ²", (photons: TimedPhotons) => epochFoldingSearch(photons, { bins: 8, minHz: 0.1, maxHz: 0.2 })],
  ] as const)("has false alarms of %s at the stated rate or fewer", (_, search) => {
    let found = 0;
    for (let seed = 0; seed < 200; seed++) {
      const rng = new Rng(seed, 45);
      const drawn = Array.from({ length: 200 }, () => 1000 * rng.uniform());
      if (search(photonsAt(drawn, [[0, 1000]])).best.pValue < 0.1) found++;
    }
    // 20 ± 4.2; the bound may be too high by half, the grid misses some peaks
    expect(found).toBeGreaterThan(4);
    expect(found).toBeLessThan(34);
  });

  it("chiSquareTail() has scipy's chances", () => {
    for (const [n, z, p] of peers.pulsar.z2_p)
      expect(deviation([chiSquareTail(z, 2 * n) / p], [1])).toBeLessThan(1e-10);
  });

  it("uses only the good time", () => {
    const found = zSquaredSearch(photonsAt(times, gti), { ...options, minHz: 1.2345, maxHz: 1.2345 });
    expect(found.best.frequencyHz).toBeCloseTo(1.2345, 3);
    expect(found[DISPLAY]()["text/plain"]).toContain("Z²₂");
  });
});

describe("periodWarnings()", () => {
  const chandra = {
    ...photonsAt([], [[0, 50_000]]),
    meta: { telescope: "CHANDRA", instrument: "ACIS" },
    frameTimeSec: 3.2,
  };
  const causes = (period: number) => periodWarnings(chandra, period).map(({ cause }) => cause);

  it("knows the dither of ACIS and HRC with harmonics, the frame time and long periods", () => {
    expect(causes(707)).toEqual(["dither"]);
    expect(causes(500)).toEqual(["dither"]);
    expect(causes(1415)).toEqual(["dither"]);
    expect(causes(5)).toEqual(["frame"]);
    expect(causes(20_000)).toEqual(["few cycles"]);
    expect(causes(432)).toEqual([]);
    const hrc = { ...chandra, meta: { telescope: "CHANDRA", instrument: "HRC-I" } };
    expect(periodWarnings(hrc, 1087)[0]?.message).toContain("1087 s");
  });

  it("takes an orbit for no reason to doubt a pulsar", () => {
    const nicer = { ...photonsAt([], [[0, 1000]]), meta: { telescope: "NICER" } };
    expect(periodWarnings(nicer, 10.417)).toEqual([]);
  });

  it("knows orbits around the Earth", () => {
    const nicer = { ...photonsAt([], [[0, 200_000]]), meta: { telescope: "NICER" } };
    expect(periodWarnings(nicer, 5570).map(({ cause }) => cause)).toEqual(["orbit"]);
  });
});

describe("a search in the times of CCD frames", () => {
  /** A constant source as a CCD of 3.24 s frames records it. */
  const framed = (seed: number, frameTimeSec: number) => {
    const rng = new Rng(seed, 70);
    const times = Array.from({ length: 200 }, () => Math.floor((30_000 * rng.uniform()) / 3.24) * 3.24 + 1.62);
    return { ...photonsAt(times, [[0, 30_000]]), frameTimeSec };
  };

  it("finds no period at multiples of the frame time", () => {
    for (const search of [hTestSearch, zSquaredSearch, epochFoldingSearch]) {
      const options = { minHz: 0.05, maxHz: 0.15 };
      const chances = [1, 2, 3].map((seed) => search(framed(seed, 3.24), options).best.pValue);
      expect(Math.min(...chances)).toBeGreaterThan(1e-3);
    }
    // As it is without: three frames to the cycle, its third harmonic on the frames' clock
    expect(hTestSearch(framed(1, 0), { minHz: 0.05, maxHz: 0.15 }).best.pValue).toBeLessThan(1e-30);
  });

  it("is the same for the same seed, and leaves other times as they are", () => {
    const options = { minHz: 0.05, maxHz: 0.06 };
    const values = (seed: number) => zSquaredSearch(framed(1, 3.24), { ...options, seed }).values;
    expect(values(1)).toEqual(values(1));
    expect(values(2)).not.toEqual(values(1));
    const even = photonsAt(
      Array.from({ length: 300 }, (_, i) => 100 * i + ((i * i * 0.618) % 70)),
      [[0, 30_000]],
    );
    expect(zSquaredSearch({ ...even, frameTimeSec: 3.24 }, options).values).toEqual(
      zSquaredSearch(even, options).values,
    );
  });
});

describe("a search without a peak", () => {
  it("says so where the highest value is at the edge", () => {
    const falling = photonsAt(
      Array.from({ length: 200 }, (_, i) => 1000 * (i / 200) ** 3),
      [[0, 1000]],
    );
    const { best } = zSquaredSearch(falling, { minHz: 0.0014, maxHz: 0.05 });
    expect(best.frequencyHz).toBe(0.0014);
    expect(best.warnings.map(({ cause }) => cause)).toContain("edge");
  });

  it("is refused where there are no photons", () => {
    expect(() => hTestSearch(photonsAt([], [[0, 1000]]))).toThrow(/must be photons in the band and the good time/);
  });
});
