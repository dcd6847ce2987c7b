import { Cosmology } from "./cosmology.ts";

/** Planck 2018 (A&A 641, A6), table 2, TT,TE,EE+lowE+lensing+BAO. */
export const PLANCK18: Cosmology = new Cosmology({
  name: "Planck18",
  h0: 67.66,
  om0: 0.30966,
  tcmb0: 2.7255,
  nEff: 3.046,
  mNuEv: [0, 0, 0.06],
});

/** Planck 2015 (A&A 594, A13), table 4, TT,TE,EE+lowP+lensing+ext. */
export const PLANCK15: Cosmology = new Cosmology({
  name: "Planck15",
  h0: 67.74,
  om0: 0.3075,
  tcmb0: 2.7255,
  nEff: 3.046,
  mNuEv: [0, 0, 0.06],
});

/** WMAP 9 years (Hinshaw et al. 2013, ApJS 208, 19), table 4. */
export const WMAP9: Cosmology = new Cosmology({ name: "WMAP9", h0: 69.32, om0: 0.2865, tcmb0: 2.725, nEff: 3.04 });

/** H₀ = 70 km/s/Mpc, Ω_m = 0.3, flat, no radiation: what much of the X-ray literature uses. */
export const FLAT_70_03: Cosmology = new Cosmology({ name: "flat, H0=70, Om0=0.3", h0: 70, om0: 0.3 });
