import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Catalog } from "../../../src/catalog/index.ts";
import { parquetFromCatalog } from "../../../src/columnar/index.ts";
import { writeFits } from "../../../src/fits/index.ts";
import { loadCatalog } from "../../../src/io/index.ts";
import { sql, sqlToParquet } from "../../../src/sql/index.ts";
import { sharedData } from "../../shared-data.ts";

const folder = mkdtempSync(join(tmpdir(), "photonbook-sql-"));
const path = join(folder, "sources.parquet");
const n = 5000;
const csc = new Catalog(
  [
    { name: "name", ucd: "meta.id", data: Array.from({ length: n }, (_, i) => (i % 10 ? `s${i}` : null)) },
    { name: "ra", unit: "deg", ucd: "pos.eq.ra;meta.main", data: Float64Array.from({ length: n }, (_, i) => i / 20) },
    { name: "flux", unit: "erg/s/cm2", data: Float32Array.from({ length: n }, (_, i) => (i % 3 ? i : Number.NaN)) },
    { name: "obsid", data: Int32Array.from({ length: n }, (_, i) => i % 100) },
    { name: "big", data: BigInt64Array.from({ length: n }, (_, i) => 2n ** 60n + BigInt(i)) },
    { name: "variable", data: Array.from({ length: n }, (_, i) => i % 7 === 0) },
  ],
  { name: "csc" },
);
const notes = new Catalog([
  { name: "obsid", data: Int32Array.from({ length: 100 }, (_, i) => i) },
  { name: "exposure", unit: "ks", description: "Time", data: Float64Array.from({ length: 100 }, (_, i) => 10 + i) },
]);

beforeAll(async () => writeFileSync(path, await parquetFromCatalog(csc)));
afterAll(() => rmSync(folder, { recursive: true }));

