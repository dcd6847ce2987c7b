import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readFits } from "../../../src/fits/index.ts";
import { foldRmf, readRmf, readSpectrum } from "../../../src/spectra/index.ts";
import { sharedData } from "../../shared-data.ts";
import { sharedSpectrum } from "./shared-spectrum.ts";

const total = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0);
const fits = (path: string) => readFits(readFileSync(sharedData("spectra", path)), { name: path });

test.each([
  // path, counts, channels, background counts: what astropy sums for the same columns
  ["sherpa_pileup/source_bin10.pi", 3325, 1024, "background.pi"],
  ["acis_459_3c273/3c273.pi", 736, 1024, "3c273_bg.pi"],
  ["acis_4274_pks0537_piled/qso.pi", 3688, 1024, "qso_bkg.pi"],
  ["xmm_pn_ngc7793/PN_spectrum_grp20.fits", 11526, 4096, "PNbackground_spectrum.fits"],
])("loadSpectrum() finds the companions of %s", async (path, counts, channels, background) => {
  const spectrum = await sharedSpectrum(path);
  expect(total(spectrum.counts)).toBe(counts);
  expect(spectrum.channel.length).toBe(channels);
  expect(spectrum.background?.name).toBe(background);
  expect(spectrum.arf).toBeDefined();
  expect(spectrum.energies.loKeV.length).toBe(spectrum.arf?.loKeV.length);
});

test("loadSpectrum() takes a CSC file's own second spectrum as background and adds .gz to named companions", async () => {
  const spectrum = await sharedSpectrum("acis_23022_csc/acisf23022_000N027_r0122_pha3.fits.gz");
  expect(total(spectrum.counts)).toBe(286);
  expect(total(spectrum.background?.counts ?? [])).toBe(2482);
  expect(spectrum.rmf?.name).toBe("acisf23022_000N027_r0122_rmf3.fits.gz");
});

test("loadSpectrum() says every path it tried when a named companion is absent", async () => {
  await expect(sharedSpectrum("erosita/020_SourceSpec_00001.fits")).rejects.toThrow(
    /Cannot find the RMF of .*020_RMF_00001\.fits", .*020_RMF_00001\.fits\.gz" must exist/,
  );
  const alone = await sharedSpectrum("erosita/020_SourceSpec_00001.fits", {
    rmf: false,
    arf: false,
    background: false,
  });
  expect(alone.rmf).toBeUndefined();
});

test("readSpectrum() turns RATE into counts by the exposure", () => {
  const spectrum = readSpectrum(fits("acis_1730_rate/source_rate.pi"));
  expect(total(spectrum.counts)).toBeCloseTo(10558, 6);
});

test("readSpectrum() names file, HDU and keyword for a type II file", async () => {
  await expect(sharedSpectrum("hetg_3c120_pha2/3c120_pha2.gz")).rejects.toThrow(
    /3c120_pha2\.gz.*HDU 1 "SPECTRUM".*HDUCLAS4 must be TYPE:I/,
  );
});

test("readRmf() names what it misses in a file without a matrix", () => {
  expect(() => readRmf(fits("acis_459_3c273/3c273.arf"))).toThrow(/3c273\.arf.*an RMF must be a table with columns/);
});

test.each([
  // Fixed arrays, variable arrays, first channel 0, scalars with a fixed matrix, an RSP with bins of no width.
  ["acis_2278_fixed_arrays/rmf2278.fits", 410, 685],
  ["acis_459_3c273/3c273.rmf", 1090, 1024],
  ["xmm_pn_ngc7793/PN.rmf", 2067, 4096],
  ["rosat/pspcc_gain1_256.rsp", 729, 256],
])("readRmf() reads the runs of %s", (path, energies, channels) => {
  const rmf = readRmf(fits(path));
  expect([rmf.loKeV.length, rmf.channel.length]).toEqual([energies, channels]);
  expect(total(rmf.runLength)).toBe(rmf.probability.length);
  // The oracle: rows read one cell at a time, put into a dense matrix with TLMIN of F_CHAN as the first channel.
  const table = fits(path).hdus.find((hdu) => hdu.name.includes("MATRIX"));
  if (table?.kind !== "bintable") throw new Error("no matrix");
  const first = Number(table.header.get("TLMIN4"));
  const columns = new Map(["N_GRP", "F_CHAN", "N_CHAN", "MATRIX"].map((name) => [name, table.column(name)]));
  const cell = (name: string, row: number): ArrayLike<number> => {
    const column = columns.get(name) as ReturnType<typeof table.column>;
    const data = column.data as ArrayLike<number> | ArrayLike<number>[];
    return Array.isArray(data)
      ? (data[row] as ArrayLike<number>)
      : Array.from({ length: column.repeat }, (_, i) => data[row * column.repeat + i] as number);
  };
  const perBin = Float64Array.from({ length: energies }, (_, i) => 1 + Math.sin(i));
  const dense = new Float64Array(channels);
  for (let row = 0; row < energies; row++) {
    let at = 0;
    for (let group = 0; group < Number(cell("N_GRP", row)[0]); group++) {
      const start = Number(cell("F_CHAN", row)[group]) - first;
      const values = cell("MATRIX", row);
      for (let step = 0; step < Number(cell("N_CHAN", row)[group]); step++) {
        dense[start + step] += perBin[row] * Number(values[at++]);
      }
    }
  }
  const folded = foldRmf(rmf, perBin);
  expect(total(dense)).toBeGreaterThan(0);
  const worst = Math.max(...folded.map((value, channel) => Math.abs(value - dense[channel])));
  expect(worst).toBeLessThan(1e-10);
});

test("Spectrum.groups() keeps every group that overlaps the range", async () => {
  const spectrum = await sharedSpectrum("sherpa_pileup/source_bin10.pi");
  const groups = spectrum.groups([1, 7]);
  expect(groups.n).toBe(42);
  expect(groups.loKeV[0]).toBeLessThan(1);
  expect(groups.hiKeV[0]).toBeGreaterThan(1);
  expect(groups.hiKeV[41]).toBeGreaterThan(7);
});

test("Spectrum.group() makes groups of at least so many counts and flags the rest", async () => {
  const spectrum = (await sharedSpectrum("acis_4274_pks0537_piled/qso.pi")).group(20);
  const groups = spectrum.groups();
  const counts = groups.sum(spectrum.counts);
  expect(Math.min(...counts.subarray(0, groups.n - 1))).toBeGreaterThanOrEqual(20);
  expect(total(counts)).toBe(3688);
  expect(spectrum.quality?.at(-1)).toBe(2);
});
