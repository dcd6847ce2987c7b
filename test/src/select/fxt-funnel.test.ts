import { describe, expect, it } from "vitest";
import { DISPLAY } from "../../../src/host/index.ts";
import { backgroundFlareFilter, fxtFunnel, positionFilter } from "../../../src/select/index.ts";

function candidate(name: string, raDeg: number, options: { during?: number; epochYear?: number } = {}) {
  const { during = 20, epochYear = 2006 } = options;
  return {
    name,
    raDeg,
    decDeg: 60,
    posErrArcsec: 0.5,
    epochYear,
    backgroundRise: { during, outside: 20 },
  };
}

// 20″ east of the candidate in 2016, moving 2″ a year; others far away
const gaia = {
  raDeg: [200, 10 + 20 / 3600 / 0.5, 100],
  decDeg: [0, 60, -60],
  names: ["Gaia 0", "Gaia 1", "Gaia 2"],
  motion: { pmRaMasYr: [Number.NaN, 2000, 0], pmDecMasYr: [0, 0, Number.NaN] },
};

describe("fxtFunnel()", () => {
  it("gives up stars that moved there, known sources and background flares, and counts them", () => {
    const candidates = [
      candidate("star", 10),
      candidate("agn", 20),
      candidate("flare", 30, { during: 100 }),
      candidate("fxt", 40),
    ];
    const simbad = { raDeg: [20 + 1 / 3600, 20 + 4 / 3600], decDeg: [60, 60], names: ["QSO", "star"] };
    const funnel = fxtFunnel(candidates, [
      positionFilter("Gaia", gaia, { sigma: 3, extraArcsec: 5 }),
      positionFilter("SIMBAD", simbad, { sigma: 3 }),
      backgroundFlareFilter(),
    ]);
    expect(funnel.kept.map(({ name }) => name)).toEqual(["fxt"]);
    expect(funnel.rows.map(({ alone, left }) => [alone, left])).toEqual([
      [1, 3],
      [1, 2],
      [1, 1],
    ]);
    expect(funnel.reasons.get(candidates[0]!)).toMatch(/^Gaia, Gaia 1 at 0\.0\d″$/);
    expect(funnel.reasons.get(candidates[1]!)).toBe("SIMBAD, QSO at 0.50″");
    expect(funnel.reasons.get(candidates[2]!)).toBe(
      "background flares, 100 background counts during, 20 in as much other time",
    );
    expect(funnel[DISPLAY]()["text/plain"]).toContain("SIMBAD: 1 given up alone, 2 left");
    expect(funnel[DISPLAY]()["text/html"]).toContain("star: Gaia, Gaia 1");
  });

  it("moves objects to the epoch of each candidate, and needs it where they move", () => {
    const filter = positionFilter("Gaia", gaia, { extraArcsec: 5 });
    expect(filter.rejects(candidate("later", 10, { epochYear: 2016 }))).toBeUndefined();
    const { epochYear: _, ...undated } = candidate("undated", 10);
    expect(() => filter.rejects(undated)).toThrow(
      /Cannot compare "undated" with Gaia: epochYear must be given.*undefined/,
    );
    const { motion: __, ...still } = gaia;
    expect(positionFilter("Gaia", still, { extraArcsec: 5 }).rejects(undated)).toBeUndefined();
  });

  it("adds errors of both positions in quadrature, and takes few background counts for no flare", () => {
    const near = { raDeg: [10 + 5 / 3600 / 0.5], decDeg: [60] };
    const rejected = (error: number) =>
      positionFilter("X", { ...near, posErrArcsec: [error] }).rejects(candidate("one", 10)) !== undefined;
    // 3·hypot(0.5, 1.5) = 4.74″ and 3·hypot(0.5, 1.7) = 5.32″
    expect([rejected(1.5), rejected(1.7)]).toEqual([false, true]);
    expect(backgroundFlareFilter().rejects({ ...candidate("few", 1), backgroundRise: { during: 4, outside: 1 } })).toBe(
      undefined,
    );
  });
});
