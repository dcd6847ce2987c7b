import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { fitsFromCatalog, textFromCatalog } from "../../../src/catalog/index.ts";
import { EventList } from "../../../src/events/index.ts";
import { writeFits } from "../../../src/fits/index.ts";
import { DISPLAY } from "../../../src/host/index.ts";
import { loadCatalog, loadEvents, loadLightCurve } from "../../../src/io/index.ts";
import { sharedData } from "../../shared-data.ts";

const folder = mkdtempSync(join(tmpdir(), "photonbook-tables-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("loadEvents() of a CSV file", () => {
  const csv = sharedData("events/chandra_ebascs/hbc515_events.csv");

  it("finds times, energies and positions by their names, and says what it assumed", async () => {
    const [events, table] = await Promise.all([loadEvents(csv), loadCatalog(csv)]);
    expect(events.length).toBe(14_601);
    expect(events.timeSec).toEqual(table.numbers("t").toSorted());
    expect(Math.max(...events.energyKeV)).toBeCloseTo(Math.max(...table.numbers("energy")) / 1000, 3);
    expect(events.x).toHaveLength(14_601);
    expect(events.notes.join()).toMatch(/column energy has no unit: taken as eV.*no good time intervals/);
  });

  it("takes the columns that options name", async () => {
    const path = join(folder, "odd.csv");
    writeFileSync(path, "when,chan,col\n3,20,1\n1,10,2\n");
    const options = {
      time: "when",
      energy: { column: "chan", perUnitKeV: 0.1 },
      x: "col",
      y: "col",
      columns: ["chan"],
    };
    const events = await loadEvents(path, { ...options, frameTimeSec: 0.5 });
    expect(events.timeSec).toEqual(Float64Array.of(1, 3));
    expect(events.energyKeV).toEqual(Float32Array.of(1, 2));
    expect(events.extra.chan).toEqual(Float64Array.of(10, 20));
    expect(events.frameTimeSec).toBe(0.5);
    await expect(loadEvents(path)).rejects.toThrow(
      'Cannot make event list "odd.csv": there must be a column TIME, Time, time, T, t, or option time names it: the columns are "when", "chan", "col"',
    );
    writeFileSync(path, "t,e\n3,20\n,10\n");
    await expect(loadEvents(path)).rejects.toThrow(/column "t" must be finite in every row: the value in row 2 is NaN/);
  });
});

it("an EventList is made of any arrays of numbers", () => {
  const events = new EventList({
    timeSec: [3, 1],
    energyKeV: new Float64Array([2, 1]),
    x: [5, 6],
    y: [7, 8],
    grade: [0, 2],
  });
  expect([events.timeSec, events.energyKeV, events.x, events.grade]).toEqual([
    Float64Array.of(1, 3),
    Float32Array.of(1, 2),
    Float32Array.of(6, 5),
    Int16Array.of(2, 0),
  ]);
});

describe("loadLightCurve()", () => {
  it("reads evselect's rates as the counts they come from, with good times", async () => {
    const path = sharedData("events/lightcurves/PN_rate.fits");
    const [curve, table] = await Promise.all([loadLightCurve(path), loadCatalog(path, { hdu: "RATE" })]);
    expect([curve.length, curve.binSec, curve.energies]).toEqual([238, 100, "energies as in the file"]);
    expect(Array.from(curve.counts.slice(0, 5))).toEqual([15, 16, 18, 12, 24]);
    expect(Math.max(...curve.midSec.map((time, bin) => Math.abs(time - table.numbers("TIME")[bin]!)))).toBeLessThan(
      1e-6,
    );
    table.numbers("RATE").forEach((rate, bin) => {
      expect(curve.rate[bin]).toBeCloseTo(rate, 9);
    });
    expect(curve.gti.startSec[0]).toBeCloseTo(92870729.26, 1);
    expect(curve[DISPLAY]()["text/plain"]).toContain("238 bins of 100 s, energies as in the file");
    const raw = await loadLightCurve(sharedData("events/lightcurves/PN_source_lightcurve_raw.lc"), { band: [0.2, 10] });
    expect([raw.counts[0], raw.energies]).toEqual([86_795, "0.2–10 keV"]);
  });

  it("reads what table() made, from FITS and from text, the same in every bin", async () => {
    const events = await loadEvents(sharedData("events/nicer", "ngc300nicer_bary.evt"));
    const curve = events.lightCurve({ binSec: 50, band: "all" });
    const table = curve.table();
    expect(table.unit("RATE_ERR_LOW")).toBe("count/s");
    const [fits, ecsv] = [join(folder, "c.fits"), join(folder, "c.ecsv")];
    writeFileSync(fits, writeFits([fitsFromCatalog(table)]));
    writeFileSync(ecsv, textFromCatalog(table));
    for (const path of [fits, ecsv]) {
      const again = await loadLightCurve(path);
      for (const key of ["startSec", "stopSec", "counts", "exposureSec", "rate", "rateErrHigh"] as const) {
        expect(again[key]).toEqual(curve[key]);
      }
      expect(again.binSec).toBe(50);
    }
  });

  it("refuses rates that are no counts, and tables that are no light curve", async () => {
    const erosita = sharedData("events/lightcurves/020_LightCurve_00001.fits.gz");
    await expect(loadLightCurve(erosita)).rejects.toThrow(
      /Cannot use column "FRACEXP" .* as numbers: it must be numeric: it holds arrays of 3/,
    );
    const path = join(folder, "net.csv");
    writeFileSync(path, "TIME,RATE\n5,0.1\n15,0.25\n");
    await expect(loadLightCurve(path)).rejects.toThrow(/it must have TIMEDEL, or option binSec gives the width: row 1/);
    await expect(loadLightCurve(path, { binSec: 10 })).rejects.toThrow(
      'Cannot make a light curve of table "net.csv": RATE times exposure must be whole counts, as they are before a background is subtracted or rates are corrected: row 2 gives 2.5 (loadCatalog reads it as a table)',
    );
    await expect(loadLightCurve(sharedData("events/lightcurves/PN_gti.fits"))).rejects.toThrow(
      /there must be a table with TIME and RATE or COUNTS: the HDUs are/,
    );
  });
});
