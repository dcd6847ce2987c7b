import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { columnPlane, readFits, SkyPlane, type SkyPlaneFields } from "../../../src/fits/index.ts";
import planes from "../../fixtures/fits/planes.json" with { type: "json" };
import { sharedData } from "../../shared-data.ts";

describe.each(planes)("the $fields.projection plane at dec $fields.decDeg", ({ fields, pixels, sky }) => {
  const plane = new SkyPlane(fields as SkyPlaneFields);
  const onPlane = pixels.map((pixel, i) => ({ pixel, sky: sky[i] as [number, number] }));

  it("gives astropy's positions and pixels", () => {
    for (const { pixel, sky } of onPlane) {
      // A SIN plane ends; beyond it astropy has NaN, which the fixture has as null
      if (sky[0] === null) continue;
      const [ra, dec] = plane.toSky(pixel[0] as number, pixel[1] as number);
      const east = ((ra - sky[0] + 540) % 360) - 180;
      // 1e-11 deg is 4e-8 arcsec, the rounding of 360 in a double magnified near the pole
      expect(Math.abs(east * Math.cos((dec * Math.PI) / 180))).toBeLessThan(1e-11);
      expect(Math.abs(dec - sky[1])).toBeLessThan(1e-11);
      const [x, y] = plane.toPixel(sky[0], sky[1]);
      expect(Math.hypot(x - (pixel[0] as number), y - (pixel[1] as number))).toBeLessThan(1e-6);
    }
  });
});

describe("SkyPlane", () => {
  const plane = new SkyPlane({ raDeg: 10, decDeg: 0, xRef: 1, yRef: 1, xStepDeg: -0.001, yStepDeg: 0.001 });

  it("refuses positions that have no pixel", () => {
    expect(() => plane.toPixel(110, 0)).toThrow(/must be less than 90 deg from \(10, 0\)/);
    expect(() => new SkyPlane({ ...plane.fields, xStepDeg: 0 })).toThrow(/the steps not 0/);
  });

  it("is found in the headers of Chandra and NuSTAR, and nowhere else", () => {
    const read = (path: string) =>
      columnPlane(readFits(readFileSync(sharedData("events", path)), { name: path }).table("EVENTS"));
    const chandra = read("chandra_755/755_7_evt2_05_8keV.fits");
    const [ra, dec] = chandra?.toSky(4096.5, 4096.5) ?? [];
    expect(ra).toBeCloseTo(336.44962736622, 12);
    expect(dec).toBeCloseTo(65.587201613352, 12);
    expect(read("nustar/dummy_evt.evt")?.fields).toMatchObject({ raDeg: 294.9107, xRef: 500.5, projection: "TAN" });
    expect(read("edge/iter_c.fit")).toBeUndefined();
    expect(read("nicer/sgr1830kgfilt.evt")).toBeUndefined();
  });
});