describe("sql()", () => {
  it("reads files and tables in memory alike, with their units and types", async () => {
    for (const from of ["csc", `'${path}'`]) {
      const found = await sql(`SELECT * FROM ${from} WHERE flux > 4990 ORDER BY ra`, { tables: { csc } });
      expect(Array.from(found.numbers("flux"))).toEqual([4990, 4991, 4993, 4994, 4996, 4997, 4999].slice(1));
      expect(found.columns).toMatchObject([
        { name: "name", ucd: "meta.id", kind: "string" },
        { name: "ra", unit: "deg", ucd: "pos.eq.ra;meta.main", kind: "number" },
        { name: "flux", unit: "erg/s/cm2", kind: "number" },
        { name: "obsid", kind: "number" },
        { name: "big", kind: "bigint" },
        { name: "variable", kind: "boolean" },
      ]);
      expect(found.column("flux")).toBeInstanceOf(Float32Array);
      expect(found.column("obsid")).toBeInstanceOf(Int32Array);
      expect((found.column("big") as BigInt64Array)[0]).toBe(2n ** 60n + 4991n);
      expect(found.column("name")[0]).toBe("s4991");
    }
  });

  it("counts NaN as NULL: it is larger than no number", async () => {
    const found = await sql("SELECT count(*) AS n, count(flux) AS known, count(name) AS named FROM csc", {
      tables: { csc },
    });
    expect(found.row(0)).toEqual({ n, known: n - Math.ceil(n / 3), named: n - n / 10 });
    expect((await sql("SELECT flux, name FROM csc WHERE flux IS NULL LIMIT 1", { tables: { csc } })).row(0)).toEqual({
      flux: Number.NaN,
      name: null,
    });
  });

  it("keeps the unit of what is passed on or averaged, and gives none to what is computed", async () => {
    const query = `
      WITH bright AS (SELECT ra, flux AS f, obsid FROM csc WHERE flux > 10)
      SELECT b.ra AS right_ascension, max(f) AS top, avg(n.exposure) AS exposure, sum(f * 2) AS doubled, count(*) AS ra
      FROM bright b JOIN (SELECT * FROM notes) n ON b.obsid = n.obsid GROUP BY b.ra`;
    const found = await sql(query, { tables: { csc, notes: notes.table } });
    const units = Object.fromEntries(found.columns.map(({ name, unit }) => [name, unit]));
    // An arquero table has no units
    expect(units).toEqual({
      right_ascension: "deg",
      top: "erg/s/cm2",
      exposure: undefined,
      doubled: undefined,
      ra: undefined,
    });
    const again = await sql(query, { tables: { csc, notes } });
    expect(again.unit("exposure")).toBe("ks");
    const union = await sql("SELECT ra FROM csc UNION ALL SELECT exposure FROM notes", { tables: { csc, notes } });
    expect(union.unit("ra")).toBeUndefined();
    const joined = await sql("SELECT c.*, exposure FROM csc c JOIN notes USING (obsid)", { tables: { csc, notes } });
    expect([joined.unit("ra"), joined.unit("exposure"), joined.numRows]).toEqual(["deg", "ks", n]);
  });

  it("reads FITS, VOTable and CSV files by their path, joined with one another", async () => {
    const fits = join(folder, "exposures.fits");
    const data = Float64Array.from({ length: 10 }, (_, i) => 10 * i);
    writeFileSync(fits, writeFits([{ name: "T", columns: [{ name: "TIME", unit: "s", data }] }]));
    expect((await sql(`SELECT max("TIME") AS t FROM '${fits}'`)).columns).toMatchObject([{ name: "t", unit: "s" }]);
    const votable = sharedData("catalogs/csc_votable/47tuc_coneSearch.xml");
    const near = await sql(`SELECT name, ra, dec FROM '${votable}' WHERE ra < 5.35 ORDER BY ra`);
    expect(near.row(0).name).toBe("2CXO J002108.4-720305");
    expect(near.unit("dec")).toBe("deg");
    const csv = sharedData("catalogs/umlcaxs/uniquely_classified.csv");
    const rows = await sql(`SELECT count(*) AS n FROM '${csv}'`);
    expect(rows.row(0).n).toBe((await loadCatalog(csv)).numRows);
  });

  it("gives typed columns without rows, sums beyond 2^53, lists and times", async () => {
    const none = await sql("SELECT ra, obsid, name FROM csc WHERE ra < 0", { tables: { csc } });
    expect([none.numRows, none.column("ra"), none.column("obsid")]).toEqual([0, new Float64Array(), new Int32Array()]);
    const found = await sql(
      "SELECT sum(big) AS s, list(obsid ORDER BY obsid)[1:3] AS l, 1.5::DECIMAL(4,2) AS d, TIMESTAMP '2020-01-01 12:00:00' AS t FROM csc",
      { tables: { csc } },
    );
    const total = BigInt(n) * 2n ** 60n + BigInt((n * (n - 1)) / 2);
    expect(found.row(0)).toEqual({ s: String(total), l: Float64Array.of(0, 0, 0), d: 1.5, t: "2020-01-01 12:00:00" });
  });

  it("shows DuckDB's words for wrong SQL, and names files that are not there", async () => {
    await expect(sql("SELEC 1")).rejects.toThrow(/Cannot run SQL: Parser Error: syntax error at or near "SELEC"/);
    await expect(sql("SELECT flx FROM csc", { tables: { csc } })).rejects.toThrow(
      /Cannot run SQL: Binder Error: .*flx.*flux/s,
    );
    await expect(sql("SELECT * FROM 'none.fits'")).rejects.toThrow(/Cannot read "none.fits": there is no such file/);
  });

  it("gives columns that differ only in case names of their own, and says so", async () => {
    const td = new Catalog([
      { name: "b_rgeo", unit: "pc", data: Float64Array.of(1, 2) },
      { name: "B_rgeo", unit: "pc", data: Float64Array.of(10, 20) },
      { name: "B_RGEO_2", data: Float64Array.of(5, 5) },
    ]);
    const csv = join(folder, "case.csv");
    writeFileSync(csv, "b_rgeo,B_rgeo,B_RGEO_2\n1,10,5\n2,20,5\n");
    for (const from of ["td", `'${csv}'`]) {
      const all = await sql(`SELECT * FROM ${from}`, { tables: { td } });
      expect(all.columns.map(({ name }) => name)).toEqual(["b_rgeo_1", "B_rgeo_4", "B_RGEO_2"]);
      expect(Array.from(all.numbers("B_rgeo_4"))).toEqual([10, 20]);
      expect(all.notes.join()).toContain('"b_rgeo" is called b_rgeo_1, "B_rgeo" is called B_rgeo_4');
      // Either name would silently mean the first column
      await expect(sql(`SELECT avg(B_rgeo) FROM ${from}`, { tables: { td } })).rejects.toThrow(
        /SQL tells no case apart: in .*, "b_rgeo" is called b_rgeo_1, "B_rgeo" is called B_rgeo_4\)/,
      );
    }
    expect((await sql("SELECT avg(b_rgeo_1) AS m FROM td", { tables: { td } })).columns).toMatchObject([
      { unit: "pc" },
    ]);
    const real = await loadCatalog(sharedData("catalogs/muwclass/muwclass_TD.csv"));
    const mean = await sql("SELECT max(B_rgeo_2) AS m FROM real", { tables: { real } });
    expect(mean.row(0).m).toBe(Math.max(...real.numbers("B_rgeo").filter(Number.isFinite)));
  });

  it("counts NaN in CSV files as NULL, also in several and in compressed ones", async () => {
    writeFileSync(join(folder, "n1.csv"), "x,t\n1,NaN\nNaN,a\n,b\n");
    writeFileSync(join(folder, "n2.csv.gz"), gzipSync("x,t\n3,nan\nnan,\n"));
    const query = (path: string) => sql(`SELECT avg(x) AS mean, count(*) AS n, count(t) AS named FROM '${path}'`);
    expect((await query(join(folder, "n1.csv"))).row(0)).toEqual({ mean: 1, n: 3, named: 2 });
    expect((await query(join(folder, "n2.csv.gz"))).row(0)).toEqual({ mean: 3, n: 2, named: 0 });
    expect((await query(join(folder, "n*.csv"))).row(0)).toEqual({ mean: 1, n: 3, named: 2 });
  });

  it("says how a table or a file is named", async () => {
    await expect(sql("SELECT * FROM cs", { tables: { csc } })).rejects.toThrow(
      'Cannot run SQL: there is no table "cs": a table in memory is given as { tables: { cs } }, a file as its path in quotes; the tables given are: csc',
    );
    await expect(sql("SELECT * FROM 'none.csv'")).rejects.toThrow(/there is no file "none.csv" \(looked from /);
    await expect(sql("SELECT * FROM 'none.lc'")).rejects.toThrow(/^Cannot read "none.lc": there is no such file/);
    const curve = sharedData("events/lightcurves/PN_source_lightcurve_raw.lc");
    expect((await sql(`SELECT count(*) AS n FROM '${curve}'`)).row(0).n).toBe((await loadCatalog(curve)).numRows);
  });

  it("takes columns of arrays as lists", async () => {
    const lists = new Catalog([
      { name: "numbers", data: [[1], [2, Number.NaN], null, []] },
      { name: "texts", data: [["a", null], ["b"], [], null] },
    ]);
    const all = await sql("SELECT *, list_sum(numbers) AS total FROM lists", { tables: { lists } });
    expect(all.row(0)).toEqual({ numbers: Float64Array.of(1), texts: ["a", null], total: 1 });
    expect(all.row(1)).toEqual({ numbers: Float64Array.of(2, Number.NaN), texts: ["b"], total: 2 });
    expect(all.row(2).numbers).toBeNull();
    const events = sharedData("events/chandra_23022_xrt200515/acisf23022_000N027_r0122_regevt3.fits.gz");
    const found = await sql(`SELECT status FROM '${events}' WHERE len(status) = 32`);
    expect(found.numRows).toBe((await loadCatalog(events)).numRows);
    expect(found.row(0).status).toHaveLength(32);
  });

  it("ends when its signal is aborted", async () => {
    const abort = new AbortController();
    const endless = sql("SELECT count(*) FROM range(100000000) a, range(100000) b", { signal: abort.signal });
    setTimeout(() => abort.abort(new Error("stopped by the test")), 100);
    await expect(endless).rejects.toThrow(/stopped by the test/);
  });
});

