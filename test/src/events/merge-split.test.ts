import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { EventList, mergeEvents, readEvents, splitAtGaps, splitEvents } from "../../../src/events/index.ts";
import { readFits, SkyPlane } from "../../../src/fits/index.ts";
import { exposureSec, makeGti } from "../../../src/gti/index.ts";
import { DISPLAY } from "../../../src/host/index.ts";
import { sharedData } from "../../shared-data.ts";

const load = (path: string) => readEvents(readFits(readFileSync(sharedData("events", path)), { name: path }));

describe("splitEvents()", () => {
  const list = new EventList({
    timeSec: Float64Array.of(0, 1, 2, 3, 3, 9),
    gti: makeGti([0, 6], [4, 10]),
    tStartSec: 0,
    tStopSec: 10,
  });

  it("puts every photon and all good time into exactly one part", () => {
    const parts = splitEvents(list, [1, 3]);
    expect(parts.map(({ timeSec }) => [...timeSec])).toEqual([[0], [1, 2], [3, 3, 9]]);
    expect(parts.map(({ gti }) => exposureSec(gti))).toEqual([1, 2, 5]);
    expect(parts.map(({ exposureSec }) => exposureSec)).toEqual([1, 2, 5]);
    expect(() => splitEvents(list, [50])).toThrow(/must be of the observation, 0 to 10: current value is 50/);
    expect(() => splitEvents(list, [3, 1])).toThrow(/must ascend: number 2 is 1 after 3/);
  });

  it("cuts real observations at their gaps, and merging gives them back", () => {
    for (const path of ["nustar/dummy_evt.evt", "nicer/ngc300nicer_bary.evt", "chandra_755/755_7_evt2_05_8keV.fits"]) {
      const whole = load(path);
      const parts = splitAtGaps(whole, { minGapSec: 100 });
      expect(parts.length).toBeGreaterThan(path.startsWith("chandra") ? 0 : 1);
      expect(parts.reduce((sum, { length }) => sum + length, 0)).toBe(whole.length);
      const again = mergeEvents(parts);
      expect([...again.timeSec]).toEqual([...whole.timeSec]);
      expect([...again.energyKeV]).toEqual([...whole.energyKeV]);
      expect(exposureSec(again.gti)).toBeCloseTo(exposureSec(whole.gti), 6);
      expect(again.grade).toEqual(whole.grade);
      expect(again.meta).toEqual(whole.meta);
    }
  });
});

describe("mergeEvents()", () => {
  const sky = new SkyPlane({ raDeg: 10, decDeg: 60, xRef: 0, yRef: 0, xStepDeg: -1e-4, yStepDeg: 1e-4 });
  const a = new EventList({
    name: "a",
    timeSec: Float64Array.of(100, 300),
    x: Float32Array.of(0, 10),
    y: Float32Array.of(0, 10),
    sky,
    extra: { pha: Int16Array.of(1, 2) },
    gti: makeGti([0], [400]),
    meta: { mjdRef: 50814, mjdRefParts: [50814, 0], timeSys: "TT", telescope: "X" },
  });

  it("brings times to one clock and pixels to one sky", () => {
    const other = new SkyPlane({ ...sky.fields, raDeg: 10.002 });
    const b = new EventList({
      name: "b",
      timeSec: Float64Array.of(100),
      x: Float32Array.of(0),
      y: Float32Array.of(0),
      sky: other,
      gti: makeGti([50], [150]),
      meta: { mjdRef: 50814.5, mjdRefParts: [50814, 0.5], timeSys: "TT", telescope: "Y" },
    });
    const both = mergeEvents([a, b]);
    expect([...both.timeSec]).toEqual([100, 300, 43_300]);
    expect(both.clock.date(both.timeSec[2] as number)).toBe(b.clock.date(b.timeSec[0] as number));
    // 0.002 deg of right ascension at declination 60 is 0.001 deg: ten pixels towards smaller x
    expect(both.x?.[2]).toBeCloseTo(-10, 2);
    expect(both.exposureSec).toBe(500);
    expect(both.meta.telescope).toBeUndefined();
    expect(both.notes.join()).toMatch(/not all lists have pha/);
  });

  it("says where exposures overlap and refuses what does not go together", () => {
    expect(mergeEvents([a, a]).notes.join()).toMatch(/overlap: their exposures were added up/);
    expect(mergeEvents([a, a]).exposureSec).toBe(800);
    const tdb = new EventList({ ...a, meta: { ...a.meta, timeSys: "TDB" } } as never);
    expect(() => mergeEvents([a, tdb])).toThrow(/current scales are TT, TDB, some barycentred/);
    expect(() => mergeEvents([])).toThrow(/there must be at least one/);
    const unknown = new EventList({ timeSec: Float64Array.of(1), meta: { timeSys: "TT" } });
    expect(() => mergeEvents([a, unknown])).toThrow(/all or none must have MJDREF/);
  });
});

describe("lists at the edge", () => {
  const shown = (list: EventList) => list[DISPLAY]()["text/html"];

  it("a single photon has a light curve and a display", () => {
    const single = new EventList({
      timeSec: Float64Array.of(5),
      energyKeV: Float32Array.of(1),
      gti: makeGti([0], [10]),
    });
    expect(single.lightCurve({ binSec: 5 }).totalCounts).toBe(1);
    expect(single.bayesianBlocks().length).toBe(1);
    expect(shown(single)).toContain("1 photon<");
    const bare = new EventList({ timeSec: Float64Array.of(5) });
    expect(bare.exposureSec).toBe(0);
    expect(shown(bare)).toContain("0.0 s");
  });

  it("no photons, or no good time, give zero or an error that says so", () => {
    const empty = new EventList({ timeSec: new Float64Array(0), gti: makeGti([0], [10]) });
    expect(empty.lightCurve({ binSec: 5 }).totalCounts).toBe(0);
    expect(splitAtGaps(empty)).toHaveLength(1);
    expect(mergeEvents([empty, empty]).length).toBe(0);
    const dark = new EventList({ timeSec: Float64Array.of(1, 2), gti: makeGti([], []), tStartSec: 0, tStopSec: 3 });
    expect(dark.exposureSec).toBe(0);
    expect(() => dark.bayesianBlocks()).toThrow(/there must be good time/);
    expect(shown(dark)).toContain("2 photons");
  });
});
