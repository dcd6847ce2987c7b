import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readEvents, readRegion } from "../../../src/events/index.ts";
import { readFits } from "../../../src/fits/index.ts";
import { exposureSec } from "../../../src/gti/index.ts";
import { DISPLAY } from "../../../src/host/index.ts";
import { energyTimeCube } from "../../../src/timing/index.ts";
import { sharedData } from "../../shared-data.ts";
import { dillmannLatents } from "./dillmann-encoder.ts";

function open(name: string) {
  return readFits(gunzipSync(readFileSync(sharedData("events/chandra_23022_xrt200515", name))), { name });
}

/** Numbers from science.md section 3 (Dillmann et al. 2025 and independent computation). */
describe("XRT 200515", () => {
  const all = readEvents(open("acisf23022_000N027_r0122_regevt3.fits.gz"), { columns: ["grade"] });
  const region = readRegion(open("acisf23022_000N020_r0122_reg3.fits.gz"), { hdu: "ECF90REGB" });
  const source = all.filter({ region, energyKeV: "broad" });
  const burst = source.tStartSec + 24_610;

  it("reads 5813 events with metadata, frame time and the good time of CCD 8", () => {
    expect(all.length).toBe(5813);
    expect(all.meta).toMatchObject({ telescope: "CHANDRA", obsId: "23022", object: "SNR 0509-67.5", mjdRef: 50814 });
    expect(all.frameTimeSec).toBe(3.14104);
    expect(all.exposureSec).toBeCloseTo(24_735.003845673, 6);
    expect(new Set(all.ccdId)).toEqual(new Set([8]));
    expect(exposureSec(all.gti)).toBeCloseTo(25_062.34, 2);
    expect(exposureSec(all.gti) * all.liveFraction).toBeCloseTo(24_734.88, 2);
    expect(all.extra.grade).toHaveLength(5813);
    expect(all.notes).toEqual([]);
  });

  it("has 188 photons in its ECF90 b-band ellipse at 0.5–7 keV", () => {
    expect(source.length).toBe(188);
  });

  it("has 29 photons in the first 10 s of the burst and 155 in 810 s", () => {
    expect(source.filter({ timeSec: [burst, burst + 10] }).length).toBe(29);
    expect(source.filter({ timeSec: [burst, burst + 810] }).length).toBe(155);
  });

  it("softens from 0.93 over 0.63 to 0.44", () => {
    const { ratios } = source.hardnessEvolution([0, 10, 200, 810].map((since) => burst + since));
    expect(ratios.map(({ ratio }) => Number(ratio.toFixed(2)))).toEqual([0.93, 0.63, 0.44]);
  });

  it("has the published energy–time map and cube", () => {
    const marginal = [2, 1, 0, 1, 3, 2, 2, 0, 0, 1, 0, 0, 1, 1, 1, 1, 1, 0, 0, 1, 0, 1, 135, 34];
    expect(Array.from(source.energyTimeMap().timeMarginal)).toEqual(marginal);
    const cube = energyTimeCube(source).data;
    expect(cube.reduce((sum, counts) => sum + counts, 0)).toBe(187);
    expect(Math.max(...cube)).toBe(24);
    expect(cube.filter((counts) => counts > 0).length).toBe(45);
  });

  it("has the published latents of the authors' encoder", async () => {
    const { data } = source.energyTimeMap();
    const top = Math.max(...data);
    const latents = await dillmannLatents(
      sharedData("models/dillmann_encoder_et.h5"),
      Float64Array.from(data, (counts) => counts / top),
    );
    // Printed to four digits
    const published = [0.0228, 0.0605, 0.1494, 0.205, -0.0039, 0.0439, 0.0192, -0.0051, 0.1799, 0.1524, 0.2217, 0.1054];
    latents.forEach((latent, i) => {
      expect(Math.abs(latent - (published[i] as number))).toBeLessThan(6e-5);
    });
  });

  it("keeps all its photons in the light curve and peaks in the burst", () => {
    const curve = source.lightCurve({ binSec: 300, band: "broad" });
    expect(curve.totalCounts).toBe(188);
    expect(curve.eventsOutsideGti).toBe(0);
    const peak = curve.rate.indexOf(Math.max(...curve.rate));
    expect(curve.startSec[peak] as number).toBeLessThanOrEqual(burst + 10);
    expect(curve.stopSec[peak] as number).toBeGreaterThan(burst);
  });

  it("changes at the published Bayesian block edges, to a frame", () => {
    const edges = source.bayesianBlocks({ p0: 0.01, extent: "photons" }).edgesSec;
    const since = Array.from(edges.subarray(1), (edge) => edge - source.tStartSec);
    // The published edges spread the photons of a frame (3.14 s) over it; ours keep them at its middle
    expect(since).toHaveLength(5);
    [24_607, 24_617, 24_897, 25_273, 26_099].forEach((published, i) => {
      expect(Math.abs((since[i] as number) - published)).toBeLessThan(3.3);
    });
    // With the whole good time, only the ends move
    const whole = source.bayesianBlocks({ p0: 0.01 });
    expect(whole.length).toBe(5);
    expect(whole.lightCurve.totalCounts).toBe(188);
    expect(whole.lightCurve.exposureSec.reduce((a, b) => a + b)).toBeCloseTo(source.exposureSec, 0);
  });

  it("has the catalogue's variability index 10", () => {
    const test = source.gregoryLoredo();
    expect(test.index).toBe(10);
    expect(test.logOdds).toBeGreaterThan(185);
    expect(test.logOdds).toBeLessThan(189);
    expect(test[DISPLAY]()["text/plain"]).toMatch(/probability 1 − \d\.\d×10⁻¹⁸[⁰¹²³⁴⁵⁶⁷⁸⁹], log₁₀ odds 18\d/);
  });

  it("shows itself as a table with a light curve", () => {
    const bundle = all[DISPLAY]();
    expect(bundle["text/html"]).toContain("5,813 photons");
    expect(bundle["text/html"]).toContain("<svg");
    expect(bundle["text/plain"]).toContain("ObsID 23022");
  });
});
