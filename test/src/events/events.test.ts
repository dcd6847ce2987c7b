import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it, test } from "vitest";
import { EventList, insideRegion, readEvents, readRegion } from "../../../src/events/index.ts";
import { readFits } from "../../../src/fits/index.ts";
import { exposureSec, makeGti } from "../../../src/gti/index.ts";
import { DISPLAY } from "../../../src/host/index.ts";
import { sharedData } from "../../shared-data.ts";

function load(path: string, options = {}) {
  const raw = readFileSync(sharedData("events", path));
  return readEvents(readFits(raw[0] === 0x1f ? gunzipSync(raw) : raw, { name: path }), options);
}

function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes;
}

describe("readEvents()", () => {
  it("sorts unsorted photons with their energies and loses none", () => {
    const path = "stingray/monol_testA_calib_unsrt.evt";
    const table = readFits(readFileSync(sharedData("events", path))).table("EVENTS");
    const pairs = Array.from(table.numbers("TIME"), (time, i) => [time, table.numbers("ENERGY")[i] as number]);
    const list = load(path);
    expect(list.length).toBe(1000);
    const expected = pairs.toSorted((a, b) => (a[0] as number) - (b[0] as number));
    expect(Array.from(list.timeSec)).toEqual(expected.map(([time]) => time));
    expect(Array.from(list.energyKeV)).toEqual(expected.map(([, energy]) => Math.fround(energy as number)));
    expect(list.notes.join()).toMatch(/sorted/);
    expect(list.notes.join()).toMatch(/no good time intervals: tStartSec to tStopSec/);
    expect(Array.from(list.gti.startSec)).toEqual([80_000_000]);
  });

  it("adds TIMEZERO to photons, good time and bounds", () => {
    const plain = load("hendrics/monol_testA_mjdref.evt");
    const moved = load("hendrics/monol_testA_timezero.evt");
    expect(moved.tStartSec - plain.tStartSec).toBeCloseTo(0.2, 6);
    expect((moved.gti.startSec[0] as number) - (plain.gti.startSec[0] as number)).toBeCloseTo(0.2, 6);
    const raw = readFits(readFileSync(sharedData("events/hendrics/monol_testA_timezero.evt"))).table("EVENTS");
    expect(moved.timeSec[0]).toBeCloseTo(Math.min(...raw.numbers("TIME")) + 0.2, 6);
    expect(plain.meta.mjdRef).toBeCloseTo(55197.00076601852, 9);
  });

  it("reads NuSTAR and NICER energies from PI and says so", () => {
    const nustar = load("nustar/dummy_evt.evt", { columns: ["PI", "GRADE"] });
    expect(nustar.length).toBe(937);
    expect(nustar.gti.startSec.length).toBe(190);
    expect(nustar.energyKeV[0]).toBeCloseTo(1.6 + 0.04 * (nustar.extra.PI?.[0] as number), 4);
    expect(nustar.notes.join()).toMatch(/nominal, from PI/);
    expect(nustar.liveFraction).toBeCloseTo(38221.4331837686 / 41072.57551664114, 9);
    expect(load("nicer/ngc300nicer_bary.evt").gti.startSec.length).toBe(8);
  });

  it("takes another conversion when given one", () => {
    const list = load("edge/iter_c.fit", { energy: { column: "PHA", perUnitKeV: 0.01 } });
    expect(list.length).toBe(5000);
    expect(list.hasEnergies).toBe(true);
    expect(list.x).toHaveLength(5000);
  });

  it("reads lists without energies and refuses bands of them", () => {
    const list = load("edge/test_Gtis.evt");
    expect(list.length).toBe(1000);
    expect(list.gti.startSec.length).toBe(3);
    expect(list.hasEnergies).toBe(false);
    expect(() => list.filter({ energyKeV: "soft" })).toThrow(/must have photon energies/);
    expect(() => list.lightCurve({ binSec: 10, band: "soft" })).toThrow(/must have photon energies/);
    const curve = list.lightCurve({ binSec: 10 });
    expect(curve.totalCounts + curve.eventsOutsideGti).toBe(1000);
  });

  it("reads a list without photons or good time", () => {
    const list = load("edge/structure_only_evt.fits");
    expect(list.length).toBe(0);
    expect(exposureSec(list.gti)).toBeCloseTo(79719775.411263 - 79649357.908666, 6);
    expect(list.notes.join()).toMatch(/6 GTI table\(s\) hold no good time/);
    expect(list.lightCurve({ binSec: 1000 }).totalCounts).toBe(0);
    expect(list[DISPLAY]()["text/html"]).toContain("0 photons");
  });

  it("finds RXTE's event table by class and its Start/Stop columns", () => {
    const list = load("stingray/xte_test.evt.gz");
    expect(list.length).toBe(1000);
    expect(list.gti.startSec.length).toBe(1);
    expect(list.meta.object).toBe("4U_1636-53");
    expect(list.notes.join()).not.toMatch(/no photons/);
  });

  it("takes no mark of time among RXTE's words for a photon", () => {
    const path = "stingray/xte_test.evt.gz";
    const bytes = gunzipSync(readFileSync(sharedData("events", path)));
    const table = readFits(bytes, { name: path }).table("XTE_SE");
    const word = table.column("Event");
    expect(word.data[0]).toBe(1);
    // The second word's first bit cleared, as in a mark: 16 bits behind the time of 8 bytes in each row.
    const rowBytes = table.header.integer("NAXIS1");
    const first = Buffer.from(bytes).indexOf(bigEndian(table.numbers("TIME")[0]!));
    const marked = new Uint8Array(bytes);
    marked[first + rowBytes + 8]! &= 0x7f;
    const list = readEvents(readFits(marked, { name: path }));
    expect(list.length).toBe(999);
    expect(list.notes.join()).toMatch(/1 of 1000 rows are no photons by the first bit of Event: left out/);
    const all = load(path);
    expect(Array.from(list.timeSec)).toEqual(Array.from(all.timeSec).filter((_, i) => i !== 1));
  });

  it("knows dates, positions and whether times are barycentred", () => {
    const list = load("chandra_755/755_7_evt2_05_8keV.fits");
    // DATE-OBS of the header, to its second
    expect(list.clock.date(list.tStartSec, { scale: "tt", digits: 0 })).toBe("2000-10-21T15:25:43");
    expect(list.isBarycentred).toBe(false);
    expect(load("nicer/ngc300nicer_bary.evt").isBarycentred).toBe(true);
    const { raDeg, decDeg } = list.positions();
    // The field of ACIS-S3 lies within 0.3 deg of the tangent point
    expect(raDeg.every((ra) => Math.abs(ra - 336.44962736622) < 0.8)).toBe(true);
    expect(decDeg.every((dec) => Math.abs(dec - 65.587201613352) < 0.3)).toBe(true);
    expect(() => load("edge/iter_c.fit").positions()).toThrow(/it has no plane/);
    expect(() => load("edge/test_Gtis.evt").clock).toThrow(/must have MJDREF and TIMESYS: current values are absent/);
  });

  it("names the HDUs where none has events", () => {
    expect(() => load("lightcurves/PN_gti.fits")).toThrow(/must be an event table with a TIME column: the HDUs are 0/);
    // Six bins of a light curve are not six photons.
    const curve = "csc_lc3/star_2CXOJ015327.3-134144";
    const [bins] = readdirSync(sharedData("events", curve)).filter((name) => name.includes("lc3"));
    expect(() => load(`${curve}/${bins}`)).toThrow(/\("LIGHTCURVE" is a light curve, which loadLightCurve reads\)/);
    expect(() => load(`${curve}/${bins}`, { hdu: 1 })).toThrow(/"LIGHTCURVE" is a light curve/);
  });
});

