import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { EventList, parseRegion } from "../../../src/events/index.ts";
import { DISPLAY } from "../../../src/host/index.ts";
import { loadEvents, loadRegion, loadSpectrum, saveSpectrum } from "../../../src/io/index.ts";
import { fitSpectrum, type Rmf, type Spectrum } from "../../../src/spectra/index.ts";
import { sharedData } from "../../shared-data.ts";

const FOLDER = "events/chandra_23022_xrt200515";
const PRODUCTS = "spectra/acis_23022_csc";

/** The regions that the archive's spectrum says it is of (DSVAL11 of its headers). */
const SOURCE = parseRegion(
  "ellipse(2858.55,4712.93,46.0172,35.4784,72.4402)-ellipse(2920.35,4692.3,34.9682,30.7158,91.0253)",
);
const BACKGROUND = parseRegion(
  "ellipse(2858.55,4712.93,230.086,177.392,72.4402)-ellipse(2920.35,4692.3,38.465,33.7874,91.0253)-ellipse(2858.55,4712.93,50.6189,39.0262,72.4402)",
);

describe("extractSpectrum()", () => {
  let archive: Spectrum;
  let events: EventList;
  beforeAll(async () => {
    archive = await loadSpectrum(sharedData(PRODUCTS, "acisf23022_000N027_r0122_pha3.fits.gz"));
    events = await loadEvents(sharedData(FOLDER, "acisf23022_000N027_r0122_regevt3.fits.gz"));
  });

  it("counts what the Chandra Source Catalog's own spectrum has, channel by channel, background too", () => {
    const spectrum = events.spectrum({ source: SOURCE, background: BACKGROUND, response: archive });
    expect(spectrum.totalCounts()).toBe(286);
    expect(spectrum.counts).toEqual(archive.counts);
    expect(spectrum.channel).toEqual(archive.channel);
    expect(spectrum.background?.totalCounts()).toBe(2482);
    expect(spectrum.background?.counts).toEqual(archive.background?.counts);
    expect(spectrum.exposureSec).toBe(archive.exposureSec);
    expect(spectrum.meta).toMatchObject({ obsId: "23022", frameTimeSec: 3.14104, fracExposure: 0.98693426381071 });
    // dmextract counts whole pixels of its mask, we take the area of the curves
    const scale = (of: Spectrum) => (of.backgroundScale as Float64Array)[0] as number;
    expect(Math.abs(scale(spectrum) / scale(archive) - 1)).toBeLessThan(3e-4);
  });

  it("counts the same by energies where there is no PI", () => {
    const { timeSec, energyKeV, x, y, gti } = events;
    const bare = new EventList({ timeSec, energyKeV, x: x as Float32Array, y: y as Float32Array, gti });
    // The archive's PI stops at 1024, where energies above go too: 17 keV is beyond the last channel
    const byEnergy = bare.spectrum({ source: SOURCE, response: archive });
    const beyond = byEnergy.meta.outsideChannels as number;
    expect(byEnergy.counts.subarray(0, 1023)).toEqual(archive.counts.subarray(0, 1023));
    expect(beyond + (byEnergy.counts[1023] as number)).toBe(archive.counts[1023]);
    expect(beyond).toBeGreaterThan(0);
    expect(byEnergy[DISPLAY]()["text/html"]).toContain(`${beyond} photons outside the channels`);
  });

  // Dillmann et al. 2025: kT 1.85 ± 0.30 keV, norm (1.29 ± 0.32)e-4, their own extraction and an ARF corrected for the PSF
  it("gives the burst of XRT 200515 the published black body, within its errors", async () => {
    const region = await loadRegion(sharedData(FOLDER, "acisf23022_000N020_r0122_reg3.fits.gz"), { hdu: "ECF90REGB" });
    const start = events.tStartSec + 24_600;
    const burst = events.filter({ timeSec: [start, start + 810] });
    for (const source of [SOURCE, region]) {
      const spectrum = burst.spectrum({ source, response: archive });
      expect(spectrum.exposureSec).toBeCloseTo(810 * events.liveFraction, 6);
      const fit = fitSpectrum(spectrum.group(1), { model: "tbabs*bbody", range: [0.3, 8] });
      expect(Math.abs(fit.value("kT") - 1.85)).toBeLessThan(0.45);
      expect(fit.value("nH")).toBeLessThan(0.3);
      expect(fit.value("norm")).toBeGreaterThan(0.8e-4);
      expect(fit.value("norm")).toBeLessThan(1.61e-4);
      expect(fit.statistic / fit.dof).toBeCloseTo(0.9, 1);
    }
  });

  it("places the eV of XMM-Newton's PI in channels of several, never on an edge", () => {
    const n = 3;
    const rmf = {
      name: "pn",
      channel: Int32Array.of(0, 1, 2),
      channelLoKeV: Float64Array.of(0, 0.005, 0.01),
      channelHiKeV: Float64Array.of(0.005, 0.01, 0.015),
    } as unknown as Rmf;
    const list = new EventList({
      timeSec: [1, 2, 3, 4, 5, 6],
      extra: { PI: Int16Array.of(4, 5, 9, 10, 14, 15) },
      meta: { telescope: "XMM", instrument: "EPN" },
      gti: { startSec: Float64Array.of(0), stopSec: Float64Array.of(9) },
    });
    const spectrum = list.spectrum({ response: { rmf } });
    expect(Array.from(spectrum.counts)).toEqual([1, 2, 2]);
    expect(spectrum.counts).toHaveLength(n);
    expect(spectrum.meta.outsideChannels).toBe(1);
  });

  it("leaves out photons outside the good time", () => {
    const good = events.filter({ region: SOURCE });
    const half = events.filter({
      gti: { startSec: Float64Array.of(events.tStartSec), stopSec: Float64Array.of(events.tStartSec + 20_000) },
    });
    expect(half.spectrum({ source: SOURCE, response: archive }).totalCounts()).toBe(
      good.timeSec.filter((time) => time <= events.tStartSec + 20_000).length,
    );
  });

  it("says what it misses", () => {
    expect(() => events.spectrum({ response: {} })).toThrow(/its response must have an RMF: it has none/);
    expect(() => events.spectrum({} as never)).toThrow(/its response must have an RMF: it has none/);
    expect(() => events.spectrum({ background: BACKGROUND, response: archive })).toThrow(
      /must go with a source region/,
    );
    const times = new EventList({ name: "times", timeSec: [1, 2, 3] });
    expect(() => times.spectrum({ response: archive })).toThrow(
      /"times": its photons must have PI channels or energies/,
    );
  });

  it("is saved as PHA files from which everything comes back", async () => {
    const folder = mkdtempSync(join(tmpdir(), "photonbook-pha-"));
    const spectrum = events.spectrum({ source: SOURCE, background: BACKGROUND, response: archive }).group(5);
    const [path, background] = await saveSpectrum(spectrum, join(folder, "xrt200515.pi"));
    expect(background).toBe(join(folder, "xrt200515_bkg.pi"));
    const companions = {
      arf: sharedData(PRODUCTS, "acisf23022_000N027_r0122_arf3.fits.gz"),
      rmf: sharedData(PRODUCTS, "acisf23022_000N027_r0122_rmf3.fits.gz"),
    };
    const again = await loadSpectrum(path as string, companions);
    for (const field of ["counts", "channel", "backscale", "grouping", "quality", "exposureSec"] as const) {
      expect(again[field]).toEqual(spectrum[field]);
    }
    expect(again.background?.counts).toEqual(spectrum.background?.counts);
    expect(again.backgroundScale).toEqual(spectrum.backgroundScale);
    expect(again.meta).toMatchObject({ obsId: "23022", backgroundFile: "xrt200515_bkg.pi", frameTimeSec: 3.14104 });
    await expect(loadSpectrum(path as string)).rejects.toThrow(/acisf23022_000N027_r0122_arf3\.fits\.gz.* must exist/);
  });
});
