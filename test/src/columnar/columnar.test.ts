import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { table as makeTable } from "arquero";
import { afterAll, describe, expect, it } from "vitest";
import { Catalog, type ColumnFields, catalogFromVotable, votableFromCatalog } from "../../../src/catalog/index.ts";
import {
  arrowFromCatalog,
  catalogFromArrow,
  catalogFromParquet,
  catalogFromTable,
  parquetFromCatalog,
} from "../../../src/columnar/index.ts";
import { readVotable, writeVotable } from "../../../src/votable/index.ts";
import { runPython } from "../../python.ts";

const folder = mkdtempSync(join(tmpdir(), "photonbook-columnar-"));
afterAll(() => rmSync(folder, { recursive: true }));

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/columnar/${name}`, import.meta.url));
const expected: Record<string, unknown[]> = JSON.parse(fixture("columnar.json").toString());

/** Values as the fixture has them: null where missing, large integers as text. */
function plain(catalog: Catalog, name: string): unknown[] {
  return Array.from(catalog.column(name) as ArrayLike<unknown>, (value) => {
    if (typeof value === "bigint") return String(value);
    if (value === null || Number.isNaN(value)) return null;
    return typeof value === "object" ? Array.from(value as ArrayLike<unknown>) : value;
  });
}

/** A catalogue with every kind of column; values by a fixed rule. */
const n = 30;
const fields: ColumnFields[] = [
  {
    name: "ra",
    unit: "deg",
    ucd: "pos.eq.ra;meta.main",
    description: 'Right ascension "ICRS" <&>',
    data: Float64Array.from({ length: n }, (_, i) => (i * 12.345) % 360),
  },
  { name: "flux", unit: "erg/s/cm**2", data: Float32Array.from({ length: n }, (_, i) => (i % 4 ? i / 3 : Number.NaN)) },
  { name: "rate", data: Float64Array.from({ length: n }, (_, i) => (i % 3 ? -i : Number.NaN)) },
  { name: "i8", data: Int8Array.from({ length: n }, (_, i) => i * 9 - 128) },
  { name: "u8", data: Uint8Array.from({ length: n }, (_, i) => i * 8) },
  { name: "i16", data: Int16Array.from({ length: n }, (_, i) => i * 2000 - 32_768) },
  { name: "u16", data: Uint16Array.from({ length: n }, (_, i) => i * 2200) },
  { name: "i32", data: Int32Array.from({ length: n }, (_, i) => i * 1e8 - 2e9) },
  { name: "u32", data: Uint32Array.from({ length: n }, (_, i) => i * 1.4e8) },
  { name: "i64", data: BigInt64Array.from({ length: n }, (_, i) => -(2n ** 62n) + BigInt(i)) },
  { name: "u64", data: BigUint64Array.from({ length: n }, (_, i) => 2n ** 63n + BigInt(i)) },
  { name: "name", ucd: "meta.id", data: Array.from({ length: n }, (_, i) => (i % 5 ? `Quelle ${i} é` : null)) },
  { name: "flag", data: Array.from({ length: n }, (_, i) => (i % 6 ? i % 2 === 0 : null)) },
  { name: "curve", data: Array.from({ length: n }, (_, i) => (i % 7 ? Float64Array.of(i, i / 2) : null)) },
  { name: "labels", data: Array.from({ length: n }, (_, i) => (i % 7 ? ["a", `b${i}`] : [])) },
  { name: "empty", data: Array.from({ length: n }, () => null) },
];
const catalog = new Catalog(fields, { name: "test sources" });

function expectSame(found: Catalog, original: Catalog): void {
  expect(found.name).toBe(original.name);
  for (const { kind: _, ...info } of original.columns) {
    const column = found.columns.find(({ name }) => name === info.name);
    expect(column).toMatchObject(info);
    expect({ [info.name]: plain(found, info.name) }).toEqual({ [info.name]: plain(original, info.name) });
  }
}

describe("catalogFromParquet()", () => {
  for (const codec of ["snappy", "zstd", "gzip", "none"]) {
    it(`reads what pyarrow wrote with ${codec}, in several row groups`, async () => {
      const found = await catalogFromParquet(fixture(`pyarrow-${codec}.parquet`));
      for (const [name, values] of Object.entries(expected)) {
        expect({ [name]: plain(found, name) }).toEqual({ [name]: values });
      }
      expect(found.columns.find(({ name }) => name === "ra")).toMatchObject({
        unit: "deg",
        ucd: "pos.eq.ra;meta.main",
        description: "Right ascension",
      });
      expect(found.unit("flux")).toBe("erg/s/cm2");
      expect(found.column("i16")).toBeInstanceOf(Int16Array);
      expect(found.column("u32")).toBeInstanceOf(Uint32Array);
      expect(found.column("flux")).toBeInstanceOf(Float32Array);
    });
  }

  it("reads units and UCDs of astropy's Parquet with VOTable header", async () => {
    const found = await catalogFromParquet(fixture("astropy-vo.parquet"));
    expect(found.columns).toMatchObject([
      { name: "ra", unit: "deg", ucd: "pos.eq.ra;meta.main" },
      { name: "rate", ucd: "phot.count" },
      { name: "name", ucd: "meta.id" },
    ]);
    expect(found.numbers("rate")[1]).toBeNaN();
    expect(found.column("name")).toEqual(["a", "b", "c", "d", "é"]);
  });

  it("reads only the columns asked for, and says which it lacks", async () => {
    const file = fixture("pyarrow-snappy.parquet");
    const found = await catalogFromParquet(file, { columns: ["u8", "ra"] });
    expect(found.columns.map(({ name }) => name)).toEqual(["u8", "ra"]);
    await expect(catalogFromParquet(file, { name: "x.parquet", columns: ["dec"] })).rejects.toThrow(
      /"x.parquet": there must be a column "dec": it has "name", "ra"/,
    );
    await expect(catalogFromParquet(file.subarray(0, 5000), { name: "cut" })).rejects.toThrow(
      /"cut": it must be a whole Parquet/,
    );
  });
});

describe("parquetFromCatalog()", () => {
  it("keeps values, types, units and UCDs", async () => {
    const found = await catalogFromParquet(await parquetFromCatalog(catalog));
    expectSame(found, catalog);
    for (const name of ["i8", "u8", "i16", "u16", "i32", "u32", "i64", "u64", "flux"]) {
      expect(found.column(name).constructor).toBe(catalog.column(name).constructor);
    }
  });

  it("keeps a catalogue without rows", async () => {
    const none = catalog.filter(() => false);
    const found = await catalogFromParquet(await parquetFromCatalog(none));
    expect([found.numRows, found.unit("ra")]).toEqual([0, "deg"]);
    expect(catalogFromArrow(arrowFromCatalog(none)).unit("ra")).toBe("deg");
  });
});

describe("catalogFromArrow()", () => {
  for (const file of ["pyarrow.arrow", "pyarrow.arrows"]) {
    it(`reads pyarrow's ${file === "pyarrow.arrow" ? "file" : "stream"}`, () => {
      const found = catalogFromArrow(fixture(file));
      for (const [name, values] of Object.entries(expected)) {
        expect({ [name]: plain(found, name) }).toEqual({ [name]: values });
      }
      expect(found.unit("ra")).toBe("deg");
    });
  }

  it("refuses what is no Arrow data", () => {
    expect(() => catalogFromArrow(new Uint8Array(100).fill(7), { name: "x.arrow" })).toThrow(
      /"x.arrow": it must be whole Arrow data/,
    );
  });
});

