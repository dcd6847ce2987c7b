import { describe, expect, it } from "vitest";
import { Rng } from "../../../src/random/index.ts";
import { BANDS, effectiveArea } from "../../../src/sky/instrument.ts";
import { fitSpectra } from "../../../src/sky/spectral-fit.ts";
import {
  absorptionCrossSection,
  areaOnGrid,
  bandFractions,
  countSpectrum,
  EnergySampler,
  normalCdf,
  photonSpectrum,
} from "../../../src/sky/spectrum.ts";

const area = areaOnGrid({ year: 2012, thetaArcmin: 3 });

describe("bandFractions()", () => {
  it.each([
    ["power law", { shape: "powerlaw", gamma: 1.8, nH: 1e21 }],
    ["supersoft source", { shape: "blackbody", kT: 0.09, nH: 3e20 }],
    ["plasma", { shape: "plasma", kT: 0.8, nH: 5e20 }],
  ] as const)("says what the sampler does with a %s", (_, spectrum) => {
    const counts = countSpectrum(photonSpectrum(spectrum), area);
    const fractions = bandFractions(counts);
    const [sampler, rng, n] = [new EnergySampler(counts), new Rng(2), 40_000];
    const energies = Array.from({ length: n }, () => sampler.draw(rng));
    for (const band of ["s", "m", "h", "b"] as const) {
      const [low, high] = BANDS[band];
      const expected = fractions[band] / fractions.file;
      const found = energies.filter((energy) => energy >= low && energy < high).length / n;
      // Binomial, 4 standard deviations, and the grid's step at the band edge.
      expect(Math.abs(found - expected)).toBeLessThan(4 * Math.sqrt((expected * (1 - expected)) / n) + 1e-3);
    }
    expect(fractions.s + fractions.m + fractions.h).toBeCloseTo(1, 9);
  });
});

describe("absorptionCrossSection()", () => {
  it("stays within 25 % of Morrison & McCammon 1983", () => {
    const published = [
      [0.6, (95.5 + 145.8 * 0.6 - 61.1 * 0.36) / 0.216],
      [1, 120.6 + 169.3 - 47.7],
      [2, (202.7 + 104.7 * 2 - 17 * 4) / 8],
      [5, (433.9 - 2.4 * 5 + 0.75 * 25) / 125],
    ];
    for (const [energy, sigma] of published) {
      expect(absorptionCrossSection(energy!) / (sigma! * 1e-24)).toBeGreaterThan(0.75);
      expect(absorptionCrossSection(energy!) / (sigma! * 1e-24)).toBeLessThan(1.25);
    }
  });
});

describe("effectiveArea()", () => {
  it("loses soft photons over the years and hard ones to the mirror", () => {
    const at = (energy: number, year: number) => effectiveArea(energy, { year, thetaArcmin: 0 });
    expect(at(0.6, 2022) / at(0.6, 2002)).toBeLessThan(0.4);
    expect(at(4, 2022) / at(4, 2002)).toBeGreaterThan(0.97);
    expect(at(1.5, 2002)).toBeGreaterThan(600);
    expect(at(8, 2002)).toBeLessThan(60);
  });
});

describe("normalCdf()", () => {
  it("agrees with tabulated values", () => {
    expect(normalCdf(0)).toBe(0.5);
    expect(normalCdf(1)).toBeCloseTo(0.8413447460685429, 14);
    expect(normalCdf(-3)).toBeCloseTo(0.0013498980316300933, 14);
    expect(normalCdf(8)).toBe(1);
  });
});

describe("fitSpectra()", () => {
  it("finds the parameters that photons were drawn with", () => {
    const draw = (spectrum: Parameters<typeof photonSpectrum>[0]) => {
      const [sampler, rng] = [new EnergySampler(countSpectrum(photonSpectrum(spectrum), area)), new Rng(4)];
      return Float32Array.from({ length: 3000 }, () => sampler.draw(rng));
    };
    const agn = fitSpectra(draw({ shape: "powerlaw", gamma: 1.8, nH: 1e21 }), { area, background: 0.01 });
    // 3000 photons give Γ to 0.06 with a free column; three of that.
    expect(Math.abs(agn.gamma.value - 1.8)).toBeLessThan(0.18);
    expect(agn.gamma.low).toBeLessThanOrEqual(agn.gamma.value);
    expect(agn.gamma.high).toBeGreaterThanOrEqual(agn.gamma.value);
    const soft = fitSpectra(draw({ shape: "blackbody", kT: 0.1, nH: 3e20 }), { area, background: 0.01 });
    expect(Math.abs(soft.kT.value - 0.1)).toBeLessThan(0.015);
  });
});
