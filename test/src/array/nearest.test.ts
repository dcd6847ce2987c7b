import { expect, test } from "vitest";
import { nearestRows } from "../../../src/array/index.ts";

const line = { data: Float64Array.from([0, 1, 3, 7, 7.5, -2]), shape: [6, 1] as const };

test("nearestRows() gives the other rows, nearest first", () => {
  expect([...nearestRows(line, 0)]).toEqual([1, 5, 2, 3, 4]);
  expect([...nearestRows(line, 4, { count: 2 })]).toEqual([3, 2]);
});

test("nearestRows() rejects a row that is none", () => {
  expect(() => nearestRows(line, 6)).toThrow("row must be 0–5: current value is 6");
});
