import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readEvents, readRegion } from "../../../src/events/index.ts";
import { readFits } from "../../../src/fits/index.ts";
import { DISPLAY } from "../../../src/host/index.ts";
import { Rng } from "../../../src/random/index.ts";
import { gregoryLoredo, gregoryLoredoOfTimes, uniformityOfPhases } from "../../../src/timing/index.ts";
import { sharedData } from "../../shared-data.ts";
import { deviation, peers, photonsAt } from "./peers.ts";

/** The test on fractions of a good time without gaps. */
const testPhases = (phase: Float64Array, exposureSec: number) => {
  const gti = { startSec: Float64Array.of(0), stopSec: Float64Array.of(exposureSec) };
  return gregoryLoredoOfTimes(
    phase.map((u) => u * exposureSec),
    gti,
  );
};
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
    expect(testPhases(phase, 1000).logOdds).toBeCloseTo(naiveLogOdds(phase, 20), 10);
  });

  it("keeps constant sources below index 3 nearly always and their light curve flat", () => {
    const tests = Array.from({ length: 200 }, (_, seed) => testPhases(uniformPhases(100, seed), 20_000));
    // False alarms at P > 0.9 are a few per cent at most.
    expect(tests.filter(({ index }) => index > 2).length).toBeLessThanOrEqual(8);
    expect(tests[0]!.statistics.mean / (100 / 20_000)).toBeCloseTo(1, 3);
    // Two halves of 100 counts differ by 10 % by chance, and the constant model weighs more than half.
    const ratios = tests.map(({ statistics: { sigma, mean } }) => sigma / mean).sort((a, b) => a - b);
    expect(ratios[100]!).toBeLessThan(0.1);
  });

  it("finds a flare", () => {
    const phase = Float64Array.from([
      ...uniformPhases(50, 1),
      ...uniformPhases(60, 2).map((u) => 0.4 + 0.02 * u),
    ]).sort();
    const test = testPhases(phase, 20_000);
    expect(test.index).toBe(10);
    expect(test.statistics.max / test.statistics.mean).toBeGreaterThan(15);
  });

  it("says 0.5 without events", () => {
    const test = testPhases(new Float64Array(0), 20_000);
    expect(test.probability).toBeCloseTo(0.5, 12);
    expect(test.index).toBe(0);
    expect(test.statistics.mean).toBeNaN();
  });

  const folder = sharedData("events", "chandra_23022_xrt200515");
  it("does not take gaps for variability, and sees through them", () => {
    const good = [
      [0, 4000],
      [11_000, 20_000],
    ];
    const rng = new Rng(4);
    const draw = (n: number, from: number, to: number) =>
      Array.from({ length: n }, () => from + (to - from) * rng.uniform());
    const constant = [...draw(80, 0, 4000), ...draw(180, 11_000, 20_000)];
    const steady = gregoryLoredo(photonsAt(constant, good));
    expect(steady.index).toBeLessThanOrEqual(2);
    const gapless = gregoryLoredo(photonsAt(constant, [[0, 20_000]]));
    expect(gapless.index).toBeGreaterThanOrEqual(8);
    const flare = gregoryLoredo(photonsAt([...constant, ...draw(90, 15_000, 15_300)], good));
    expect(flare.index).toBe(10);
    expect(flare[DISPLAY]()["text/html"]).toContain("not observed");
  });

  it("gives XRT 200515 the catalogue's index 10 at log odds of 185–189", () => {
    const read = (name: string) => readFits(gunzipSync(readFileSync(`${folder}/${name}`)), { name });
    const region = readRegion(read("acisf23022_000N020_r0122_reg3.fits.gz"), { hdu: 1 });
    const events = readEvents(read("acisf23022_000N027_r0122_regevt3.fits.gz")).filter({ region, energyKeV: [0.5, 7] });
    const test = gregoryLoredo(events);
    expect(test.index).toBe(10);
    expect(test.logOdds).toBeGreaterThan(185);
    expect(test.logOdds).toBeLessThan(189);
  });
});

describe("uniformityTests()", () => {
  it("gives uniform chances for uniform times", () => {
    const chances = Array.from({ length: 400 }, (_, seed) => uniformityOfPhases(uniformPhases(60, seed)));
    for (const key of ["ksPValue", "kuiperPValue"] as const) {
      const below = chances.filter((chance) => chance[key] < 0.5).length;
      // Binomial, 400 trials: 200 ± 10; four standard deviations.
      expect(Math.abs(below - 200)).toBeLessThan(40);
      expect(chances.filter((chance) => chance[key] < 0.01).length).toBeLessThan(14);
    }
  });

  it("sees a drift, and nothing without events", () => {
    expect(uniformityOfPhases(uniformPhases(100, 3).map((u) => u ** 2)).ksPValue).toBeLessThan(0.001);
    expect(uniformityOfPhases(new Float64Array(0)).ksPValue).toBeNaN();
  });

  it("has scipy's and astropy's statistics exactly, chances to 0.003", () => {
    const { phase, ks, ksP, kuiper, kuiperP } = peers.uniformity;
    const found = uniformityOfPhases(Float64Array.from(phase));
    expect(deviation([found.ks, found.kuiper], [ks, kuiper])).toBeLessThan(1e-12);
    expect(Math.abs(found.ksPValue - ksP)).toBeLessThan(0.003);
    expect(Math.abs(found.kuiperPValue - kuiperP)).toBeLessThan(0.003);
  });
});
