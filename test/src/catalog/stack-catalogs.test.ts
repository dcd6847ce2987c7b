import { expect, test } from "vitest";
import { Catalog, stackCatalogs } from "../../../src/catalog/index.ts";

const first = new Catalog(
  [
    { name: "id", data: ["a", null] },
    { name: "flux", unit: "erg/s/cm2", ucd: "phot.flux", data: Float32Array.of(1, Number.NaN) },
    { name: "list", data: [[1, 2], []] },
    { name: "obsid", data: BigInt64Array.of(1n, 2n ** 60n) },
  ],
  { name: "one", notes: ["odd"] },
);

test("stackCatalogs() puts rows one after another and keeps kinds, units and UCDs", () => {
  const stacked = stackCatalogs([first, first.take([1]), first.take([])]);
  expect(stacked.columns).toEqual(first.columns);
  expect(stacked.column("id")).toEqual(["a", null, null]);
  expect(stacked.column("flux")).toEqual(Float32Array.of(1, Number.NaN, Number.NaN));
  expect(stacked.column("list")).toEqual([[1, 2], [], []]);
  expect(stacked.column("obsid")).toEqual(BigInt64Array.of(1n, 2n ** 60n, 2n ** 60n));
  expect([stacked.name, stacked.notes]).toEqual(["one", ["odd"]]);
});

test("stackCatalogs() makes doubles of numbers of different widths, and takes a column without values", () => {
  const wide = new Catalog([{ name: "n", data: Float64Array.of(0.1) }]);
  const narrow = new Catalog([{ name: "n", data: Int32Array.of(2 ** 31 - 1) }]);
  expect(stackCatalogs([narrow, wide]).column("n")).toEqual(Float64Array.of(2 ** 31 - 1, 0.1));
  const empty = new Catalog([{ name: "list", data: [null] }]);
  const full = new Catalog([{ name: "list", data: [[1, 2]] }]);
  expect(stackCatalogs([empty, full]).column("list")).toEqual([null, [1, 2]]);
});

test("stackCatalogs() names the catalogue and column that do not fit", () => {
  const of = (columns: ConstructorParameters<typeof Catalog>[0]) => new Catalog(columns, { name: "two" });
  const id = { name: "id", data: ["b"] };
  const flux = { name: "flux", unit: "erg/s/cm2", data: Float32Array.of(2) };
  const base = first.select(["id", "flux"]);
  expect(() => stackCatalogs([])).toThrow(/there must be one: current number is 0/);
  expect(() => stackCatalogs([base, of([id])])).toThrow(/two.*must have a column "flux"/);
  expect(() => stackCatalogs([base, of([id, flux, { name: "fluxx", data: ["c"] }])])).toThrow(
    /two.*must have no column "fluxx".*"flux"/,
  );
  expect(() => stackCatalogs([base, of([id, { ...flux, unit: "ct/s" }])])).toThrow(
    /two.*"flux" must be in erg\/s\/cm2: it is in ct\/s/,
  );
  expect(() => stackCatalogs([base, of([id, { name: "flux", data: ["x"] }])])).toThrow(
    /two.*"flux" must hold numbers: it holds strings/,
  );
});
