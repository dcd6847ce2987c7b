import { expect, test } from "vitest";
import { energyHistogram } from "../../../src/events/index.ts";

const photons = { energyKeV: [0.2, 0.5, 0.99, 1.0, 1.4, Number.NaN, 2.0], exposureSec: 100 };

test("energyHistogram() counts each photon once, in its bin or outside", () => {
  const { counts, loKeV, hiKeV, outside } = energyHistogram(photons, { rangeKeV: [0.5, 2], binKeV: 0.5 });
  expect([...counts]).toEqual([2, 2, 0]);
  expect([...loKeV]).toEqual([0.5, 1, 1.5]);
  expect([...hiKeV]).toEqual([1, 1.5, 2]);
  expect(outside).toBe(3);
});

test("energyHistogram() rejects bins without width", () => {
  expect(() => energyHistogram(photons, { binKeV: 0 })).toThrow("binKeV be > 0");
});
