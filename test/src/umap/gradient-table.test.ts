import { expect, test } from "vitest";
import { similarityCurve } from "../../../src/umap/curve.ts";
import { gradientTables, lookUp } from "../../../src/umap/gradient-table.ts";

test("lookUp() is within 7e-4 of the forces' formulas over twelve decades of squared distance", () => {
  const curve = similarityCurve(0.1, 1);
  const { attraction, repulsion } = gradientTables(curve, 1.5);
  const { a, b } = curve;
  for (let exponent = -6; exponent < 6; exponent += 0.00137) {
    const squared = 10 ** exponent;
    const pull = (-2 * a * b * squared ** (b - 1)) / (1 + a * squared ** b);
    const push = (3 * b) / ((0.001 + squared) * (1 + a * squared ** b));
    expect(Math.abs(lookUp(attraction, squared) / pull - 1)).toBeLessThan(7e-4);
    expect(Math.abs(lookUp(repulsion, squared) / push - 1)).toBeLessThan(7e-4);
  }
});

test("lookUp() takes the table's ends beyond them", () => {
  const { attraction } = gradientTables({ a: 1.5, b: 0.9 }, 1);
  expect(lookUp(attraction, 0)).toBe(attraction[0]);
  expect(lookUp(attraction, 1e30)).toBe(attraction.at(-1));
});
