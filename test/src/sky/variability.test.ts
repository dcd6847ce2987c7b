import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readEvents, readRegion } from "../../../src/events/index.ts";
import { readFits } from "../../../src/fits/index.ts";
import { Rng } from "../../../src/random/index.ts";
import { gregoryLoredo } from "../../../src/sky/gregory-loredo.ts";
import { uniformityTests } from "../../../src/sky/uniformity.ts";
import { sharedData } from "../../shared-data.ts";

const uniformPhases = (n: number, seed: number) => {
  const rng = new Rng(seed);
  return Float64Array.from({ length: n }, () => rng.uniform()).sort();
};

/** The odds straight from the formula, bin by bin, for few bins. */
function naiveLogOdds(phase: Float64Array, mTop: number): number {
  const n = phase.length;
  const lnGamma = (k: number) =>
    Array.from({ length: Math.max(0, k - 1) }, (_, i) => Math.log(i + 1)).reduce((a, b) => a + b, 0);
  const odds: number[] = [];
  for (let m = 2; m <= mTop; m++) {
    const counts = Array.from({ length: m }, (_, j) => phase.filter((u) => Math.floor(u * m) === j).length);
    const lnO =
      lnGamma(m) - lnGamma(n + m) + n * Math.log(m) + counts.reduce((sum, count) => sum + lnGamma(count + 1), 0);
    odds.push(Math.exp(lnO));
  }
  const s = odds.map((_, i) => odds.slice(0, i + 1).reduce((a, b) => a + b) / (i + 1));
  const best = Math.max(...s);
  return Math.log10(s.filter((value) => value > best / Math.sqrt(Math.E)).at(-1)!);
}

describe("gregoryLoredo()", () => {
  it("agrees with the formula evaluated bin by bin", () => {
    const phase = uniformPhases(40, 7).map((u) => u ** 2);
    expect(gregoryLoredo(phase, 1000).logOdds).toBeCloseTo(naiveLogOdds(phase, 20), 10);
  });

  it("keeps constant sources below index 3 nearly always and their light curve flat", () => {
    const tests = Array.from({ length: 200 }, (_, seed) => gregoryLoredo(uniformPhases(100, seed), 20_000));
    // False alarms at P > 0.9 are a few per cent at most.
    expect(tests.filter(({ index }) => index > 2).length).toBeLessThanOrEqual(8);
    expect(tests[0]!.mean / (100 / 20_000)).toBeCloseTo(1, 4);
    // Two halves of 100 counts differ by 10 % by chance, and the constant model weighs more than half.
    const ratios = tests.map(({ sigma, mean }) => sigma / mean).sort((a, b) => a - b);
    expect(ratios[100]!).toBeLessThan(0.1);
  });

  it("finds a flare", () => {
    const phase = Float64Array.from([
      ...uniformPhases(50, 1),
      ...uniformPhases(60, 2).map((u) => 0.4 + 0.02 * u),
    ]).sort();
    const test = gregoryLoredo(phase, 20_000);
    expect(test.index).toBe(10);
    expect(test.max / test.mean).toBeGreaterThan(15);
  });

  it("says 0.5 without events", () => {
    const test = gregoryLoredo(new Float64Array(0), 20_000);
    expect(test.probability).toBeCloseTo(0.5, 12);
    expect(test.index).toBe(0);
    expect(test.mean).toBeNaN();
  });

  const folder = sharedData("events", "chandra_23022_xrt200515");
  it.skipIf(!existsSync(folder))("gives XRT 200515 the catalogue's index 10 at log odds of 185–189", () => {
    const read = (name: string) => readFits(gunzipSync(readFileSync(`${folder}/${name}`)), { name });
    const region = readRegion(read("acisf23022_000N020_r0122_reg3.fits.gz"), { hdu: 1 });
    const events = readEvents(read("acisf23022_000N027_r0122_regevt3.fits.gz")).filter({ region, energyKeV: [0.5, 7] });
    const [start, stop] = [events.gti.startSec[0]!, events.gti.stopSec.at(-1)!];
    const test = gregoryLoredo(
      events.timeSec.map((time) => (time - start) / (stop - start)),
      stop - start,
    );
    expect(test.index).toBe(10);
    expect(test.logOdds).toBeGreaterThan(185);
    expect(test.logOdds).toBeLessThan(189);
  });
});

describe("uniformityTests()", () => {
  it("gives uniform chances for uniform times", () => {
    const chances = Array.from({ length: 400 }, (_, seed) => uniformityTests(uniformPhases(60, seed)));
    for (const key of ["ks", "kuiper"] as const) {
      const below = chances.filter((chance) => chance[key] < 0.5).length;
      // Binomial, 400 trials: 200 ± 10; four standard deviations.
      expect(Math.abs(below - 200)).toBeLessThan(40);
      expect(chances.filter((chance) => chance[key] > 0.99).length).toBeLessThan(14);
    }
  });

  it("sees a drift, and nothing without events", () => {
    expect(uniformityTests(uniformPhases(100, 3).map((u) => u ** 2)).ks).toBeGreaterThan(0.999);
    expect(uniformityTests(new Float64Array(0)).ks).toBeNaN();
  });
});
