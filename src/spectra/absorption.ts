import { type AbsorptionRow, ANDERS_GREVESSE, WILMS } from "./tbabs-coefficients.ts";

/**
 * Morrison & McCammon (1983), table 2: from each energy on, σ(E) = (c0 + c1 E + c2 E²)/E³ ·1e-24 cm² per hydrogen
 * atom, E in keV.
 */
const MORRISON_MCCAMMON: readonly (readonly [fromKeV: number, c0: number, c1: number, c2: number])[] = [
  [0.03, 17.3, 608.1, -2150],
  [0.1, 34.6, 267.9, -476.1],
  [0.284, 78.1, 18.8, 4.3],
  [0.4, 71.4, 66.8, -51.4],
  [0.532, 95.5, 145.8, -61.1],
  // biome-ignore lint/suspicious/noApproximativeNumericConstant: an absorption edge at 0.707 keV, not 1/√2
  [0.707, 308.9, -380.6, 294.0],
  [0.867, 120.6, 169.3, -47.7],
  [1.303, 141.3, 146.8, -31.5],
  [1.84, 202.7, 104.7, -17.0],
  [2.471, 342.7, 18.7, 0],
  [3.21, 352.2, 18.7, 0],
  [4.038, 433.9, -2.4, 0.75],
  [7.111, 629.0, 30.9, 0],
  [8.331, 701.2, 25.2, 0],
];

/**
 * Photoelectric cross-section per hydrogen atom of the interstellar medium.
 *
 * Fitted for 0.03–10 keV; outside, the nearest interval's polynomial goes on, which falls as E⁻² above 10 keV.
 *
 * @param energyKeV Photon energy, > 0.
 * @returns Cross-section, cm² per hydrogen atom.
 * @see Morrison & McCammon 1983, ApJ 270, 119
 */
export function wabsCrossSection(energyKeV: number): number {
  let row = MORRISON_MCCAMMON.length - 1;
  while (row > 0 && energyKeV < MORRISON_MCCAMMON[row][0]) row--;
  const [, c0, c1, c2] = MORRISON_MCCAMMON[row];
  return (1e-24 * (c0 + (c1 + c2 * energyKeV) * energyKeV)) / energyKeV ** 3;
}

/** Abundances of the interstellar gas. */
export type Abundances = "anders-grevesse" | "wilms";

/**
 * Photoelectric cross-section per hydrogen atom of neutral interstellar gas, for `tbabs` and `tbabs_wilms`.
 *
 * Made for 0.1–15 keV; outside, the nearest interval goes on as E⁻³. This is our own sum of published cross-sections,
 * not the code of Wilms et al.: it has no dust grains, no molecular hydrogen and no edge structure. With the
 * abundances of Anders & Grevesse it lies within 2.5 % of XSPEC's tbabs (at that program's default abundances) from
 * 0.6 to 10 keV save some eV about edges, within 4 % at 0.3–0.5 keV, and 5–12 % below it under 0.28 keV. The two
 * abundance sets differ by up to a factor 1.5: N_H values found with them do too.
 *
 * @param energyKeV Photon energy, > 0.
 * @returns Cross-section, cm² per hydrogen atom.
 * @see Elam, Ravel & Sieber 2002, Radiat. Phys. Chem. 63, 121; Anders & Grevesse 1989, GeCoA 53, 197; Wilms, Allen &
 *   McCray 2000, ApJ 542, 914
 */
export function tbabsCrossSection(energyKeV: number, abundances: Abundances = "anders-grevesse"): number {
  const table = abundances === "wilms" ? WILMS : ANDERS_GREVESSE;
  const log = Math.log(Math.min(Math.max(energyKeV, table[0][0]), 15));
  const [, c0, c1, c2, c3] = rowAt(table, energyKeV);
  return (1e-22 * Math.exp(c0 + (c1 + (c2 + c3 * log) * log) * log)) / energyKeV ** 3;
}

/** The last row that starts at or below an energy, else the first. */
function rowAt(table: readonly AbsorptionRow[], energyKeV: number): AbsorptionRow {
  let low = 0;
  let high = table.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (table[middle][0] <= energyKeV) low = middle;
    else high = middle;
  }
  return table[low];
}
