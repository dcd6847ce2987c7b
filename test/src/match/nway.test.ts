import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  associationProbability,
  chanceProbability,
  logBayesFactor,
  type NwayTable,
  nway,
  nwayCutoffs,
  sigmaOfRadius,
} from "../../../src/match/index.ts";

const reference = JSON.parse(readFileSync(new URL("../../fixtures/match/nway.json", import.meta.url), "utf8"));
const { field } = reference;
const x: NwayTable = { name: "X", raDeg: field.xRa, decDeg: field.xDec, error: field.xErr, areaDeg2: 0.25 };
const o: NwayTable = { name: "O", raDeg: field.oRa, decDeg: field.oDec, error: 0.1, areaDeg2: 0.25 };
const i: NwayTable = { name: "I", raDeg: field.iRa, decDeg: field.iDec, error: 0.3, areaDeg2: 0.25 };
const magnitude = { name: "R", values: field.mag.map((value: number | null) => value ?? Number.NaN) };

describe("logBayesFactor()", () => {
  it("gives NWAY's values for two and three catalogues", () => {
    for (const [k, psi] of reference.separations.entries()) {
      expect(
        logBayesFactor(
          [
            [0, 0],
            [psi, 0],
          ],
          [0.1, 0.2],
        ),
      ).toBeCloseTo(reference.logBf2[k], 10);
      const triangle = [
        [0, 0],
        [psi, 0],
        [psi / 2, (psi * Math.sqrt(3)) / 2],
      ] as const;
      expect(logBayesFactor(triangle, [0.1, 0.2, 0.3])).toBeCloseTo(reference.logBf3[k], 10);
    }
  });

  it("gives the integral over the true position for two ellipses", () => {
    const { errors, offset, logBf } = reference.ellipse;
    expect(logBayesFactor([[0, 0], offset], errors)).toBeCloseTo(logBf, 6);
  });

  it("does not depend on the origin, and refuses errors that are none", () => {
    const errors = [0.4, { majorArcsec: 1, minorArcsec: 0.2, positionAngleDeg: 70 }];
    const at = (dx: number) =>
      logBayesFactor(
        [
          [dx, 3],
          [dx + 0.5, 3.2],
        ],
        errors,
      );
    expect(at(100)).toBeCloseTo(at(0), 9);
    expect(() =>
      logBayesFactor(
        [
          [0, 0],
          [1, 1],
        ],
        [0, 1],
      ),
    ).toThrow(/axes must be positive/);
  });
});

describe("probabilities", () => {
  it("are NWAY's, and the share of a circle", () => {
    const [a, b, c] = reference.posterior;
    expect(associationProbability(1e-4, 3)).toBeCloseTo(a, 14);
    expect(associationProbability(1e-2, 5)).toBeCloseTo(b, 14);
    expect(associationProbability(0.5, -1)).toBeCloseTo(c, 14);
    expect(chanceProbability(3600, 1 / Math.PI)).toBeCloseTo(1 - 1 / Math.E, 14);
    expect(sigmaOfRadius(1, { confidence: 0.95 })).toBeCloseTo(0.4085, 4);
  });
});

/** Our columns beside NWAY's, matched by the rows of each association. */
function compare(
  tables: readonly NwayTable[],
  reference: { readonly rows: number[][]; readonly [column: string]: readonly (number | number[])[] },
  options = {},
) {
  const { table } = nway(tables, { radiusArcsec: 8, completeness: 0.9, ...options });
  const key = (rows: readonly number[]) => rows.join();
  const ours = new Map<string, number>();
  const columns = tables.map(({ name }) => table.numbers(`${name}_row`));
  for (let row = 0; row < table.numRows; row++) ours.set(key(columns.map((column) => column[row]!)), row);
  const { rows: theirRows, ...expected } = reference;
  expect(table.numRows).toBe(theirRows[0]!.length);
  let worst = 0;
  const names = { prob_has_match: "p_any", prob_this_match: "p_i" } as Record<string, string>;
  for (const [theirs, values] of Object.entries(expected)) {
    const column = table.numbers(names[theirs] ?? theirs);
    for (const [row, value] of values.entries()) {
      const at = ours.get(key(theirRows.map((list) => list[row]!))) as number;
      worst = Math.max(worst, Math.abs(column[at]! - (value as number)));
    }
  }
  return worst;
}

describe("nway()", () => {
  // The 8 arcsec field is flat to 1e-9, separations in NWAY to about 1e-8 arcsec
  it("gives NWAY's associations, probabilities and flags for two catalogues", () => {
    expect(compare([x, o], reference.two)).toBeLessThan(1e-6);
  });

  it("gives them for three, where a source may be missing in either", () => {
    expect(compare([x, o, i], reference.three)).toBeLessThan(1e-6);
  });

  it("gives them with a magnitude prior learned from near counterparts", () => {
    const worst = compare([x, { ...o, magnitudes: [magnitude] }], reference.magnitudes, { learnWithinArcsec: 2.5 });
    expect(worst).toBeLessThan(1e-6);
  });

  it("learns the prior from secure counterparts, and finds more of the true ones with it", () => {
    const options = { radiusArcsec: 8, completeness: 0.9 };
    const correct = (tables: readonly NwayTable[]) => {
      const { table } = nway(tables, options);
      const [primary, partner, flag] = ["X_row", "O_row", "match_flag"].map((name) => table.numbers(name));
      return primary!.filter((row, k) => flag![k] === 1 && row < 260 && partner![k] === row).length;
    };
    const without = correct([x, o]);
    const withPrior = correct([x, { ...o, magnitudes: [magnitude] }]);
    expect(withPrior).toBeGreaterThan(without);
    expect(withPrior).toBeGreaterThan(247);
  });

  it("refuses what it cannot match", () => {
    expect(() => nway([x], { radiusArcsec: 5 })).toThrow(/at least 2 catalogues: current number is 1/);
    expect(() => nway([x, o], { radiusArcsec: 0 })).toThrow(/radiusArcsec must be positive/);
    expect(() => nway([x, { ...o, areaDeg2: 0 }], { radiusArcsec: 5 })).toThrow(/catalogue "O": areaDeg2/);
    expect(() => nway([x, { ...o, error: [1, 2] }], { radiusArcsec: 5 })).toThrow(
      /one per row \(3000\): current number is 2/,
    );
  });
});

describe("nwayCutoffs()", () => {
  it("shows completeness and false rate falling with the cut", () => {
    const table = nwayCutoffs([x, { ...o, magnitudes: [magnitude] }], {
      radiusArcsec: 8,
      completeness: 0.9,
      cutoffs: [0, 0.5, 0.9],
    });
    const [complete, wrong] = [table.numbers("completeness"), table.numbers("false_rate")];
    expect(complete[1]!).toBeGreaterThan(0.75);
    // 260 of 300 have a counterpart; at moved positions none has
    expect(wrong[1]!).toBeLessThan(0.3);
    expect(wrong[0]!).toBeGreaterThan(wrong[1]!);
    expect(wrong[1]!).toBeGreaterThanOrEqual(wrong[2]!);
  });
});
