import { type BandFlux, badIfTrue, type FamilyTable, truthOf } from "./family.ts";

/** Radius that holds 95 % of a round Gaussian, over its σ. */
const SIGMA_OF_95 = Math.sqrt(-2 * Math.log(0.05));

const aper = (band: string, lowKeV: number, highKeV: number): BandFlux => ({
  columns: [`flux_aper_${band}`],
  lowKeV,
  highKeV,
});
const [u, s, m, h, b] = [
  aper("u", 0.2, 0.5),
  aper("s", 0.5, 1.2),
  aper("m", 1.2, 2),
  aper("h", 2, 7),
  aper("b", 0.5, 7),
];
const w = aper("w", 0.1, 10);

const common = {
  ra: "ra",
  dec: "dec",
  posErr: {
    columns: ["err_ellipse_r0", "err_ellipse_r1"],
    of: (r0: number, r1: number) => Math.sqrt(r0 * r1) / SIGMA_OF_95,
  },
  likelihood: "likelihood",
  bands: [u, s, m, h, b, w],
  soft: [{ columns: ["flux_aper_s", "flux_aper_m"], lowKeV: 0.5, highKeV: 2 }, b, w],
  hard: [h, b, w],
  errors: (flux: string) => [flux.replace("aper_", "aper_lolim_"), flux.replace("aper_", "aper_hilim_")] as const,
} satisfies Partial<FamilyTable>;

const flags = [
  badIfTrue("conf_flag", "confused with a neighbour"),
  badIfTrue("sat_src_flag", "saturated"),
  badIfTrue("streak_src_flag", "on a readout streak"),
];

/** Codes of the tables of detections: bits, of which any is a cause for doubt. */
const codes = [
  badIfTrue("conf_code", "confused with a neighbour"),
  badIfTrue("streak_src_flag", "on a readout streak"),
  badIfTrue("sat_src_flag", "saturated"),
];

/**
 * Tables of the Chandra Source Catalog 2.1. Position errors are semi-axes of ellipses of 95 %; fluxes are net energy
 * fluxes of the aperture, free of a model.
 *
 * @see Evans et al. 2024, ApJS 274, 22
 */
export const CHANDRA_TABLES: readonly FamilyTable[] = [
  {
    ...common,
    title: "CSC 2.1 observations",
    signature: ["obsid", "obi"],
    name: "name",
    likelihood: "likelihood_b",
    extended: { column: "extent_code", of: truthOf },
    // An index of 6 and above is variable with at least 90 %.
    variable: { column: "var_index_b", of: (value) => (Number.isFinite(value) ? Number(value) >= 6 : null) },
    quality: codes,
  },
  {
    ...common,
    title: "CSC 2.1 stacks",
    signature: ["detect_stack_id"],
    name: "detect_stack_id",
    extended: { column: "extent_code", of: truthOf },
    quality: codes,
  },
  {
    ...common,
    title: "CSC 2.1 master",
    signature: ["name", "err_ellipse_r0"],
    name: "name",
    extended: { column: "extent_flag", of: truthOf },
    variable: { column: "var_flag", of: truthOf },
    quality: flags,
  },
];
