import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  asciiCatalog,
  asciiText,
  Catalog,
  catalogFromText,
  fitsFromCatalog,
  textFromCatalog,
} from "../../../src/catalog/index.ts";
import { runPython } from "../../python.ts";

const folder = mkdtempSync(join(tmpdir(), "photonbook-text-"));
afterAll(() => rmSync(folder, { recursive: true }));
const script = resolve(import.meta.dirname, "read_ecsv.py");

const catalog = new Catalog([
  { name: "name", ucd: "meta.id", data: ["a, b", 'say "x"\nand go', null] },
  { name: "ra", unit: "deg", description: 'α: "J2000"', data: Float64Array.of(10.625, 1 / 3, Number.NaN) },
  { name: "flux", unit: "erg/s", data: Float32Array.of(0.1, Number.NaN, Number.POSITIVE_INFINITY) },
  { name: "n", data: Int16Array.of(1, 2, -3) },
  { name: "id", data: BigInt64Array.of(2n ** 62n + 1n, 1n, -5n) },
  { name: "ok", data: [true, null, false] },
  { name: "code", data: ["007", "# no comment", "x"] },
  { name: "list", data: [Float64Array.of(1, Number.NaN), null, Float64Array.of()] },
]);

describe("textFromCatalog()", () => {
  it("writes ECSV that reads back the same, types, units and descriptions too", () => {
    const again = catalogFromText(textFromCatalog(catalog));
    expect(again.columns).toEqual(catalog.columns);
    for (const { name } of catalog.columns) expect(again.column(name)).toEqual(catalog.column(name));
  });

  it("writes ECSV that astropy reads, value by value", () => {
    const path = join(folder, "ours.ecsv");
    const plain = catalog.select(["name", "ra", "flux", "n", "id", "ok", "code"]);
    writeFileSync(path, textFromCatalog(plain));
    const columns = JSON.parse(runPython(script, "read", path)) as { name: string; values: unknown[] }[];
    expect(columns).toMatchObject([
      { name: "name", ucd: "meta.id", dtype: "U", values: ["a, b", 'say "x"\nand go', null] },
      { name: "ra", unit: "deg", description: 'α: "J2000"', dtype: "f", values: [10.625, 1 / 3, null] },
      { name: "flux", unit: "erg / s", dtype: "f", values: [Math.fround(0.1), null, "inf"] },
      { name: "n", dtype: "i", values: [1, 2, -3] },
      // JSON.parse makes doubles of them
      { name: "id", dtype: "i", values: [2 ** 62, 1, -5] },
      { name: "ok", dtype: "b", values: [true, null, false] },
      { name: "code", values: ["007", "# no comment", "x"] },
    ]);
  });

  it("writes CSV and TSV without a header of comments, and no missing value as an empty line", () => {
    const few = catalog.select(["n", "ok"]);
    expect(textFromCatalog(few, { format: "csv" })).toBe("n,ok\n1,True\n2,\n-3,False\n");
    expect(textFromCatalog(few, { format: "tsv" })).toBe("n\tok\n1\tTrue\n2\t\n-3\tFalse\n");
    const one = new Catalog([{ name: "x", data: Float64Array.of(1, Number.NaN, 3) }]);
    for (const format of ["csv", "ecsv"] as const) {
      expect(catalogFromText(textFromCatalog(one, { format })).column("x")).toEqual(one.column("x"));
    }
  });
});

describe("asciiCatalog()", () => {
  it("spells names, units and texts, and notes how many", () => {
    const spelt = asciiCatalog(
      new Catalog([
        { name: "Γ", unit: "µJy", description: "≥ 1σ", data: ["β Pic: 0.1±0.2", "plain", null, "Gödel 雪\n"] },
      ]),
    );
    expect(spelt.columns).toMatchObject([{ name: "Gamma", unit: "uJy", description: ">= 1sigma" }]);
    expect(spelt.column("Gamma")).toEqual(["beta Pic: 0.1+/-0.2", "plain", null, "Godel ? "]);
    expect(spelt.notes).toEqual(['2 texts of column "Gamma" spelt in ASCII']);
    expect(asciiText("10⁻¹² erg cm⁻² s⁻¹, 5 Å, 3″")).toBe('10-12 erg cm-2 s-1, 5 A, 3"');
    expect(() => fitsFromCatalog(new Catalog([{ name: "a", data: ["x", "ü"] }]))).toThrow(
      /Cannot write column "a": texts in FITS must be printable ASCII: 1 text is not: row 2 is "ü"/,
    );
  });
});

describe("catalogFromText() of ECSV", () => {
  it("reads what astropy writes, delimited by blanks", () => {
    const path = join(folder, "astropy.ecsv");
    runPython(script, "write", path);
    const read = catalogFromText(readFileSync(path, "utf8"));
    expect(read.columns).toMatchObject([
      { name: "name" },
      { name: "ra", unit: "deg", description: "Right ascension: J2000", ucd: "pos.eq.ra" },
      ...["flux", "n", "id", "ok", "code", "pair"].map((name) => ({ name })),
    ]);
    expect(read.column("name")).toEqual(["a b", 'say "x"', null]);
    expect(read.column("ra")).toEqual(Float64Array.of(10.625, 1 / 3, -1e-300));
    expect(read.column("flux")).toEqual(Float32Array.of(0.1, Number.NaN, Number.POSITIVE_INFINITY));
    expect(read.column("n")).toEqual(Float64Array.of(1, Number.NaN, 3));
    expect(read.column("id")).toEqual(BigInt64Array.of(2n ** 62n + 1n, 1n, -5n));
    expect(read.column("ok")).toEqual([true, false, null]);
    expect(read.column("code")).toEqual(["007", "1", "x"]);
    expect(read.column("pair")).toEqual([Float64Array.of(0, 1), Float64Array.of(2, 3), Float64Array.of(4, 5)]);
  });

  it("names the column and row of a cell that is not of its type, and a header that is none", () => {
    const table = (type: string, cell: string) =>
      `# %ECSV 1.0\n# ---\n# delimiter: ','\n# datatype:\n# - {name: x, datatype: ${type}}\nx\n${cell}\n`;
    expect(() => catalogFromText(table("float64", "a"), { name: "t.ecsv" })).toThrow(
      'Cannot read catalogue "t.ecsv": column "x" must hold float64: row 1 has "a"',
    );
    expect(() => catalogFromText(table("bool", "1"))).toThrow(/column "x" must hold True or False: row 1 has "1"/);
    expect(() => catalogFromText("# %ECSV 1.0\n# a: [\nx\n1\n")).toThrow(/its ECSV header must be YAML/);
    expect(() => catalogFromText("# %ECSV 1.0\n# a: 1\nx\n1\n")).toThrow(/must list the columns under "datatype"/);
  });
});
