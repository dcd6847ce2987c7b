import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadCatalog, loadEvents } from "../../../src/io/index.ts";
import { sharedData } from "../../shared-data.ts";
import { photonbook, photonbookError } from "./program.ts";

const folder = mkdtempSync(join(tmpdir(), "photonbook-lc-"));
afterAll(() => rmSync(folder, { recursive: true }));

const events = sharedData("events/chandra_23022_xrt200515/acisf23022_000N027_r0122_regevt3.fits.gz");
const region = sharedData("events/chandra_23022_xrt200515/acisf23022_000N020_r0122_reg3.fits.gz");

describe("photonbook lc", () => {
  it("prints what a person can read, and whether the source varies", () => {
    const text = photonbook("lc", events, "--region", region, "--blocks");
    expect(text).toContain("broad 0.5–7 keV: 188 counts");
    expect(text).toContain("Gregory–Loredo 1.000, variability index 10");
  });

  it("prints JSON, also of a region in words and a band in keV", async () => {
    const { x, y, energyKeV, length } = await loadEvents(events);
    const inside = Array.from({ length }, (_, i) => i).filter(
      (i) => Math.hypot(x![i]! - x![0]!, y![i]! - y![0]!) <= 40 && energyKeV[i]! >= 0.5 && energyKeV[i]! < 2,
    );
    const shape = `circle(${x![0]}, ${y![0]}, 40)`;
    const report = JSON.parse(
      photonbook("lc", events, "--region", shape, "--band", "0.5-2", "--bin", "5000", "--json"),
    );
    expect(report.bandKeV).toEqual([0.5, 2]);
    expect(report.counts).toHaveLength(6);
    const total = report.counts.reduce((a: number, b: number) => a + b, 0);
    expect(total + report.eventsOutsideGti).toBe(inside.length);
    expect(total).toBeGreaterThan(5);
    report.counts.forEach((n: number, i: number) => {
      expect(report.rate[i]).toBeCloseTo(n / report.exposureSec[i], 12);
    });
  });

  it("writes tables with units, and figures", async () => {
    const table = join(folder, "lc.fits");
    expect(photonbook("lc", events, "--region", region, "--counts", "20", "--out", table)).toContain("188 counts");
    const catalog = await loadCatalog(table);
    expect(catalog.columns.map(({ name, unit }) => `${name} ${unit}`)).toContain("RATE count/s");
    expect((catalog.column("COUNTS") as Int32Array).reduce((a, b) => a + b, 0)).toBe(188);
    const figure = join(folder, "lc.pdf");
    photonbook("lc", events, "--region", region, "--out", figure);
    expect(readFileSync(figure).subarray(0, 5).toString()).toBe("%PDF-");
  });

  it("says what is wrong before it reads anything", () => {
    expect(photonbookError("lc", "no-such-file.fits", "--out", "lc.doc")).toMatch(
      /must end in \.fits, .*\.png: current value is "\.doc"/,
    );
    expect(photonbookError("lc", events, "--bin", "10", "--blocks")).toContain(
      "current options are --bin and --blocks",
    );
    expect(photonbookError("lc", events, "--bin=-1")).toContain(
      '--bin must be a number above 0: current value is "-1"',
    );
    expect(photonbookError("lc", events, "--band", "x")).toContain("Cannot use energy band");
    expect(photonbookError("lc")).toContain("one event file must be given");
  });
});