describe("arrowFromCatalog()", () => {
  it("keeps values, units and UCDs in both formats", () => {
    for (const format of ["file", "stream"] as const)
      expectSame(catalogFromArrow(arrowFromCatalog(catalog, { format })), catalog);
  });
});

describe("pyarrow and astropy", () => {
  it("read our files with the same values, types, units and UCDs", async () => {
    const files = ["t.parquet", "t.arrow", "plain.parquet"].map((file) => join(folder, file));
    const [parquet, arrow, plainParquet] = files;
    writeFileSync(arrow as string, arrowFromCatalog(catalog));
    writeFileSync(parquet as string, await parquetFromCatalog(catalog));
    // astropy's reader knows neither lists nor texts and logicals that are null
    const plainColumns = fields.filter(({ data }) => !Array.isArray(data)).map(({ name }) => name);
    writeFileSync(plainParquet as string, await parquetFromCatalog(catalog.select(plainColumns)));
    const report = JSON.parse(runPython(new URL("read_back.py", import.meta.url).pathname, ...files));
    for (const name of fields.map((field) => field.name)) {
      for (const { rows } of [report.arrow, report.parquet]) {
        expect({ [name]: rows[name] }).toEqual({ [name]: plain(catalog, name) });
      }
    }
    expect(report.arrow.metadata.ra).toEqual({
      unit: "deg",
      ucd: "pos.eq.ra;meta.main",
      description: 'Right ascension "ICRS" <&>',
    });
    expect(report.parquet.types).toMatchObject({
      i8: "int8",
      u16: "uint16",
      u32: "uint32",
      flux: "float",
      u64: "uint64",
    });
    expect(report.astropy.ra).toBe("deg");
    expect(report.astropy.flux).toBe("erg/s/cm**2");
  });
});

