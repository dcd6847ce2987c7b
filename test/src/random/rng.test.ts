import { describe, expect, test } from "vitest";
import { Rng } from "../../../src/random/index.ts";

const draw = (count: number, next: () => number) => Float64Array.from({ length: count }, next);
const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
const variance = (values: Float64Array) => {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / values.length;
};

describe("Rng", () => {
  // Words computed with Python's arbitrary-precision integers from the published recurrence.
  test("uint32() gives the words of sfc32", () => {
    const word = (seed: number, stream: number) => {
      const rng = new Rng(seed, stream);
      return [rng.uint32(), rng.uint32(), rng.uint32(), rng.uint32()];
    };
    expect(word(42, 0)).toEqual([3011021589, 3960382089, 1547270628, 4040468816]);
    expect(word(2 ** 40 + 7, 3)).toEqual([2464712560, 1817688094, 4166910859, 3737514582]);
  });

  test("the constructor rejects a seed that is no integer", () => {
    expect(() => new Rng(0.5)).toThrow(RangeError);
    expect(() => new Rng(Number.NaN)).toThrow("seed must be an integer");
  });

  // Tolerances are five standard errors of 200,000 draws.
  test("uniform(), normal() and exponential() have the moments of their distributions", () => {
    const rng = new Rng(1);
    const n = 200_000;
    const uniform = draw(n, () => rng.uniform());
    expect(Math.abs(mean(uniform) - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / n));
    expect(Math.abs(variance(uniform) - 1 / 12)).toBeLessThan(5 * Math.sqrt(1 / 180 / n));
    const normal = draw(n, () => rng.normal());
    expect(Math.abs(mean(normal))).toBeLessThan(5 / Math.sqrt(n));
    expect(Math.abs(variance(normal) - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    const exponential = draw(n, () => rng.exponential());
    expect(Math.abs(mean(exponential) - 1)).toBeLessThan(5 / Math.sqrt(n));
    expect(Math.abs(variance(exponential) - 1)).toBeLessThan(5 * Math.sqrt(8 / n));
  });

  test.each([0.3, 12, 29.9, 31, 950])("poisson() has mean and variance %d", (expected) => {
    const rng = new Rng(7);
    const n = 20_000;
    const values = draw(n, () => rng.poisson(expected));
    expect(Math.abs(mean(values) - expected)).toBeLessThan(5 * Math.sqrt(expected / n));
    const fourth = expected + 2 * expected ** 2;
    expect(Math.abs(variance(values) - expected)).toBeLessThan(5 * Math.sqrt(fourth / n));
  });

  test("poisson() rejects a mean that is none", () => {
    expect(() => new Rng(1).poisson(-1)).toThrow("mean must be finite and >= 0");
    expect(() => new Rng(1).poisson(Number.NaN)).toThrow(RangeError);
  });

  test("integer() reaches every value about equally often", () => {
    const rng = new Rng(3);
    const counts = new Float64Array(6);
    for (let i = 0; i < 60_000; i++) counts[rng.integer(6)]! += 1;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(5 * Math.sqrt(10_000 * (5 / 6)));
  });

  test("shuffleInto() keeps the elements and moves them", () => {
    const shuffled = new Rng(5).shuffleInto(Uint32Array.from({ length: 100 }, (_, i) => i));
    expect([...shuffled]).not.toEqual([...shuffled].sort((a, b) => a - b));
    expect(new Set(shuffled).size).toBe(100);
  });

  test("split() gives streams that differ from each other and from their parent", () => {
    const parent = new Rng(9);
    const [first, second] = [parent.split(0), parent.split(1)];
    expect(new Set([first.uint32(), second.uint32(), parent.uint32()]).size).toBe(3);
  });
});
