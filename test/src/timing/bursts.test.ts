import { describe, expect, it } from "vitest";
import { DISPLAY } from "../../../src/host/index.ts";
import { Rng } from "../../../src/random/index.ts";
import { findBursts } from "../../../src/timing/index.ts";
import { photonsAt } from "./peers.ts";

/** A source with eruptions of an hour every nine hours, jittered. */
function eruptions(seed: number, jitter: number, options: { quiet?: number; peak?: number } = {}) {
  const { quiet = 0.01, peak = 0.1 } = options;
  const rng = new Rng(seed, 50);
  const total = 140_000;
  const times: number[] = [];
  const add = (rate: number, from: number, to: number) => {
    for (let left = rng.poisson(rate * (to - from)); left > 0; left--) times.push(from + (to - from) * rng.uniform());
  };
  add(quiet, 0, total);
  const centres = [16_000, 48_400, 80_800, 113_200].map((time) => time + jitter * rng.normal());
  for (const centre of centres) add(peak, centre - 1800, centre + 1800);
  return { photons: photonsAt(times, [[0, total]]), centres };
}

describe("findBursts()", () => {
  it("finds the eruptions of simulated QPE sources, their times and their regularity", () => {
    for (let seed = 0; seed < 20; seed++) {
      const { photons, centres } = eruptions(seed, 600);
      const found = findBursts(photons);
      expect(found.length, `seed ${seed}`).toBe(4);
      found.bursts.forEach(({ meanSec, startSec, stopSec, excess, cut }, i) => {
        expect(Math.abs(meanSec - centres[i]!)).toBeLessThan(400);
        expect(Math.abs(stopSec - startSec - 3600)).toBeLessThan(900);
        // 360 ± 19
        expect(Math.abs(excess - 360)).toBeLessThan(100);
        expect(cut).toBe(false);
      });
      const { meanSec, scatter, pValue } = found.regularity;
      expect(Math.abs(meanSec - 32_400)).toBeLessThan(1500);
      expect(scatter).toBeLessThan(0.08);
      expect(pValue).toBeLessThan(0.03);
    }
  });

  it("finds none in constant sources, and no regularity in random flares", () => {
    let quiet = 0;
    for (let seed = 0; seed < 50; seed++) if (findBursts(eruptions(seed, 0, { peak: 0 }).photons).length === 0) quiet++;
    expect(quiet).toBeGreaterThanOrEqual(48);
    const pValues = Array.from(
      { length: 20 },
      (_, seed) => findBursts(eruptions(seed, 6000).photons).regularity.pValue,
    );
    expect(pValues.filter((p) => p > 0.05).length).toBeGreaterThan(8);
    const bursts = findBursts(eruptions(1, 600).photons);
    expect(bursts[DISPLAY]()["text/html"]).toContain("4 bursts");
    expect(bursts.quietRate).toBeCloseTo(0.01, 2);
  });

  it("marks bursts that the good time cuts", () => {
    const { photons, centres } = eruptions(2, 0);
    const cut = photonsAt(photons.timeSec, [[0, centres[3]! + 500]]);
    expect(findBursts(cut).bursts.at(-1)!.cut).toBe(true);
  });
});
