import { expect, test } from "vitest";
import { insideRegionMask, parseRegion } from "../../../src/events/index.ts";
import { SkyPlane } from "../../../src/fits/index.ts";
import fixture from "../../fixtures/events/regions.json" with { type: "json" };

const sky = new SkyPlane({
  raDeg: 77.381165632404,
  decDeg: -67.517243340615,
  xRef: 4096.5,
  yRef: 4096.5,
  xStepDeg: -0.492 / 3600,
  yStepDeg: 0.492 / 3600,
});

test.each(fixture.regions)("$text has the points that CIAO's library or astropy-regions finds in it", (row) => {
  const mask = insideRegionMask(parseRegion(row.text, { sky }), fixture.x, fixture.y);
  expect(mask.join("")).toBe(row.inside);
  expect(mask.reduce((sum, inside) => sum + inside, 0)).toBeGreaterThan(5);
});

test("parseRegion() reads what DS9 saves: comments, lines, exclusions", () => {
  const saved = `# Region file format: DS9 version 4.1
global color=green dashlist=8 3
physical
circle(4100,4100,50) # color=red text={a; source}
-ellipse(4100,4100,20,10,0)
+box 4200 4100 20 20 0`;
  const region = parseRegion(saved);
  const at = (x: number, y: number) => insideRegionMask(region, [x], [y])[0];
  expect([at(4140, 4100), at(4100, 4100), at(4205, 4105), at(4160, 4100)]).toEqual([1, 0, 1, 0]);
});

test("parseRegion() refuses what it cannot place", () => {
  expect(() => parseRegion("image\ncircle(1,2,3)")).toThrow(/line 1 "image": coordinates must be physical/);
  expect(() => parseRegion("point(1,2)")).toThrow(/shapes must be circle.*current shape is "point"/);
  expect(() => parseRegion("circle(1,2)")).toThrow(/"circle" cannot have 2 arguments/);
  expect(() => parseRegion("circle(1,2,x)")).toThrow(/"x" must be a number/);
  expect(() => parseRegion("circle(1,2,-3)")).toThrow(/sizes must not be negative/);
  expect(() => parseRegion("circle(1,2,3) & & box")).toThrow(/joined by/);
  expect(() => parseRegion("# nothing")).toThrow(/the text has no shape/);
  expect(() => parseRegion("fk5;circle(1,2,3)")).toThrow(/give the option sky/);
});
