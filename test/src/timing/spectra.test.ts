import { describe, expect, it } from "vitest";
import { makeGti } from "../../../src/gti/index.ts";
import { DISPLAY } from "../../../src/host/index.ts";
import { planDft, transformReal } from "../../../src/linalg/index.ts";
import { Rng } from "../../../src/random/index.ts";
import {
  constancy,
  crossSpectrum,
  excessVariance,
  LightCurve,
  makeLightCurve,
  powerSpectrum,
} from "../../../src/timing/index.ts";
import { deviation, peers, photonsAt } from "./peers.ts";

/** A light curve of given counts, fully exposed or on good time. */
function curveOf(counts: number[], binSec: number, good?: number[][]): LightCurve {
  const gti = good
    ? makeGti(
        good.map(([a]) => a!),
        good.map(([, b]) => b!),
      )
    : makeGti([0], [counts.length * binSec]);
  const empty = makeLightCurve(photonsAt([], good ?? [[0, counts.length * binSec]]), {
    binSec,
    startSec: 0,
    stopSec: counts.length * binSec,
    band: "all",
  });
  return new LightCurve({ ...empty, counts: Uint32Array.from(counts), gti });
}

describe("transformReal()", () => {
  it.each([1, 2, 7, 12, 30, 64, 97])("is the sum it says, for %i values", (size) => {
    const rng = new Rng(size);
    const series = Float64Array.from({ length: size }, () => rng.normal());
    const { re, im } = transformReal(series, planDft(size));
    for (let k = 0; k < size; k++) {
      const angle = (j: number) => (-2 * Math.PI * ((j * k) % size)) / size;
      expect(re[k]).toBeCloseTo(
        series.reduce((sum, x, j) => sum + x * Math.cos(angle(j)), 0),
        10,
      );
      expect(im[k]).toBeCloseTo(
        series.reduce((sum, x, j) => sum + x * Math.sin(angle(j)), 0),
        10,
      );
    }
  });
});

describe("powerSpectrum() and crossSpectrum()", () => {
  const { dt, segment, freq, counts, counts2, power, cross, lag, coherence } = peers.spectra;
  const one = curveOf(counts, dt, peers.pulsar.gti);
  const two = curveOf(counts2, dt, peers.pulsar.gti);

  it.each(["leahy", "frac", "abs", "none"] as const)("have Stingray's %s powers to 1e-10", (norm) => {
    const found = powerSpectrum(one, { segmentSec: segment, norm });
    expect(found.nSegments).toBe(power[norm].m);
    expect(deviation(found.frequencyHz, freq)).toBeLessThan(1e-12);
    const scale = Math.max(...power[norm].power);
    const relative = (values: ArrayLike<number>) => Float64Array.from(values, (value) => value / scale);
    expect(deviation(relative(found.power), relative(power[norm].power))).toBeLessThan(1e-10);
    expect(deviation(relative(found.powerErr), relative(power[norm].err))).toBeLessThan(1e-10);
    const both = crossSpectrum(one, two, { segmentSec: segment, norm });
    expect(deviation(relative(both.re), relative(cross[norm].real))).toBeLessThan(1e-10);
    expect(deviation(relative(both.im), relative(cross[norm].imag))).toBeLessThan(1e-10);
  });

  it("have Stingray's lags and its coherence before the bias is taken off, to 1e-9", () => {
    const found = crossSpectrum(one, two, { segmentSec: segment });
    expect(deviation(found.timeLagSec, lag)).toBeLessThan(1e-9);
    expect(deviation(found.coherence, coherence)).toBeLessThan(1e-9);
    expect(found[DISPLAY]()["text/html"]).toContain("time lags");
  });

  it("find a delay", () => {
    const rng = new Rng(20);
    const shared = Array.from({ length: 4096 }, () => 20 + 15 * rng.uniform());
    const early = shared.map((rate) => rng.poisson(3 * rate));
    const late = shared.map((_, i) => rng.poisson(3 * (shared[i - 3] ?? 20)));
    const found = crossSpectrum(curveOf(late, 1), curveOf(early, 1), { segmentSec: 128 });
    const low = found.timeLagSec.subarray(0, 10);
    const errors = found.timeLagErrSec;
    for (const [k, value] of low.entries()) expect(Math.abs(value - 3) / errors[k]!).toBeLessThan(5);
  });

  it("have Leahy power 2 for Poisson noise, also rebinned", () => {
    const rng = new Rng(21);
    const noise = powerSpectrum(
      curveOf(
        Array.from({ length: 20_000 }, () => rng.poisson(5)),
        1,
      ),
      {
        segmentSec: 200,
        norm: "leahy",
      },
    );
    const mean = noise.power.reduce((a, b) => a + b) / noise.power.length;
    // 9900 values of mean and standard deviation 2
    expect(Math.abs(mean - 2)).toBeLessThan(0.08);
    expect(noise.noise).toBeCloseTo(2, 12);
    const rebinned = noise.rebin(0.5);
    expect(rebinned.averaged.reduce((a, b) => a + b)).toBeCloseTo(9900, 6);
    expect(rebinned.power.length).toBeLessThan(20);
    expect(rebinned[DISPLAY]()["text/plain"]).toContain("100 segments");
  });

  it("reject uneven bins and segments that do not fit", () => {
    expect(() => powerSpectrum(one, { segmentSec: 200 })).toThrow(/fit between gaps.*1600 bins, the longest.*1030/);
    expect(() => crossSpectrum(one, curveOf([1, 2, 3], 1))).toThrow(/the same bins/);
  });
});

describe("excessVariance()", () => {
  it("has Stingray's values, but for the variance of the sample instead of the population's", () => {
    const { counts, normalised, fvar } = peers.variance;
    const found = excessVariance(curveOf(counts, 10));
    const mean = counts.reduce((a: number, b: number) => a + b) / 60;
    const square = counts.reduce((sum: number, n: number) => sum + (n - mean) ** 2, 0) / 59;
    expect(found.normalised - square / (60 * mean ** 2)).toBeCloseTo(normalised[0], 12);
    expect(Math.abs(found.normalisedErr / normalised[1] - 1)).toBeLessThan(0.02);
    expect(Math.abs(found.fvarErr / fvar[1] - 1)).toBeLessThan(0.02);
    expect(found.fvar).toBeCloseTo(Math.sqrt(found.normalised), 12);
    expect(found[DISPLAY]()["text/plain"]).toContain("Fvar");
  });
});

describe("constancy()", () => {
  it("has scipy's chances, and the exact mean and variance of C", () => {
    const { counts, chi2, chi2P, cash, expected, variance } = peers.constancy;
    const found = constancy(curveOf(counts, 5));
    expect(deviation([found.chi2, found.chi2PValue, found.cash], [chi2, chi2P, cash])).toBeLessThan(1e-10);
    expect(deviation([found.cashExpected, found.cashVariance], [expected, variance])).toBeLessThan(1e-9);
    expect(found[DISPLAY]()["text/plain"]).toContain("39 degrees");
  });

  it("sees a flare and rejects an empty curve", () => {
    expect(constancy(curveOf([3, 2, 4, 30, 3, 2], 5)).cashPValue).toBeLessThan(1e-6);
    expect(() => constancy(curveOf([0, 0, 0], 5))).toThrow(/there are 0 in 3/);
  });
});
