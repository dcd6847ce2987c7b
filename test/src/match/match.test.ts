import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Catalog } from "../../../src/catalog/index.ts";
import { DISPLAY } from "../../../src/host/index.ts";
import {
  chanceMatches,
  crossMatch,
  offsetArcsec,
  positionsOf,
  propagate,
  SkyIndex,
  separationArcsec,
  shiftPositions,
} from "../../../src/match/index.ts";
import { Rng } from "../../../src/random/index.ts";

const reference = JSON.parse(readFileSync(new URL("../../fixtures/match/match.json", import.meta.url), "utf8"));
const index = { raDeg: reference.index.ra, decDeg: reference.index.dec };
const query = { raDeg: reference.query.ra, decDeg: reference.query.dec };

function randomSky(n: number, seed: number, spreadDeg = 90) {
  const rng = new Rng(seed);
  const raDeg = Float64Array.from({ length: n }, () => rng.uniform() * 360);
  const decDeg = Float64Array.from({ length: n }, () => (2 * rng.uniform() - 1) * spreadDeg);
  return { raDeg, decDeg };
}

describe("SkyIndex", () => {
  it("finds astropy's nearest neighbours, at the poles, across 0 h and in a dense field", () => {
    const { rows, separationArcsec } = new SkyIndex(index).nearest(query);
    expect(Array.from(rows)).toEqual(reference.nearest);
    for (const [i, expected] of reference.nearestArcsec.entries()) {
      // Chords lose about 1e-11 arcsec in doubles
      expect(Math.abs(separationArcsec[i]! - expected)).toBeLessThan(1e-9 * Math.max(1, expected));
    }
  });

  it("finds astropy's pairs within 30 arcsec", () => {
    const { left, right, separationArcsec } = new SkyIndex(index).within(query, { radiusArcsec: 30 });
    const [a, b, distances] = reference.within30 as number[][];
    const key = (l: number, r: number) => l * 10_000 + r;
    const found = new Map(Array.from(left, (l, i) => [key(l, right[i]!), separationArcsec[i]!]));
    expect(found.size).toBe(a!.length);
    for (const [i, l] of a!.entries()) expect(found.get(key(l, b![i]!))).toBeCloseTo(distances![i]!, 8);
    for (let i = 1; i < left.length; i++) {
      const ordered = left[i]! > left[i - 1]! || separationArcsec[i]! >= separationArcsec[i - 1]!;
      expect(ordered).toBe(true);
    }
  });

  it("agrees with a search through all pairs, for few and many sources and any radius", () => {
    for (const [n, seed, spread, radiusArcsec] of [
      [1, 1, 90, 400_000],
      [2, 2, 90, 648_000],
      [300, 3, 90, 20_000],
      [300, 4, 0.01, 5_000],
      [500, 5, 90, 1e-3],
    ] as const) {
      const sources = randomSky(n, seed, spread);
      const places = randomSky(60, seed + 100, 90);
      const tree = new SkyIndex(sources);
      const nearest = tree.nearest(places, { radiusArcsec });
      const pairs = tree.within(places, { radiusArcsec });
      let count = 0;
      for (let i = 0; i < 60; i++) {
        const distances = Array.from({ length: n }, (_, j) =>
          separationArcsec([places.raDeg[i]!, places.decDeg[i]!], [sources.raDeg[j]!, sources.decDeg[j]!]),
        );
        const least = Math.min(...distances);
        count += distances.filter((distance) => distance <= radiusArcsec).length;
        if (least <= radiusArcsec) expect(nearest.separationArcsec[i]).toBeCloseTo(least, 5);
        else expect(nearest.rows[i]).toBe(-1);
      }
      expect(pairs.left.length).toBe(count);
    }
  });

  it("holds a source at its own place and includes the rim", () => {
    const tree = new SkyIndex({ raDeg: [10, 10], decDeg: [0, 1 / 3600] });
    expect(tree.within({ raDeg: [370], decDeg: [0] }, { radiusArcsec: 1 }).left.length).toBe(2);
    expect(new SkyIndex({ raDeg: [], decDeg: [] }).nearest({ raDeg: [1], decDeg: [1] }).rows[0]).toBe(-1);
  });

  it("refuses positions that are none, by row", () => {
    expect(() => new SkyIndex({ raDeg: [1, Number.NaN], decDeg: [0, 0] })).toThrow(/row 1 is at \(NaN, 0\)/);
    expect(() => new SkyIndex({ raDeg: [1], decDeg: [91] })).toThrow(/declination from -90 to 90/);
    expect(() => new SkyIndex({ raDeg: [1], decDeg: [] })).toThrow(/equally long/);
    expect(() => new SkyIndex(index).nearest(query, { radiusArcsec: -1 })).toThrow(/must be 0 or more: .* -1/);
  });
});

describe("shiftPositions() and offsetArcsec()", () => {
  it("undo one another, also over a pole", () => {
    for (const at of [
      [10, 20],
      [0.001, -0.001],
      [200, 89.9999],
    ] as const) {
      const { raDeg, decDeg } = shiftPositions(
        { raDeg: [at[0]], decDeg: [at[1]] },
        { offsetArcsec: 50, positionAngleDeg: 30 },
      );
      const [east, north] = offsetArcsec(at, [raDeg[0]!, decDeg[0]!]);
      expect(east).toBeCloseTo(25, 4); // 1e-16 of 360 deg, over cos 89.9999°
      expect(north).toBeCloseTo(50 * Math.cos(Math.PI / 6), 4);
    }
  });
});

