import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Catalog } from "../../../src/catalog/index.ts";
import { catalogFromHdf5, hdf5FromCatalog } from "../../../src/hdf5/index.ts";
import { loadCatalog } from "../../../src/io/index.ts";
import { Rng } from "../../../src/random/index.ts";
import { runPython } from "../../python.ts";

const peer = new URL("peer.py", import.meta.url).pathname;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "photonbook-hdf5-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const NUMBERS = [
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
] as const;

/** Every kind of column, with lists of up to 4000 values, so that they fill several collections of the heap. */
function everyKind(numRows: number, seed: number): Catalog {
  const rng = new Rng(seed);
  const rows = Array.from({ length: numRows }, (_, row) => row);
  const list = (longest: number) =>
    Float64Array.from({ length: Math.floor(rng.uniform() * longest) }, () => rng.normal());
  return new Catalog([
    { name: "name", data: rows.map((row) => (row === 2 ? null : `2CXO é${row}`)), description: "désignation" },
    ...NUMBERS.map((array) => ({ name: array.name, data: array.from(rows.map((row) => (row * 977) % 120)) })),
    {
      name: "ra",
      unit: "deg",
      ucd: "pos.eq.ra",
      data: Float64Array.from(rows, (row) => (row === 1 ? Number.NaN : row / 3)),
    },
    { name: "large", data: BigUint64Array.from(rows, (row) => 2n ** 64n - 1n - BigInt(row)) },
    { name: "negative", data: BigInt64Array.from(rows, (row) => -(2n ** 62n) - BigInt(row)) },
    { name: "is_extended", data: rows.map((row) => row % 2 === 0) },
    { name: "spectrum", unit: "ct/s/keV", data: rows.map((row) => (row === 3 ? new Float64Array(0) : list(4000))) },
    { name: "pair", data: rows.map((row) => Float64Array.of(row, -row)) },
  ]);
}

function expectSame(found: Catalog, wanted: Catalog): void {
  expect(found.columns).toEqual(wanted.columns);
  for (const { name } of wanted.columns) expect(found.column(name), name).toEqual(wanted.column(name));
}

describe("hdf5FromCatalog()", () => {
  it("writes what libhdf5 reads: every kind of column, its values, units, UCDs and order", async () => {
    const catalog = everyKind(40, 1);
    const read = await catalogFromHdf5(hdf5FromCatalog(catalog), { name: catalog.name });
    expectSame(read, catalog);
  });

  it("writes what h5py reads", () => {
    const catalog = everyKind(12, 2);
    const path = join(folder, "ours.h5");
    writeFileSync(path, hdf5FromCatalog(catalog, { lists: ["pair"] }));
    const found = JSON.parse(runPython(peer, "read", path));
    expect(Object.keys(found)).toEqual(catalog.columns.map(({ name }) => name));
    const dtypes = Object.values(found).map((column) => (column as { dtype: string }).dtype);
    expect(dtypes.slice(1, 12).join(" ")).toBe(
      "int8 uint8 int16 uint16 int32 uint32 float32 float64 float64 uint64 int64",
    );
    expect(found.is_extended.dtype).toBe("bool");
    expect(found.pair).toMatchObject({ dtype: "float64", shape: [12] });
    expect(found.ra.attrs).toEqual({ unit: "deg", ucd: "pos.eq.ra" });
    expect(found.name.attrs).toEqual({ description: "désignation" });
    for (const { name } of catalog.columns) {
      const values = Array.from(catalog.column(name) as ArrayLike<unknown>, asPrinted);
      expect(found[name].values, name).toEqual(values);
    }
  });

  it("writes tables without rows and without columns", async () => {
    const none = everyKind(4, 3).take([]);
    const read = await catalogFromHdf5(hdf5FromCatalog(none));
    expect([read.numRows, read.unit("ra"), read.columns.length]).toEqual([0, "deg", none.columns.length]);
    await expect(catalogFromHdf5(hdf5FromCatalog(new Catalog([])))).rejects.toThrow(
      `Cannot read catalogue "<hdf5>": group "/" must have datasets: it has nothing`,
    );
  });

  it("refuses what the format cannot hold", () => {
    const one = (name: string, data: (boolean | null)[] | string[][]) => new Catalog([{ name, data }]);
    expect(() => hdf5FromCatalog(one("flag", [true, null]))).toThrow(
      `Cannot write column "flag" as HDF5: logicals must be true or false: row 1 has none`,
    );
    expect(() => hdf5FromCatalog(one("a/b", [true]))).toThrow(`its name must not be empty or "." nor have a "/"`);
    expect(() => hdf5FromCatalog(one("words", [["x"]]))).toThrow(`arrays must hold numbers: row 0 has "x"`);
    const wordy = new Catalog([{ name: "x", description: "é".repeat(40_000), data: Float64Array.of(1) }]);
    expect(() => hdf5FromCatalog(wordy)).toThrow("must have at most 65528 bytes: one takes 80037");
  });
});

