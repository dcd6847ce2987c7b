import { describe, expect, it } from "vitest";
import {
  coneSearch,
  submitTapJob,
  TapJob,
  type TapPhase,
  tapColumns,
  tapQuery,
  tapTables,
} from "../../src/archives/index.ts";
import { Catalog } from "../../src/catalog/index.ts";

const TABLE = "photonbook.master_source";
/** Names that exist in the table, and one that does not. */
const mine = new Catalog([
  { name: "source", data: ["PB 00010", "PB 00777", "PB 04999", "nobody"] },
  { name: "mag", unit: "mag", data: Float64Array.of(18.5, 20.25, Number.NaN, 1) },
]);

/** What rows.py made of a row. */
function rowOf(i: number) {
  return {
    name: `PB ${String(i).padStart(5, "0")}`,
    ra: Number(((i * 137.50776405) % 360).toFixed(10)),
    dec: Number((((i + 0.5) / 5000) * 160 - 80).toFixed(10)),
    flux_aper_b: i % 10 === 0 ? Number.NaN : Math.fround(((i % 97) + 1) * 1e-15),
    obsid: 1000 + (i % 50),
    counts: 2n ** 60n + BigInt(i),
    var_flag: i % 7 === 0,
  };
}

/** What our client must do with a TAP and a cone search service of DaCHS that hold the rows of rows.py. */
export function dachsScenario(base: () => string): void {
  const tap = () => `${base()}/tap`;

  describe("tapQuery()", () => {
    it("gives rows with their types, nulls, units and UCDs", async () => {
      const found = await tapQuery(tap(), `SELECT * FROM ${TABLE} WHERE obsid = 1020 ORDER BY name`);
      expect(found.numRows).toBe(100);
      for (let k = 0; k < 100; k++) expect(found.row(k)).toEqual(rowOf(20 + 50 * k));
      expect(found.columns).toMatchObject([
        { name: "name", ucd: "meta.id;meta.main", description: "Source name" },
        { name: "ra", unit: "deg", ucd: "pos.eq.ra;meta.main" },
        { name: "dec", unit: "deg" },
        { name: "flux_aper_b", unit: "erg/s/cm**2", ucd: "phot.flux;em.X-ray" },
        { name: "obsid" },
        { name: "counts", kind: "bigint" },
        { name: "var_flag", kind: "boolean" },
      ]);
      expect(found.notes).toEqual([]);
    });

    it("says that the row limit cut the result off", async () => {
      for (const mode of ["sync", "async"] as const) {
        const found = await tapQuery(tap(), `SELECT name FROM ${TABLE}`, { maxRows: 7, mode, pollMs: 50 });
        expect([found.numRows, found.notes.join()]).toEqual([7, expect.stringContaining("OVERFLOW")]);
      }
    });

    it("shows the service's own words for what is wrong", async () => {
      for (const mode of ["sync", "async"] as const) {
        const query = tapQuery(tap(), `SELECT no_such FROM ${TABLE}`, { mode, pollMs: 50 });
        await expect(query).rejects.toThrow(/the service reports an error: .*no_such.* could not be located/s);
      }
    });

    it("joins catalogues that travel along", async () => {
      const query = `SELECT u.*, m.ra FROM TAP_UPLOAD.mine u JOIN ${TABLE} m ON m.name = u.source ORDER BY m.name`;
      for (const mode of ["sync", "async"] as const) {
        const found = await tapQuery(tap(), query, { uploads: { mine }, mode, pollMs: 50 });
        expect(found.column("source")).toEqual(["PB 00010", "PB 00777", "PB 04999"]);
        expect(Array.from(found.numbers("mag"))).toEqual([18.5, 20.25, Number.NaN]);
        expect(found.unit("mag")).toBe("mag");
        expect(found.numbers("ra")[1]).toBe(rowOf(777).ra);
      }
      await expect(tapQuery(tap(), query, { uploads: { "my table": mine } })).rejects.toThrow(/letters, digits and _/);
    });
  });

  describe("TapJob", () => {
    it("is come back to by its address, and forgotten on request", async () => {
      const job = await submitTapJob(tap(), `SELECT count(*) AS n FROM ${TABLE}`);
      const phases: TapPhase[] = [];
      const again = new TapJob(job.address);
      await again.wait({ pollMs: 50, onPhase: (phase) => phases.push(phase) });
      expect(phases.at(-1)).toBe("COMPLETED");
      expect((await again.result()).row(0)).toEqual({ n: 5000 });
      await again.remove();
      await expect(again.check({ retries: 0 })).rejects.toThrow(/answered 404/);
    });

    it("ends at the service when the wait for it is stopped", async () => {
      // 1.25e11 pairs of pairs: longer than any test
      const slow = `SELECT count(*) FROM ${TABLE} a, ${TABLE} b, ${TABLE} c WHERE a.ra + b.ra + c.ra < 0`;
      const job = await submitTapJob(tap(), slow);
      const stop = new AbortController();
      const wait = job.wait({
        pollMs: 50,
        signal: stop.signal,
        onPhase: (phase) => phase === "EXECUTING" && stop.abort(),
      });
      await expect(wait).rejects.toThrow(/aborted/i);
      await expect(job.wait({ pollMs: 50 })).rejects.toThrow(/the job must complete: it is ABORTED/);
      await job.remove();
    });
  });

  describe("tapTables() and tapColumns()", () => {
    it("say what a service has", async () => {
      const tables = await tapTables(tap());
      expect(tables.column("table_name")).toContain(TABLE);
      const columns = await tapColumns(tap(), TABLE);
      const ra = Array.from({ length: columns.numRows }, (_, i) => columns.row(i)).find(
        (row) => row.column_name === "ra",
      );
      expect(ra).toMatchObject({ unit: "deg", ucd: "pos.eq.ra;meta.main", description: "Right ascension, ICRS" });
    });
  });

  describe("coneSearch()", () => {
    const service = () => `${base()}/photonbook/q/cone/scs.xml?`;

    it("gives the sources within the circle", async () => {
      const { name, ra, dec, flux_aper_b } = rowOf(2804);
      const found = await coneSearch(service(), { raDeg: ra, decDeg: dec, radiusArcsec: 3600 });
      expect([found.column("name"), found.numbers("flux_aper_b")[0]]).toEqual([[name], flux_aper_b]);
      expect(found.unit("flux_aper_b")).toBe("erg/s/cm**2");
      const none = await coneSearch(service(), { raDeg: ra, decDeg: 89, radiusArcsec: 60 });
      expect([none.numRows, none.unit("ra")]).toEqual([0, "deg"]);
    });

    it("shows the service's own words for what is wrong", async () => {
      const wrong = `${service()}VERB=many`;
      await expect(coneSearch(wrong, { raDeg: 1, decDeg: 1, radiusArcsec: 1 })).rejects.toThrow(
        /the service reports an error: .*verb.*many/i,
      );
      await expect(coneSearch(service(), { raDeg: 1, decDeg: 91, radiusArcsec: 1 })).rejects.toThrow(/decDeg −90–90/);
    });
  });
}