describe("propagate()", () => {
  const { ra, dec, pmRa, pmDec, movedRa, movedDec, barnard } = reference.motion;

  it("gives astropy's positions after 66 years to 0.1 mas on the sky", () => {
    const moved = propagate(
      { raDeg: ra, decDeg: dec },
      { pmRaMasYr: pmRa, pmDecMasYr: pmDec },
      { fromYear: 2016, toYear: 1950 },
    );
    for (const i of ra.keys()) {
      expect(separationArcsec([moved.raDeg[i]!, moved.decDeg[i]!], [movedRa[i], movedDec[i]])).toBeLessThan(1e-4);
    }
  });

  it("takes the line of sight along: Barnard's star to 2 mas, the light time that is left out", () => {
    const moved = propagate(
      { raDeg: [ra[0]], decDeg: [dec[0]] },
      { pmRaMasYr: [pmRa[0]], pmDecMasYr: [pmDec[0]], parallaxMas: [546.9759], radialVelocityKmS: [-110.51] },
      { fromYear: 2016, toYear: 1950 },
    );
    expect(separationArcsec([moved.raDeg[0]!, moved.decDeg[0]!], barnard)).toBeLessThan(2e-3);
  });

  it("leaves sources without proper motion where they are", () => {
    const { raDeg } = propagate(
      { raDeg: [5], decDeg: [6] },
      { pmRaMasYr: [Number.NaN], pmDecMasYr: [Number.NaN] },
      { fromYear: 2000, toYear: 2020 },
    );
    expect(raDeg[0]).toBeCloseTo(5, 12);
  });
});

describe("crossMatch()", () => {
  const left = new Catalog([
    { name: "name", data: ["a", "b", "c"] },
    { name: "ra", unit: "deg", ucd: "pos.eq.ra;meta.main", data: Float64Array.of(10, 20, 30) },
    { name: "dec", unit: "deg", ucd: "pos.eq.dec;meta.main", data: Float64Array.of(0, 0, 0) },
  ]);
  const right = new Catalog([
    { name: "RA_ICRS", unit: "deg", data: Float64Array.of(30, 10.0002, 10.0001) },
    { name: "DE_ICRS", unit: "deg", data: Float64Array.of(0.0001, 0, 0) },
    { name: "name", unit: "", description: "theirs", data: ["C", "A2", "A1"] },
  ]);

  it("joins the nearest with units and names kept", () => {
    const match = crossMatch(left, right, { radiusArcsec: 1 });
    expect(match.table.column("name")).toEqual(["a", "c"]);
    expect(match.table.column("name_2")).toEqual(["A1", "C"]);
    expect(match.table.unit("ra")).toBe("deg");
    expect(match.table.numbers("separation")[0]).toBeCloseTo(0.36, 8);
    expect(match.table.unit("separation")).toBe("arcsec");
    expect(Array.from(match.unmatched)).toEqual([1]);
  });

  it("gives every pair on request, and shows itself", () => {
    const match = crossMatch(left, right, { radiusArcsec: 1, find: "all" });
    expect(match.table.column("name_2")).toEqual(["A1", "A2", "C"]);
    const shown = match[DISPLAY]();
    expect(shown["text/plain"]).toBe("CrossMatch: 3 pairs within 1″ of 3 and 3 rows");
    expect(shown["text/html"]).toMatch(/<svg.*Separations of the pairs.*separation/s);
    expect(crossMatch(left, right, { radiusArcsec: 0.01 })[DISPLAY]()["text/html"]).toMatch(/0 pairs/);
  });

  it("says which columns it cannot use", () => {
    expect(() => positionsOf(left.select(["name"]))).toThrow(/must be known by UCD or name .*"name"/);
    const hours = new Catalog([
      { name: "ra", unit: "h", data: [1] as never },
      { name: "dec", data: Float64Array.of(1) },
    ]);
    expect(() => positionsOf(hours)).toThrow(/column "ra" must be in deg: its unit is "h"/);
  });
});

describe("chanceMatches()", () => {
  it("measures the density of unrelated sources: 1 − exp(−πr²ρ)", () => {
    const rng = new Rng(7);
    const field = (n: number) => ({
      raDeg: Float64Array.from({ length: n }, () => 100 + 0.5 * rng.uniform()),
      decDeg: Float64Array.from({ length: n }, () => 0.5 * rng.uniform()),
    });
    const [stars, sources] = [field(40_000), field(2000)];
    const table = ({ raDeg, decDeg }: ReturnType<typeof field>) =>
      new Catalog([
        { name: "ra", data: raDeg },
        { name: "dec", data: decDeg },
      ]);
    for (let i = 0; i < 1000; i++) [sources.raDeg[i], sources.decDeg[i]] = [stars.raDeg[i]!, stars.decDeg[i]!];
    const chance = chanceMatches(table(sources), table(stars), { radiusArcsec: 2, offsetArcsec: 20 });
    const expected = 2000 * (1 - Math.exp((-Math.PI * 4 * 40_000) / (0.25 * 3600 ** 2)));
    const last = chance.chance.length - 1;
    // Eight directions of Poisson counts, a few sources moved over the field's edge: 4σ
    expect(Math.abs(chance.chance[last]! - expected)).toBeLessThan((4 * Math.sqrt(expected)) / Math.sqrt(8) + 1);
    expect(chance.matched[last]!).toBeGreaterThan(1000);
    expect(chance.falseRate[last]!).toBeCloseTo(chance.chance[last]! / chance.matched[last]!, 12);
    expect(chance[DISPLAY]()["text/html"]).toMatch(/positions moved/);
    expect(() => chanceMatches(table(sources), table(stars), { radiusArcsec: 2, offsetArcsec: 3 })).toThrow(
      /twice radiusArcsec/,
    );
  });
});
