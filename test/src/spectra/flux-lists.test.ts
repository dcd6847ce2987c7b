import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { loadSpectrum } from "../../../src/io/index.ts";
import { fluxLists } from "../../../src/spectra/index.ts";
import { sharedData } from "../../shared-data.ts";

/** From Sherpa: see test/peers/multimodal_sherpa.py. */
const fixture: Record<string, { subtracted: boolean } & Record<string, number[]>> = JSON.parse(
  readFileSync(new URL("../../fixtures/spectra/flux-lists.json", import.meta.url), "utf8"),
);

describe("fluxLists()", () => {
  test.each(Object.keys(fixture))("bins %s as Sherpa does", async (path) => {
    const spectrum = await loadSpectrum(sharedData("spectra", path));
    const { subtracted, ...wanted } = fixture[path]!;
    expect(spectrum.background !== undefined).toBe(subtracted);
    const found: Record<string, Float64Array> = { ...fluxLists(spectrum) };
    expect(Object.keys(found).sort()).toEqual(Object.keys(wanted).sort());
    for (const [name, values] of Object.entries(wanted)) {
      expect(found[name]!.length, name).toBe(values.length);
      // The fixture has nine digits.
      values.forEach((value, i) => {
        expect(Math.abs(found[name]![i]! - value), `${name} ${i}`).toBeLessThanOrEqual(2e-8 * Math.abs(value));
      });
    }
  });

  test("refuses a range without channels", async () => {
    const spectrum = await loadSpectrum(sharedData("spectra/acis_9774_3c186/9774.pi"));
    expect(() => fluxLists(spectrum, { range: [20, 30] })).toThrow(
      /range must hold a channel, .* keV: .* 20 to 30 keV/,
    );
    expect(() => fluxLists(spectrum, { minCounts: 0 })).toThrow(/minCounts must be above 0/);
  });
});