describe("catalogFromHdf5()", () => {
  let path: string;
  beforeAll(() => {
    path = join(folder, "h5py.h5");
    runPython(peer, "write", path);
  });

  it("reads what h5py wrote", async () => {
    const catalog = await loadCatalog(path);
    expect(catalog.row(0)).toEqual({
      spectrum_flux: Float64Array.of(0.25, 0.5, 0.125),
      channels: Int32Array.of(1),
      name: "2CXO J1",
      label: "é",
      object: "β Pic",
      listed: "β",
      obsid: 1,
      large: 2n ** 62n,
      big_endian: 1.5,
      packed: 7,
      is_extended: true,
      kind: "STAR",
      cube: Float32Array.of(0, 1, 2, 3),
    });
    expect(catalog.row(2)).toMatchObject({ name: null, label: null, large: -(2n ** 62n), packed: 9, kind: "AGN" });
    expect(catalog.column("big_endian")).toEqual(Float64Array.of(1.5, Number.NaN, -2));
    expect(catalog.columns.find(({ name }) => name === "spectrum_flux")).toMatchObject({
      unit: "ct/s/keV",
      ucd: "phot.count",
      kind: "array",
    });
    expect(catalog.column("object")).toEqual(["β Pic", "Gödel", "plain"]);
    expect(catalog.column("listed")).toEqual(["β", "é", "x"]);
    expect(catalog.notes).toEqual([`not read: "latin/", "more/"`]);
  });

  it("reads a group, and the columns asked for", async () => {
    const group = await loadCatalog(path, { table: "more", columns: ["x"] });
    expect(group.notes).toEqual([`not read: "one"`]);
    expect(Array.from(group.numbers("x"))).toEqual([0, 1]);
    const some = await loadCatalog(path, { columns: ["kind", "obsid"] });
    expect(some.columns.map(({ name }) => name)).toEqual(["kind", "obsid"]);
  });

  it("says what is wrong with a file or a request", async () => {
    const bytes = readFileSync(path);
    const read = (options: object) => catalogFromHdf5(bytes, { name: "h5py.h5", ...options });
    await expect(read({ columns: ["obsit"] })).rejects.toThrow(`there must be a column "obsit"`);
    await expect(read({ group: "less" })).rejects.toThrow(`there must be a group "less": the root has "`);
    await expect(read({ group: "more" })).rejects.toThrow(/"x" has 2, "z" 5$/);
    await expect(read({ group: "more", columns: ["y"] })).rejects.toThrow(
      `Cannot read catalogue "h5py.h5": column "y" must hold numbers, texts, logicals or lists of numbers: it holds compounds`,
    );
    await expect(read({ group: "latin" })).rejects.toThrow(
      `texts of column "name" must be ASCII, as they say, or UTF-8: row 1 has the bytes 71 246 100 101 108`,
    );
    await expect(catalogFromHdf5(bytes.subarray(0, 900), { name: "cut.h5" })).rejects.toThrow(
      /^Cannot read catalogue "cut.h5": it must be a whole HDF5 file: truncated file: eof = 900/,
    );
    await expect(catalogFromHdf5(Uint8Array.of(1, 2, 3))).rejects.toThrow("file signature not found");
    // What failed before does not spoil what comes after
    expect((await read({})).numRows).toBe(3);
  });
});

/** A value as peer.py prints it. */
function asPrinted(value: unknown): unknown {
  if (value === null) return "";
  if (typeof value === "bigint") return String(value);
  if (typeof value === "object") return Array.from(value as ArrayLike<unknown>, asPrinted);
  return Number.isNaN(value) ? "nan" : value;
}
