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

test("QuasiNewton learns from a step that went too far how far to go", () => {
  // 25 (x − 0.1)², of which it is told a tenth of the curvature: the first step goes ten times too far.
  const search = new QuasiNewton(1, 1);
  const trials: number[] = [];
  search.begin(0, [0], 0);
  for (let evaluation = 0; evaluation < 3; evaluation++) {
    const x = search.trial[0]!;
    trials.push(x);
    if (evaluation === 0) search.curve(0, Float64Array.of(5), 0, 0);
    search.advance(0, 25 * (x - 0.1) ** 2, [50 * (x - 0.1)], 0, 1e-12);
  }
  expect(trials[1]).toBeCloseTo(1, 12);
  expect(trials[2]).toBeCloseTo(0.1, 12);
  expect(search.best[0]).toBeCloseTo(0.1, 12);
});

test("QuasiNewton goes shorter where a step led to what is not a number, and gives up what never is one", () => {
  const search = new QuasiNewton(2, 1);
  for (const p of [0, 1]) search.begin(p, [1], 0);
  // log x has no value below 0, where the told curvature leads; the other has none anywhere.
  search.curve(0, Float64Array.of(0.5), 0, 0);
  search.advance(0, 0, [1], 0, 1e-9);
  search.advance(1, NaN, [NaN], 0, 1e-9);
  expect(search.trial[0]).toBeCloseTo(-1, 12);
  expect([...search.active]).toEqual([1, 0]);
  search.advance(0, NaN, [NaN], 0, 1e-9);
  expect(search.trial[0]).toBeCloseTo(0.2, 12);
  search.advance(0, NaN, [NaN], 0, 1e-9);
  expect(search.trial[0]).toBeCloseTo(0.8, 12);
});

test("QuasiNewton goes to the minimum of a bowl at once where it is told the Hessian, and refuses one that is none", () => {
  // ½ (x − m)ᵀ A (x − m), A = ((50, 20), (20, 10)), of which the diagonal's 2 is told apart.
  const minimum = [0.3, -0.7];
  const evaluate = ([x, y]: Float64Array) => {
    const [dx, dy] = [x! - minimum[0]!, y! - minimum[1]!];
    const gradient = [50 * dx + 20 * dy, 20 * dx + 10 * dy];
    return { value: 0.5 * (dx * gradient[0]! + dy * gradient[1]!), gradient };
  };
  const search = new QuasiNewton(2, 2);
  const told = [Float64Array.of(48, 0, 20, 8), Float64Array.of(1, 0, 40, 1)];
  for (const p of [0, 1]) {
    search.begin(p, [0, 0], 0);
    const { value, gradient } = evaluate(search.trial.subarray(2 * p, 2 * p + 2));
    search.curve(p, told[p]!, 0, 2);
    search.advance(p, value, gradient, 0, 1e-12);
  }
  expect(search.trial[0]).toBeCloseTo(minimum[0]!, 12);
  expect(search.trial[1]).toBeCloseTo(minimum[1]!, 12);
  // As without being told: down the gradient, (−1, 1), by a quarter.
  expect(search.trial[2]).toBeCloseTo(0.25, 12);
  expect(search.trial[3]).toBeCloseTo(-0.25, 12);
});
