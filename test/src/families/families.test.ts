import { expect, test } from "vitest";
import { Catalog, type ColumnFields, catalogFromFits, fitsFromCatalog } from "../../../src/catalog/index.ts";
import { bandRatio, familyOf, sourcesOf } from "../../../src/families/index.ts";
import { readFits, writeFits } from "../../../src/fits/index.ts";
import { loadCatalog } from "../../../src/io/index.ts";
import { sharedData } from "../../shared-data.ts";

/** A table as a FITS file has it, written and read. */
function fitsTable(name: string, columns: readonly ColumnFields[]): Catalog {
  return catalogFromFits(readFits(writeFits([fitsFromCatalog(new Catalog(columns, { name }))]), { name }));
}

const FLUX = "erg/cm^2/s";
const flux = (name: string, ...values: number[]) => ({ name, unit: FLUX, data: Float32Array.from(values) });
const numbers = (name: string, ...values: number[]) => ({ name, data: Float64Array.from(values) });

/** Columns of 4XMM_DR13cat_slim_v1.0.fits, two sources. */
const slim = () =>
  fitsTable("4XMM_DR13cat_slim", [
    numbers("SRCID", 201122602010001, 201122602010002),
    { name: "IAUNAME", data: ["4XMM J122906.6+020308", "4XMM J122934.7+015657"] },
    { ...numbers("SC_RA", 187.2779, 187.3946), unit: "deg" },
    { ...numbers("SC_DEC", 2.0524, 1.9492), unit: "deg" },
    { ...numbers("SC_POSERR", 0.6, 1.2), unit: "arcsec" },
    numbers("SC_DET_ML", 5e5, 12),
    flux("SC_EP_2_FLUX", 2e-14, 1e-15),
    flux("SC_EP_2_FLUX_ERR", 3e-15, 4e-16),
    flux("SC_EP_3_FLUX", 3e-14, 2e-15),
    flux("SC_EP_3_FLUX_ERR", 4e-15, 3e-16),
    flux("SC_EP_4_FLUX", 4e-14, Number.NaN),
    flux("SC_EP_5_FLUX", 5e-14, 1e-15),
    numbers("SC_EXTENT", 0, 7.5),
    { name: "SC_VAR_FLAG", data: [true, false] },
    { name: "SC_SUM_FLAG", data: Uint8Array.of(0, 4) },
  ]);

/** Columns of eRASS1_Main.v1.2.fits, one source. */
const erass = (unit = FLUX) =>
  fitsTable("eRASS1_Main", [
    { name: "IAUNAME", data: ["1eRASS J000000.1-000000"] },
    { name: "DETUID", data: ["em01_001111_020_ML00001_002_c010"] },
    { ...numbers("RA", 0.0004), unit: "deg" },
    { ...numbers("DEC", -0.0001), unit: "deg" },
    { ...numbers("POS_ERR", 3.2), unit: "arcsec" },
    numbers("DET_LIKE_0", 25),
    numbers("EXT_LIKE", 0),
    { ...flux("ML_FLUX_1", 1e-13), unit },
    { ...flux("ML_FLUX_ERR_1", 1e-14), unit },
    { name: "FLAG_SP_SNR", data: Int16Array.of(1) },
    { name: "FLAG_OPT", data: Int16Array.of(1) },
  ]);

test("a 4XMM source: bands 2 and 3 add up to 0.5–2 keV, errors in quadrature, flags in words", () => {
  const view = sourcesOf(slim());
  expect(familyOf(slim()).title).toBe("4XMM-DR13 sources");
  expect(view.numbers("flux_soft")[0]! / 5e-14).toBeCloseTo(1, 6);
  expect(view.numbers("flux_soft_err")[0]! / 5e-15).toBeCloseTo(1, 6);
  // The error of the radius is √2 times that of a coordinate (Webb et al. 2020).
  expect(view.numbers("pos_err")[0]).toBeCloseTo(0.6 / Math.SQRT2, 6);
  expect([...view.column("extended")]).toEqual([false, true]);
  expect([...view.column("variable")]).toEqual([true, false]);
  expect([...view.column("quality")]).toEqual([
    "good",
    "in an area where spurious detections occur and possibly spurious",
  ]);
  // ∫E·E^-1.7 dE from 2 to 7 over 2 to 12 keV.
  const factor = (7 ** 0.3 - 2 ** 0.3) / (12 ** 0.3 - 2 ** 0.3);
  expect(view.numbers("flux_hard")[0]! / (9e-14 * factor)).toBeCloseTo(1, 6);
  expect(view.numbers("flux_hard")[1]).toBeNaN();
  expect(view.notes.join()).toContain(
    `flux_hard is SC_EP_4_FLUX + SC_EP_5_FLUX (2–12 keV) × ${factor.toPrecision(4)}, of a power law of index 1.7`,
  );
});

