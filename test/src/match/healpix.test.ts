import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { healpixNested } from "../../../src/match/index.ts";

interface Reference {
  readonly raDeg: readonly number[];
  readonly decDeg: readonly number[];
  readonly pixels: Readonly<Record<string, readonly number[]>>;
}
const reference: Reference = JSON.parse(
  readFileSync(new URL("../../fixtures/match/healpix.json", import.meta.url), "utf8"),
);

it.each(Object.keys(reference.pixels))("healpixNested() gives healpy's pixels at nside %s, on edges too", (nside) => {
  const pixels = healpixNested(reference, { nside: Number(nside) });
  expect(Array.from(pixels)).toEqual(reference.pixels[nside]);
});

it("healpixNested() keeps the nesting: a pixel's parent is the pixel at half the nside", () => {
  const fine = healpixNested(reference, { nside: 2 ** 24 });
  const coarse = healpixNested(reference, { nside: 16 });
  const inside = Array.from(fine).filter((pixel, i) => Math.floor(pixel / 4 ** 20) === coarse[i]);
  // Positions on an edge may round to either side of it at another nside
  expect(inside.length).toBeGreaterThan(0.9 * fine.length);
});

it("healpixNested() refuses what is no nside and no position", () => {
  const one = { raDeg: [1], decDeg: [2] };
  expect(() => healpixNested(one, { nside: 12 })).toThrow(
    "Cannot find HEALPix pixels: nside must be a power of two up to 2^24: current value is 12",
  );
  expect(() => healpixNested({ raDeg: [1], decDeg: [91] }, { nside: 16 })).toThrow("row 0 is at (1, 91)");
});