describe("catalogFromTable()", () => {
  it("shares memory with arquero both ways, and takes units from the original", () => {
    const derived = catalog.table.derive({ double: (d: { ra: number }) => d.ra * 2 });
    const found = catalogFromTable(derived, { like: catalog });
    expect(found.column("ra")).toBe(catalog.column("ra"));
    expect(found.unit("ra")).toBe("deg");
    expect(found.unit("double")).toBeUndefined();
    expect(found.numbers("double")[2]).toBeCloseTo(2 * 24.69, 12);
  });

  it("keeps the rows of a filtered and ordered table", () => {
    const table = makeTable({ x: [3, 1, 2, 5], name: ["c", "a", null, "e"] });
    const found = catalogFromTable(table.filter((d: { x: number }) => d.x < 4).orderby("x"), { name: "t" });
    expect(Array.from(found.numbers("x"))).toEqual([1, 2, 3]);
    expect(found.column("name")).toEqual(["a", null, "c"]);
  });
});

describe("votableFromCatalog()", () => {
  it("keeps values, units and UCDs through a VOTable", () => {
    const columns = fields.map(({ name }) => name).filter((name) => !["u64", "labels"].includes(name));
    const original = catalog.select(columns);
    for (const serialization of ["BINARY2", "TABLEDATA"] as const) {
      const bytes = writeVotable(votableFromCatalog(original), { serialization });
      expectSame(catalogFromVotable(readVotable(bytes)), original);
    }
    expect(() => votableFromCatalog(catalog)).toThrow(/integers must be below 2\^63/);
  });

  it("keeps every value of a large table, bytes and flags too", () => {
    const n = 200_000;
    const columns = [
      { name: "byte", data: Uint8Array.from({ length: n }, (_, i) => 1 + (i % 255)) },
      { name: "flag", data: Array.from({ length: n }, (_, i) => i % 3 === 0) },
      { name: "text", data: Array.from({ length: n }, (_, i) => `source ${i}`) },
      { name: "value", data: Float64Array.from({ length: n }, (_, i) => Math.sqrt(i)) },
    ];
    const large = new Catalog(columns, { name: "large" });
    expectSame(catalogFromVotable(readVotable(writeVotable(votableFromCatalog(large)))), large);
  });
});
