import { expect, test } from "vitest";
import { checkShape } from "../../../src/array/index.ts";

const matrix = { data: new Float64Array(6), shape: [2, 3] };

test("checkShape() accepts the shape asked for, and any extent where -1 stands", () => {
  expect(() => checkShape("features", matrix, [2, 3])).not.toThrow();
  expect(() => checkShape("features", matrix, [-1, 3])).not.toThrow();
});

test("checkShape() names the array, the shape wanted and the shape found", () => {
  expect(() => checkShape("features", matrix, [-1, 4])).toThrow(
    'Cannot use "features": shape must be (any, 4): current shape is (2, 3)',
  );
  expect(() => checkShape("features", matrix, [6])).toThrow(TypeError);
});

test("checkShape() rejects data that do not fill their shape", () => {
  expect(() => checkShape("features", { data: new Float64Array(5), shape: [2, 3] }, [2, 3])).toThrow(
    "needs 6 values: current length is 5",
  );
});
