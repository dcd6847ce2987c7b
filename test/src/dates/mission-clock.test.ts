import { describe, expect, it, test } from "vitest";
import { MissionClock } from "../../../src/dates/index.ts";
import fixture from "../../fixtures/dates/dates.json" with { type: "json" };

/** Seconds between two ISO dates of the same scale (a leap second's 60 is the next minute's 0). */
function apartSec(a: string, b: string): number {
  const seconds = (text: string) => {
    const [day, hour, minute, second] = text.split(/[T:]/) as [string, string, string, string];
    return Date.parse(`${day}T${hour}:${minute}:00Z`) / 1000 + Number(second);
  };
  return Math.abs(seconds(a) - seconds(b));
}

// Cut, not rounded, to 1 µs; astropy rounds
const CUT = 1.5e-6;

describe.each(fixture.clocks)("the clock of $name", ({ mjdRef, timeSys, rows }) => {
  const clock = new MissionClock({ mjdRef: mjdRef as [number, number], timeSys });
  // The series of TDB − TT is good to 10 µs, TDB clocks see it in every other scale
  const series = 1.2e-5;

  it("gives astropy's dates", () => {
    for (const row of rows) {
      const tolerance = clock.scale === "tdb" ? series : CUT;
      expect(apartSec(clock.date(row.sec, { digits: 6 }), row.utc)).toBeLessThan(tolerance);
      expect(apartSec(clock.date(row.sec, { scale: "tt", digits: 6 }), row.tt)).toBeLessThan(tolerance);
      expect(apartSec(clock.date(row.sec, { scale: "tai", digits: 6 }), row.tai)).toBeLessThan(tolerance);
      const tdb = clock.scale === "tdb" ? CUT : series;
      expect(apartSec(clock.date(row.sec, { scale: "tdb", digits: 6 }), row.tdb)).toBeLessThan(tdb);
      expect(Math.abs(clock.mjd(row.sec, "tdb") - row.mjdTdb) * 86_400).toBeLessThan(tdb);
      expect(Math.abs(clock.mjd(row.sec, "utc") - row.mjdUtc) * 86_400).toBeLessThan(tolerance);
    }
  });

  it("finds the mission time of a date", () => {
    for (const row of rows) {
      const tolerance = clock.scale === "tdb" ? series : CUT;
      expect(Math.abs(clock.timeSec(row.utc) - row.sec)).toBeLessThan(tolerance);
      expect(Math.abs(clock.timeSec(clock.mjd(row.sec), clock.scale) - row.sec)).toBeLessThan(3e-6);
      for (const scale of ["tt", "tdb", "tai"] as const) {
        const date = clock.date(row.sec, { scale, digits: 9 });
        expect(Math.abs(clock.timeSec(date, scale) - row.sec)).toBeLessThan(2e-7);
      }
    }
  });
});

test("TAI − UTC has the steps that the Earth Rotation Service announced", () => {
  const clock = new MissionClock({ mjdRef: [41317, 0], timeSys: "TAI" });
  for (const [mjd, difference] of fixture.leaps as [number, number][]) {
    const midnight = clock.timeSec(mjd, "utc");
    expect(midnight - (mjd - 41317) * 86_400).toBe(difference);
    if (mjd > 41317) expect(clock.date(midnight - 1)).toMatch(/23:59:60\.000$/);
  }
  expect(fixture.leaps).toHaveLength(28);
});

describe("MissionClock", () => {
  const chandra = new MissionClock({ mjdRef: [50814, 0], timeSys: "TT" });

  it("reads dates as they are written", () => {
    expect(chandra.timeSec("1998-01-01", "tt")).toBe(0);
    expect(chandra.timeSec("1998-01-01 00:01", "tt")).toBe(60);
    expect(chandra.date(0, { scale: "tt", digits: 0 })).toBe("1998-01-01T00:00:00");
    expect(chandra.timeSec("2016-12-31T23:59:60.5")).toBeCloseTo(chandra.timeSec("2017-01-01T00:00:00") - 0.5, 6);
  });

  it("rejects what is no date, no scale and no time", () => {
    expect(() => chandra.timeSec("2020-02-30")).toThrow(/must be like .*"2020-02-30"/);
    expect(() => chandra.timeSec("15/05/20")).toThrow(/Cannot read date/);
    expect(() => chandra.date(Number.NaN)).toThrow(/must be finite: current value is NaN/);
    expect(() => chandra.date(-1e9)).toThrow(/must be in 1972 or later/);
    expect(() => new MissionClock({ mjdRef: [50814, 0], timeSys: "LOCAL" })).toThrow(/must be one of TT.*"LOCAL"/);
    expect(() => new MissionClock({ mjdRef: [Number.NaN, 0], timeSys: "TT" })).toThrow(/mjdRef must be finite/);
  });
});
