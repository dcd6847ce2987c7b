import { describe, expect, it } from "vitest";
import { Catalog } from "../../../src/catalog/index.ts";
import { PLANCK18 } from "../../../src/cosmology/index.ts";
import { shiftPositions } from "../../../src/match/index.ts";
import { Rng } from "../../../src/random/index.ts";
import { selectCataclysmic, selectDualAgn, selectUlx } from "../../../src/select/index.ts";

function table(columns: Record<string, readonly number[] | Float64Array>, name = "t") {
  return new Catalog(
    Object.entries(columns).map(([column, data]) => ({ name: column, data: Float64Array.from(data) })),
    { name },
  );
}

describe("selectUlx()", () => {
  const z = 0.02;
  const fluxOf = (luminosity: number) => luminosity / PLANCK18.luminosity(1, { z, gamma: 1.8 });
  const galaxies = table({ ra: [50, 60, 70], dec: [10, 10, 10], z: [z, z, -1], radius: [30, 30, 30] });
  const at = (ra: number, eastArcsec: number) =>
    shiftPositions({ raDeg: [ra], decDeg: [10] }, { offsetArcsec: eastArcsec, positionAngleDeg: 90 });
  const sources = [
    [50, 10, 3e40], // the ULX
    [50, 0.5, 3e40], // the nucleus
    [50, 20, 1e38], // too faint
    [50, 40, 3e40], // outside the galaxy
    [60, 15, 2e41], // hyperluminous
    [70, 15, 2e41], // a galaxy without distance
  ] as const;
  const xray = table({
    ra: sources.map(([ra, east]) => at(ra, east).raDeg[0]!),
    dec: sources.map(([ra, east]) => at(ra, east).decDeg[0]!),
    flux: sources.map(([, , luminosity]) => fluxOf(luminosity)),
    sigma: sources.map(() => 0.3),
  });
  const options = { flux: "flux", positionErrorArcsec: "sigma", redshift: "z", galaxyRadiusArcsec: "radius" };

  it("keeps off-nuclear sources that reach the luminosity", () => {
    const { table: found } = selectUlx(xray, galaxies, options);
    expect(Array.from(found.numbers("luminosity"), (value) => value / 1e40)).toEqual([
      expect.closeTo(3, 9),
      expect.closeTo(20, 9),
    ]);
    expect(found.numbers("offset_kpc")[0]).toBeCloseTo(10 * PLANCK18.kpcPerArcsec(z), 6);
    expect(found.unit("luminosity")).toBe("erg/s");
    expect(selectUlx(xray, galaxies, { ...options, minLuminosity: 1e41 }).table.numRows).toBe(1);
  });

  it("counts the background that passes the same cuts", () => {
    const rng = new Rng(3);
    const n = 4000;
    const background = table({
      ra: Array.from({ length: n }, () => 149.5 + rng.uniform()),
      dec: Array.from({ length: n }, () => -0.5 + rng.uniform()),
      flux: Array(n).fill(fluxOf(1e40)),
      sigma: Array(n).fill(0.5),
    });
    const many = table({
      ra: Array.from({ length: 100 }, () => 149.6 + 0.8 * rng.uniform()),
      dec: Array.from({ length: 100 }, () => -0.4 + 0.8 * rng.uniform()),
      z: Array(100).fill(z),
      radius: Array(100).fill(20),
    });
    const { table: found, expectedContaminants } = selectUlx(background, many, options);
    // All are background: annuli of 1.5 to 20 arcsec; overlaps of 100 galaxies are 1 %
    const mean = (4000 / 3600 ** 2) * 100 * Math.PI * (400 - 2.25);
    expect(Math.abs(expectedContaminants - mean)).toBeLessThan(4 * Math.sqrt(mean / 8) + 0.02 * mean);
    expect(Math.abs(found.numRows - mean)).toBeLessThan(4 * Math.sqrt(mean));
  });
});

describe("selectDualAgn()", () => {
  const z = 0.1;
  const arcsec = 30 / PLANCK18.kpcPerArcsec(z);
  const agn = table({
    ra: [100, 100 + arcsec / 3600, 100, 200, 200],
    dec: [0, 0, 0.2, 0, 0.001],
    z: [z, z + 0.0011, z, z, z + 0.01],
    lx: [1e43, 5e42, 1e43, 1e43, 1e43],
    nh: [2e24, 1e22, 1e22, 1e22, 1e22],
  });

  it("finds nuclei that are close in projection and velocity, each pair once", () => {
    const pairs = selectDualAgn(agn, { luminosity: "lx", redshift: "z", nh: "nh" });
    expect(pairs.numRows).toBe(1);
    expect(pairs.numbers("separation_kpc")[0]).toBeCloseTo(30, 0);
    expect(pairs.numbers("velocity_difference")[0]).toBeCloseTo((299_792.458 * 0.0011) / 1.10055, 6);
    expect([pairs.numbers("luminosity_1")[0], pairs.numbers("luminosity_2")[0]]).toEqual([1e43, 5e42]);
    expect(pairs.numbers("n_compton_thick")[0]).toBe(1);
  });

  it("takes fluxes instead, and refuses both or neither", () => {
    const flux = agn.numbers("lx").map((value) => value / PLANCK18.luminosity(1, { z, gamma: 1.8 }));
    expect(selectDualAgn(agn, { flux, redshift: "z", minLuminosity: 6e42 }).numRows).toBe(0);
    expect(selectDualAgn(agn, { flux, redshift: "z", maxVelocityKmS: 5000 }).numRows).toBe(2);
    expect(() => selectDualAgn(agn, { redshift: "z" })).toThrow(/either luminosity or flux/);
    expect(() => selectDualAgn(agn, { flux: [1], redshift: "z" })).toThrow(
      /flux must have 5 values: current number is 1/,
    );
  });
});

describe("selectCataclysmic()", () => {
  // A white dwarf binary at 200 pc with G = 18, a coronal star of the same flux with G = 9, one without parallax, one moving
  const stars = table({
    ra: [10, 20, 30, 40],
    dec: [-20, -20, -20, -20],
    phot_g_mean_mag: [18, 9, 18, 18],
    bp_rp: [0.5, 0.5, 0.5, 0.5],
    parallax: [5, 5, 0.1, 5],
    parallax_error: [0.1, 0.1, 0.2, 0.1],
    pmra: [0, 0, 0, 0],
    pmdec: [0, 0, 0, 300],
  });
  const xray = table({ ra: [10, 20, 30, 40], dec: [-20, -20, -20, -20 - 3 / 3600], f: [1e-13, 1e-13, 1e-13, 1e-13] });

  it("finds those above the X-ray main sequence with a parallax and a luminosity in range", () => {
    const found = selectCataclysmic(xray, stars, { flux: "f" });
    expect(Array.from(found.numbers("ra"))).toEqual([10]);
    expect(found.numbers("luminosity")[0]! / (4 * Math.PI * (200 * 3.085677581e18) ** 2 * 1e-13)).toBeCloseTo(1, 8);
    expect(found.numbers("log_fx_fopt")[0]).toBeCloseTo(Math.log10(1e-13 / (2.50386e-9 * 4052.97)) + 7.2, 10);
  });

  it("moves stars to the X-ray epoch", () => {
    const found = selectCataclysmic(xray, stars, { flux: "f", xrayYear: 2006 });
    expect(Array.from(found.numbers("ra"))).toEqual([10, 40]);
    expect(found.numbers("separation")[1]).toBeLessThan(0.001);
  });
});
