import { describe, expect, it } from "vitest";
import { DISPLAY } from "../../../src/host/index.ts";
import { Rng } from "../../../src/random/index.ts";
import { hardnessEvolution, hardnessOfCounts, hardnessOverBackground } from "../../../src/timing/index.ts";
import { peers } from "./peers.ts";
import { xrt200515 } from "./xrt200515.ts";

describe("hardnessOverBackground()", () => {
  it("agrees with a two-dimensional quadrature of the posterior", () => {
    for (const one of peers.hardness) {
      const background = { soft: one.softBackground, hard: one.hardBackground, areaRatio: one.areaRatio };
      const found = hardnessOverBackground(one.soft, one.hard, background);
      // The quadrature's grid is 4000 steps of up to 0.02 counts; its prior is steep at 0
      expect(Math.abs(found.ratio - one.mean)).toBeLessThan(0.01);
      expect(Math.abs(found.low - one.low)).toBeLessThan(0.01);
      expect(Math.abs(found.high - one.high)).toBeLessThan(0.01);
    }
  });

  it("is the ratio without background where there is next to none, and covers the truth as often as it says", () => {
    const none = hardnessOfCounts(20, 30);
    const little = hardnessOverBackground(20, 30, { soft: 0, hard: 0, areaRatio: 1e9 });
    expect(little.low).toBeCloseTo(none.low, 6);
    expect(little.high).toBeCloseTo(none.high, 6);
    const rng = new Rng(60);
    let covered = 0;
    for (let trial = 0; trial < 400; trial++) {
      const [soft, hard, b] = [12, 6, 4];
      const found = hardnessOverBackground(rng.poisson(soft + b), rng.poisson(hard + b), {
        soft: rng.poisson(10 * b),
        hard: rng.poisson(10 * b),
        areaRatio: 10,
      });
      const truth = (hard - soft) / (hard + soft);
      if (found.low <= truth && truth <= found.high) covered++;
    }
    // 273 ± 9, and Jeffreys' prior is a few per cent off
    expect(covered).toBeGreaterThan(235);
    expect(covered).toBeLessThan(310);
  });

  it("follows a source through time ranges", () => {
    const { source, events } = xrt200515();
    const edges = [0, 10, 200, 810].map((since) => source.tStartSec + 24_610 + since);
    const plain = hardnessEvolution(source, edges);
    const over = hardnessEvolution(source, edges, { background: events, areaRatio: 20 });
    expect(over).toHaveLength(3);
    over.ratios.forEach((one, i) => {
      expect(one.softCounts).toBe(plain.ratios[i]!.softCounts);
      expect(one.low).toBeLessThan(one.ratio);
      expect(one.high).toBeGreaterThan(one.ratio);
    });
    expect(over[DISPLAY]()["text/html"]).toContain("hardness ratio");
    expect(over[DISPLAY]()["text/plain"]).toContain("0–10 s: ");
    expect(() => hardnessEvolution(source, [5, 5])).toThrow(/at least 2 ascending times: current value is \[5, 5\]/);
    expect(() => hardnessOverBackground(1, 1, { soft: 0, hard: 0, areaRatio: 0 })).toThrow(/areaRatio must be above 0/);
  });
});
