import { describe, expect, it } from "vitest";
import { anomalyScores, bootstrapEstimates, groupFolds, smote } from "../../../src/learn/index.ts";
import { Rng } from "../../../src/random/index.ts";

describe("groupFolds()", () => {
  const groups = Array.from({ length: 300 }, (_, row) => `source ${row % 100}`);
  const strata = groups.map((_, row) => (row % 100 < 15 ? "rare" : "common"));
  const folds = groupFolds(groups, { folds: 5, strata, seed: 2 });

  it("keeps every group on one side", () => {
    const foldOf = new Map(groups.map((group, row) => [group, folds[row]]));
    expect(groups.every((group, row) => foldOf.get(group) === folds[row])).toBe(true);
  });

  it("spreads each class evenly", () => {
    const rare = [0, 1, 2, 3, 4].map((fold) => folds.filter((own, row) => own === fold && row < 15).length);
    expect(rare).toEqual([3, 3, 3, 3, 3]);
    expect([0, 1, 2, 3, 4].map((fold) => folds.filter((own) => own === fold).length)).toEqual([60, 60, 60, 60, 60]);
  });

  it("follows its seed and refuses more folds than groups", () => {
    expect(groupFolds(groups, { strata, seed: 2 })).toEqual(folds);
    expect(groupFolds(groups, { strata, seed: 3 })).not.toEqual(folds);
    expect(() => groupFolds(["a", "a", "b"], { folds: 3 })).toThrow("within 2–2, the number of groups");
  });
});

describe("smote()", () => {
  it("fills up to the largest class between members of the class", () => {
    const rng = new Rng(1);
    const rows = Array.from({ length: 40 }, (_, i) => (i < 30 ? [rng.normal(), rng.normal()] : [10 + i, 20 - i]));
    const labels = rows.map((_, i) => (i < 30 ? "many" : "few"));
    const more = smote(rows, labels, { nNeighbors: 2, seed: 4 });
    expect(more.rows.shape).toEqual([60, 2]);
    expect(more.labels.filter((label) => label === "few")).toHaveLength(30);
    expect([...more.rows.data.subarray(0, 80)]).toEqual(rows.flat());
    const made = Array.from({ length: 20 }, (_, i) => [...more.rows.data.subarray(80 + 2 * i, 82 + 2 * i)]);
    for (const [x, y] of made as [number, number][]) {
      // All members lie on one line, at whole numbers; the two nearest are at most 2 away.
      expect(x + y).toBeCloseTo(30, 12);
      expect(x).toBeGreaterThanOrEqual(40);
      expect(x).toBeLessThanOrEqual(49);
    }
    expect(made.some(([x]) => x! % 1 > 0.01 && x! % 1 < 0.99)).toBe(true);
    expect(smote(rows, labels, { nNeighbors: 2, seed: 4 }).rows.data).toEqual(more.rows.data);
  });

  it("repeats a class's only member", () => {
    const { rows, labels } = smote([[0], [1], [7]], ["a", "a", "b"]);
    expect(labels).toEqual(["a", "a", "b", "b"]);
    expect([...rows.data]).toEqual([0, 1, 7, 7]);
  });
});

describe("bootstrapEstimates()", () => {
  it("covers the true mean as often as it says", () => {
    const rng = new Rng(6);
    let covered = 0;
    for (let trial = 0; trial < 300; trial++) {
      const values = Float64Array.from({ length: 60 }, () => rng.normal());
      const mean = (rows: Uint32Array) => [rows.reduce((sum, row) => sum + values[row]!, 0) / rows.length];
      const rows = Array.from(values.keys());
      const { low, high } = bootstrapEstimates(rows, mean, { resamples: 300, seed: trial })[0]!;
      if (low <= 0 && high >= 0) covered++;
    }
    // Binomial: 95 % of 300 within 2.5 standard deviations; percentile limits of 60 values are a little narrow.
    expect(covered / 300).toBeGreaterThan(0.9);
    expect(covered / 300).toBeLessThan(0.985);
  });

  it("is wider where rows come in groups", () => {
    const rng = new Rng(8);
    const own = Float64Array.from({ length: 40 }, () => rng.normal());
    const values = Float64Array.from({ length: 400 }, (_, row) => own[Math.floor(row / 10)]!);
    const mean = (rows: Uint32Array) => [rows.reduce((sum, row) => sum + values[row]!, 0) / rows.length];
    const width = (groups: number[]) => {
      const { low, high } = bootstrapEstimates(groups, mean)[0]!;
      return high - low;
    };
    const rows = Array.from(values.keys());
    // Ten equal rows a group: √10 wider.
    expect(width(rows.map((row) => Math.floor(row / 10))) / width(rows)).toBeCloseTo(Math.sqrt(10), 0);
  });
});

describe("anomalyScores()", () => {
  it("is the mean distance to the nearest rows", () => {
    expect([...anomalyScores([[0], [1], [3], [10]], { nNeighbors: 2 })]).toEqual([2, 1.5, 2.5, 8]);
  });

  it("refuses as many neighbours as rows", () => {
    expect(() => anomalyScores([[0], [1]], { nNeighbors: 2 })).toThrow("within 1–1: current value is 2");
  });
});