describe("sqlToParquet()", () => {
  it("writes rows with the units that the query keeps", async () => {
    const out = join(folder, "it's.parquet");
    const query = "SELECT name, ra, flux * 2 AS twice, avg(flux) OVER () AS mean FROM csc WHERE ra < 10;";
    expect(await sqlToParquet(query, out, { tables: { csc }, name: "few", memoryLimit: "500MB" })).toBe(200);
    const found = await loadCatalog(out);
    expect([found.name, found.numRows, found.unit("ra"), found.unit("twice")]).toEqual(["few", 200, "deg", undefined]);
    const again = await sql(`SELECT ra FROM '${out.replace("'", "''")}' LIMIT 1`);
    expect(again.columns).toMatchObject([{ unit: "deg", ucd: "pos.eq.ra;meta.main" }]);
  });
});

/** Texts of all kinds: missing, empty, within DuckDB's 12 bytes and beyond them, of one byte a character and of more. */
const textOf = (i: number) =>
  [null, "", `short ${i % 9}`, "12 bytes long", `2CXO J${String(i).padStart(6, "0")}.1+456789`, `αβγ – source ${i} ✓`][
    i % 6
  ]!;
const TEXT_SQL = `CASE i % 6 WHEN 0 THEN NULL WHEN 1 THEN '' WHEN 2 THEN 'short ' || (i % 9) WHEN 3 THEN '12 bytes long'
  WHEN 4 THEN '2CXO J' || lpad(i::VARCHAR, 6, '0') || '.1+456789' ELSE 'αβγ – source ' || i || ' ✓' END`;

it.each(["i", "hash(i)"])("texts arrive whole, in the order of %s", async (order) => {
  const numbers = "(SELECT range::INTEGER AS i FROM range(30000))";
  const found = await sql(`SELECT ${TEXT_SQL} AS text, i FROM ${numbers} ORDER BY ${order}`);
  const rows = found.column("i") as Int32Array;
  expect(found.column("text")).toEqual(Array.from(rows, textOf));
});

it("equal texts, which point to one place, arrive each", async () => {
  const repeated = await sql("SELECT 'the same long text for all' AS text FROM range(5000)");
  expect(new Set(repeated.column("text") as string[])).toEqual(new Set(["the same long text for all"]));
  expect(repeated.numRows).toBe(5000);
});
