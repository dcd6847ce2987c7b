import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CM_PER_MPC, Cosmology, FLAT_70_03, PLANCK15, PLANCK18, WMAP9 } from "../../../src/cosmology/index.ts";

const reference = JSON.parse(readFileSync(new URL("../../fixtures/match/match.json", import.meta.url), "utf8"));
const models: Record<string, Cosmology> = {
  Planck18: PLANCK18,
  Planck15: PLANCK15,
  WMAP9,
  flat: FLAT_70_03,
  open: new Cosmology({ h0: 70, om0: 0.3, ode0: 0.5 }),
  closed: new Cosmology({ h0: 65, om0: 0.4, ode0: 0.9, tcmb0: 2.7255, nEff: 3.046 }),
};

describe("Cosmology", () => {
  for (const [name, model] of Object.entries(models)) {
    it(`gives astropy's distances and times for ${name} from z = 0.0001 to 1000, to 1e-11`, () => {
      const expected = reference.cosmology[name];
      const ours: Record<string, (z: number) => number> = {
        luminosity: (z) => model.luminosityDistanceMpc(z),
        comoving: (z) => model.comovingDistanceMpc(z),
        angular: (z) => model.angularDiameterDistanceMpc(z),
        lookback: (z) => model.lookbackTimeGyr(z),
        age: (z) => model.ageGyr(z),
        kpcPerArcsec: (z) => model.kpcPerArcsec(z),
        distmod: (z) => model.distanceModulus(z),
      };
      let worst = 0;
      for (const [quantity, of] of Object.entries(ours)) {
        for (const [i, z] of reference.redshifts.entries()) {
          // astropy integrates the age to infinity with an absolute tolerance of 1.5e-8 Hubble times
          if (quantity === "age") expect(Math.abs(of(z) - expected.age[i])).toBeLessThan(2.5e-7);
          else worst = Math.max(worst, Math.abs(of(z) / expected[quantity][i] - 1));
        }
      }
      expect(worst).toBeLessThan(1e-11);
    });
  }

  it("gives luminosities with the K correction of a power law", () => {
    const area = 4 * Math.PI * (FLAT_70_03.luminosityDistanceMpc(1) * CM_PER_MPC) ** 2;
    expect(FLAT_70_03.luminosity(1e-14, { z: 1 })).toBeCloseTo(area * 1e-14, -30);
    expect(FLAT_70_03.luminosity(1e-14, { z: 1, gamma: 1.7 }) / (area * 1e-14)).toBeCloseTo(2 ** -0.3, 12);
  });

  it("refuses parameters and redshifts that make no universe", () => {
    expect(() => new Cosmology({ h0: 0, om0: 0.3 })).toThrow(/h0 must be positive/);
    expect(() => PLANCK18.luminosityDistanceMpc(-1)).toThrow(/above -1: current value is -1/);
  });
});
