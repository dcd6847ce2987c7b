import { expect, test } from "vitest";
import { QuasiNewton } from "../../../src/ppad/quasi-newton.ts";

test("QuasiNewton finds the minima of problems side by side, each on its own path", () => {
  const search = new QuasiNewton(2, 2);
  // Rosenbrock's valley, minimum 0 at (1, 1), and a stretched bowl, minimum 3 at (−2, 0.5).
  const problems = [
    (x: number, y: number) => ({
      value: (1 - x) ** 2 + 100 * (y - x * x) ** 2,
      gradient: [-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)],
    }),
    (x: number, y: number) => ({
      value: 3 + 50 * (x + 2) ** 2 + (y - 0.5) ** 2,
      gradient: [100 * (x + 2), 2 * (y - 0.5)],
    }),
  ];
  search.begin(0, [-1.2, 1], 0);
  search.begin(1, [0, 0], 0);
  let evaluations = 0;
  for (; evaluations < 300 && search.active.some(Boolean); evaluations++) {
    for (const [p, f] of problems.entries()) {
      if (search.active[p] === 0) continue;
      const { value, gradient } = f(search.trial[2 * p]!, search.trial[2 * p + 1]!);
      search.advance(p, value, gradient, 0, 1e-12);
    }
  }
  expect(evaluations).toBeLessThan(150);
  expect([...search.best.subarray(0, 2)].map((x) => Math.abs(x - 1))).toSatisfy((d: number[]) => Math.max(...d) < 1e-4);
  expect(Math.abs(search.best[2]! + 2)).toBeLessThan(1e-5);
  expect(Math.abs(search.best[3]! - 0.5)).toBeLessThan(1e-5);
});
