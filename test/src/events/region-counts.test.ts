import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it, test } from "vitest";
import {
  EventList,
  insideRegion,
  parseRegion,
  readEvents,
  readRegion,
  regionArea,
  regionCounts,
} from "../../../src/events/index.ts";
import { readFits } from "../../../src/fits/index.ts";
import { DISPLAY } from "../../../src/host/index.ts";
import { Rng } from "../../../src/random/index.ts";
import { sharedData } from "../../shared-data.ts";

const area = (text: string) => regionArea(parseRegion(text));

describe("regionArea()", () => {
  it("agrees with closed forms", () => {
    const close = (text: string, exact: number) => expect(Math.abs(area(text) / exact - 1)).toBeLessThan(1e-5);
    close("circle(10,20,7)", Math.PI * 49);
    close("ellipse(10,20,7,3,30)", Math.PI * 21);
    close("annulus(10,20,3,7)", Math.PI * 40);
    close("rotbox(10,20,7,3,30)", 21);
    close("rectangle(1,2,5,9)", 28);
    close("polygon(0,0,10,0,10,10,5,4,0,10)", 70);
    close("pie(10,20,3,7,20,110)", (Math.PI * 40) / 4);
    close("pie(10,20,3,7,-130,140)", (Math.PI * 40 * 3) / 4);
    close("circle(10,20,7)-circle(10,20,3)", Math.PI * 40);
    close("circle(0,0,7)+circle(0,0,3)", Math.PI * 49);
    close("rotbox(0,0,40,40,45)*box(0,0,40,40)", 1600 * (2 * Math.SQRT2 - 2));
  });

  it("agrees with throwing points at a region", () => {
    const region = parseRegion("circle(40,40,30)+ellipse(60,60,35,10,40)-rotbox(50,50,30,8,20)");
    const rng = new Rng(5);
    const n = 200_000;
    let inside = 0;
    for (let i = 0; i < n; i++) if (insideRegion(region, 120 * rng.uniform(), 120 * rng.uniform())) inside++;
    const share = inside / n;
    // 4 σ of a binomial share
    const error = 4 * Math.sqrt((share * (1 - share)) / n) * 120 ** 2;
    expect(Math.abs(regionArea(region) - share * 120 ** 2)).toBeLessThan(error);
  });

  it("refuses regions without an end", () => {
    expect(() => area("field()")).toThrow(/it must have an end/);
    expect(() => area("sector(0,0,10,20)")).toThrow(/it must have an end/);
  });
});

describe("regionCounts()", () => {
  it("takes the scaled background off, as counted by hand", () => {
    const list = new EventList({
      timeSec: Float64Array.from({ length: 12 }, (_, i) => i),
      x: Float32Array.of(0, 0, 0, 0, 0, 0, 15, 15, 15, -15, 99, 0),
      y: new Float32Array(12),
      tStartSec: 0,
      tStopSec: 10,
    });
    const counts = regionCounts(list, {
      source: parseRegion("circle(0,0,5)"),
      background: parseRegion("annulus(0,0,10,20)"),
    });
    // The photon at 11 s is outside the good time
    expect(counts.sourceCounts).toBe(6);
    expect(counts.backgroundCounts).toBe(4);
    expect(counts.scale).toBeCloseTo(25 / 300, 12);
    expect(counts.net).toBeCloseTo(6 - 4 / 12, 12);
    expect(counts.netRate).toBeCloseTo((6 - 4 / 12) / 10, 12);
    expect(counts[DISPLAY]()["text/plain"]).toContain("source region 6 counts in 79 px²");
  });

  it("has the significance of the likelihood ratio", () => {
    const list = (n: number, at: number) => Float32Array.from({ length: n }, () => at);
    const [on, off] = [22, 35];
    const events = new EventList({
      timeSec: new Float64Array(on + off).fill(1),
      x: Float32Array.of(...list(on, 0), ...list(off, 15)),
      y: new Float32Array(on + off),
      tStartSec: 0,
      tStopSec: 10,
    });
    const region = { source: parseRegion("circle(0,0,5)"), background: parseRegion("annulus(0,0,10,20)") };
    const { significance, scale } = regionCounts(events, region);
    const logL = (b: number, s: number) => on * Math.log(scale * b + s) - (scale * b + s) + off * Math.log(b) - b;
    // Best background without a source by a fine search; with one, each count fits itself
    let best = Number.NEGATIVE_INFINITY;
    for (let b = 30; b < 80; b += 0.001) best = Math.max(best, logL(b, 0));
    expect(significance).toBeCloseTo(Math.sqrt(2 * (logL(off, on - scale * off) - best)), 5);
  });

  it("finds the background of XRT 200515 negligible", () => {
    const open = (name: string) =>
      readFits(gunzipSync(readFileSync(sharedData("events/chandra_23022_xrt200515", name))), { name });
    const events = readEvents(open("acisf23022_000N027_r0122_regevt3.fits.gz"));
    const source = readRegion(open("acisf23022_000N020_r0122_reg3.fits.gz"), { hdu: "ECF90REGB" });
    const background = parseRegion("annulus(2858.554,4712.933,80,160)");
    const counts = regionCounts(events, { source, background });
    expect(counts.sourceCounts).toBe(188);
    expect(counts.sourceArea).toBeCloseTo(Math.PI * 36.79978561 * 24.92201681, 2);
    expect(counts.expectedBackground).toBeGreaterThan(10);
    expect(counts.expectedBackground).toBeLessThan(60);
    expect(counts.significance).toBeGreaterThan(10);
  });
});

test("regionCounts() refuses regions without area", () => {
  const list = new EventList({ timeSec: Float64Array.of(1), x: Float32Array.of(0), y: Float32Array.of(0) });
  const source = parseRegion("circle(0,0,0)");
  expect(() => regionCounts(list, { source, background: parseRegion("circle(0,0,9)") })).toThrow(/must have an area/);
});