describe("EventList.filter()", () => {
  const list = new EventList({
    name: "made",
    timeSec: new Float64Array([5, 1, 3, 9]),
    energyKeV: new Float32Array([1, 2, 3, 4]),
    x: new Float32Array([0, 1, 2, 3]),
    y: new Float32Array([0, 0, 0, 0]),
    ccdId: new Int16Array([7, 7, 3, 3]),
    extra: { grade: new Int16Array([0, 2, 3, 4]) },
    gtiByCcd: new Map([
      [7, makeGti([0], [6])],
      [3, makeGti([2], [10])],
    ]),
    tStartSec: 0,
    tStopSec: 10,
    liveFraction: 0.5,
  });

  it("keeps columns together", () => {
    expect(Array.from(list.timeSec)).toEqual([1, 3, 5, 9]);
    expect(Array.from(list.extra.grade as Int16Array)).toEqual([2, 3, 0, 4]);
    const kept = list.filter({ energyKeV: [1, 3] });
    expect(Array.from(kept.timeSec)).toEqual([1, 5]);
    expect(Array.from(kept.extra.grade as Int16Array)).toEqual([2, 0]);
    expect(kept.exposureSec).toBe(list.exposureSec);
  });

  it("cuts good time with time and takes that of the CCDs that remain", () => {
    const outside = (from: number, to: number) => () => list.filter({ timeSec: [from, to] });
    expect(outside(4, 0)).toThrow(/must be ascending mission times/);
    expect(outside(1e9, 2e9)).toThrow(/that meet the observation's, \[/);
    expect(() => list.filter({ energyKeV: [500, 7000] })).toThrow(/must be in keV, at most 1000.*\(is it in eV\?\)/);
    const early = list.filter({ timeSec: [0, 4] });
    expect(early.length).toBe(2);
    expect(exposureSec(early.gti)).toBe(4);
    expect(early.exposureSec).toBe(2);
    expect(early.tStopSec).toBe(4);
    const region = { kind: "circle", x: 0.5, y: 0, radius: 0.6 } as const;
    const onSeven = list.filter({ region });
    expect(Array.from(onSeven.timeSec)).toEqual([1, 5]);
    expect(Array.from(onSeven.gti.stopSec)).toEqual([6]);
    expect(list.filter({ ccdId: 3 }).exposureSec).toBe(4);
  });

  it("takes masks and tests, and rejects a mask of the wrong length", () => {
    expect(list.filter({ mask: [true, false, false, true] }).length).toBe(2);
    expect(list.filter({ mask: (i) => i === 1 }).timeSec[0]).toBe(3);
    expect(() => list.filter({ mask: [true] })).toThrow(/mask must have 4 elements: current length is 1/);
    const bare = new EventList({ timeSec: new Float64Array([1]) });
    expect(() => bare.filter({ region: { kind: "circle", x: 0, y: 0, radius: 1 } })).toThrow(/must have x and y/);
  });

  it("rejects columns of another length", () => {
    const wrong = { timeSec: new Float64Array(2), energyKeV: new Float32Array(3) };
    expect(() => new EventList(wrong)).toThrow(/"energyKeV" must have one value per photon \(2\): current length is 3/);
  });
});

test("readRegion() cuts the sources out of the catalogue's background region", () => {
  const path = "csc_products_7999/acisf07999_000N001_r0035_reg3.fits";
  const region = readRegion(readFits(readFileSync(sharedData("spectra", path)), { name: path }), { hdu: "BKGREG" });
  expect(region.include).toHaveLength(1);
  expect(region.exclude).toHaveLength(2);
  // Centre of the source, centre of its neighbour, and between the source and the edge
  expect(insideRegion(region, 3145.9, 4520.8)).toBe(false);
  expect(insideRegion(region, 3037.4, 4613.2)).toBe(false);
  expect(insideRegion(region, 3145.9 - 60, 4520.8)).toBe(true);
});

describe("insideRegion()", () => {
  it("turns ellipses and boxes by their angle", () => {
    const ellipse = { kind: "ellipse", x: 10, y: 10, radii: [4, 1], angleDeg: 90 } as const;
    expect(insideRegion(ellipse, 10, 13.9)).toBe(true);
    expect(insideRegion(ellipse, 13.9, 10)).toBe(false);
    const box = { kind: "box", x: 0, y: 0, size: [4, 2], angleDeg: 45 } as const;
    expect(insideRegion(box, 1.3, 1.3)).toBe(true);
    expect(insideRegion(box, 1.3, -1.3)).toBe(false);
  });

  it("knows annuli, polygons with dents and cut-outs", () => {
    const annulus = { kind: "annulus", x: 0, y: 0, inner: 1, outer: 2 } as const;
    expect([0.5, 1.5, 2.5].map((x) => insideRegion(annulus, x, 0))).toEqual([false, true, false]);
    const dented = { kind: "polygon", xs: [0, 4, 4, 2, 0], ys: [0, 0, 4, 1, 4] } as const;
    expect(insideRegion(dented, 2, 3)).toBe(false);
    expect(insideRegion(dented, 3.8, 3)).toBe(true);
    const composite = { include: [annulus], exclude: [{ kind: "circle", x: 1.5, y: 0, radius: 0.2 }] } as const;
    expect(insideRegion(composite, 1.5, 0)).toBe(false);
    expect(insideRegion(composite, -1.5, 0)).toBe(true);
  });
});