test("an eRASS1 source without forced photometry: 0.2–2.3 keV is scaled, what is not there is missing and said to be", () => {
  const view = sourcesOf(erass(), { photonIndex: 2 });
  expect(view.numbers("flux_soft")[0]! / (1e-13 * (Math.log(4) / Math.log(11.5)))).toBeCloseTo(1, 6);
  expect(view.numbers("flux_hard")[0]).toBeNaN();
  expect(view.numbers("pos_err")[0]).toBeCloseTo(3.2, 6);
  expect(view.column("quality")[0]).toBe("in or near a supernova remnant; near a bright star (optical loading)");
  expect(view.column("variable")[0]).toBeNull();
  expect(view.notes.join()).toContain("flux_hard is missing: the table lacks ML_FLUX_P4 + ML_FLUX_P5 or ML_FLUX_P4");
});

test("the families lie one below the other, each row with its own", async () => {
  const csc = await loadCatalog(sharedData("catalogs/csc_cli_tsv/search_csc_result.tsv"));
  const view = sourcesOf([csc, slim(), erass()]);
  expect(view.numRows).toBe(csc.numRows + 3);
  expect(new Set(view.column("family") as string[])).toEqual(
    new Set(["CSC 2.1 observations", "4XMM-DR13 sources", "eRASS1 main"]),
  );
  expect(view.numbers("row").slice(-3)).toEqual(Float64Array.of(0, 1, 0));
  expect(view.column("name")[0]).toBe(csc.column("name")[0]);
  expect(view.unit("flux_soft")).toBe("erg/s/cm2");
});

test("Chandra's detections: real rows give their fluxes, half of their limits' distance, and variability from the index", async () => {
  const file = sharedData("catalogs/csc_perobs_CV/2CXO_J002359.4-720438.csv");
  const detections = await loadCatalog(file);
  const view = sourcesOf(detections);
  expect(familyOf(detections).title).toBe("CSC 2.1 observations");
  const [s, m] = ["flux_aper_s", "flux_aper_m"].map((name) => detections.numbers(name)) as [Float64Array, Float64Array];
  view.numbers("flux_soft").forEach((value, i) => {
    expect(value).toBe(s[i]! + m[i]!);
  });
  const limits = ["s", "m"].flatMap((band) => [`flux_aper_lolim_${band}`, `flux_aper_hilim_${band}`]);
  const [sLow, sHigh, mLow, mHigh] = limits.map((name) => detections.numbers(name)) as Float64Array[];
  const row = view.numbers("flux_soft_err").findIndex((error) => error > 0);
  expect(
    view.numbers("flux_soft_err")[row]! / (0.5 * Math.hypot(sHigh![row]! - sLow![row]!, mHigh![row]! - mLow![row]!)),
  ).toBeCloseTo(1, 12);
  const index = detections.numbers("var_index_b");
  expect([...view.column("variable")]).toEqual(Array.from(index, (value) => (Number.isNaN(value) ? null : value >= 6)));
});

test("a table of another family, fluxes in other units and a photon index that is none are refused", () => {
  expect(() => sourcesOf(new Catalog([numbers("x", 1)], { name: "mine" }))).toThrow(
    /Cannot read catalogue "mine".*CSC 2.1 master \(name, err_ellipse_r0\).*it has x/s,
  );
  expect(() => sourcesOf(erass("ct/s"))).toThrow(/column "ML_FLUX_1" must be in erg\/s\/cm².*"ct\/s"/);
  expect(() => sourcesOf(slim(), { photonIndex: Number.NaN })).toThrow("photonIndex must be -10 to 10");
});

test("a power law's band ratio is its integral, also where the index is 2", () => {
  const steps = 200_000;
  const integral = (low: number, high: number, index: number) => {
    let sum = 0;
    for (let i = 0; i < steps; i++) {
      const energy = low + ((i + 0.5) / steps) * (high - low);
      sum += (energy ** (1 - index) * (high - low)) / steps;
    }
    return sum;
  };
  for (const index of [1.2, 1.7, 2, 2.6]) {
    const [soft, all] = [
      { lowKeV: 0.5, highKeV: 2 },
      { lowKeV: 0.2, highKeV: 12 },
    ];
    expect(bandRatio(soft, all, index)).toBeCloseTo(integral(0.5, 2, index) / integral(0.2, 12, index), 6);
  }
});
