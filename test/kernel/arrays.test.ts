import { describe, expect, test } from "vitest";
import { ndArrayText, numberArrayText } from "../../kernel/engine/arrays.ts";
import { tableBundle } from "../../kernel/engine/table.ts";

const TIMES = [322332000.184, 322332003.325, 322332006.466];

describe("numberArrayText()", () => {
  test("shows as many digits as tell neighbours apart", () => {
    expect(numberArrayText(Float64Array.from(TIMES))).toBe(
      "Float64Array(3) min 322332000.184, max 322332006.466\n[322332000.184, 322332003.325, 322332006.466]",
    );
  });

  test("shows six digits where they do, and no more than a number has", () => {
    expect(numberArrayText(Float64Array.of(1 / 3, 0.5, 2 / 3))).toContain("[0.333333, 0.5, 0.666667]");
    expect(numberArrayText(Float32Array.of(0.1, 0.2))).toContain("[0.1, 0.2]");
    expect(numberArrayText(BigInt64Array.of(1n, -2n))).toContain("[1n, -2n]");
    expect(numberArrayText(Float64Array.of(Number.NaN, Number.POSITIVE_INFINITY))).toContain("[NaN, Infinity]");
  });
});

test("ndArrayText() tells the values of a column apart from row to row", () => {
  const data = Float64Array.from(TIMES.flatMap((time) => [time, 1 / 3]));
  expect(ndArrayText({ data, shape: [3, 2] })).toContain("[[322332000.184, 0.333333],\n [322332003.325, 0.333333],");
});

test("tableBundle() does so for a column", () => {
  const rows = { numRows: () => 3, columnNames: () => ["TIME"], get: (_: string, row: number) => TIMES[row] };
  expect(tableBundle(rows)["text/plain"]).toContain("322332000.184");
  expect(tableBundle(rows)["text/plain"]).toMatch(/3 rows × 1 column$/);
});
