import { aboveZero, type BandFlux, type FamilyTable, truthOf } from "./family.ts";

/** Bands of the catalogue by number, keV: 8 is all, 9 the hard band of XID. */
const BANDS: readonly [number: number, lowKeV: number, highKeV: number][] = [
  [1, 0.2, 0.5],
  [2, 0.5, 1],
  [3, 1, 2],
  [4, 2, 4.5],
  [5, 4.5, 12],
  [8, 0.2, 12],
  [9, 0.5, 4.5],
];

/** What SUM_FLAG says beyond 0, good. */
const SUM_FLAG = [
  undefined,
  "parameters may be affected",
  "possibly spurious",
  "in an area where spurious detections occur",
  "in an area where spurious detections occur and possibly spurious",
];

/** The tables differ in a prefix: SC_ where detections of a source are averaged. */
function table(title: string, prefix: "" | "SC_", signature: readonly string[]): FamilyTable {
  const flux = (number: number) => `${prefix}EP_${number}_FLUX`;
  const bands = BANDS.map(([number, lowKeV, highKeV]): BandFlux => ({ columns: [flux(number)], lowKeV, highKeV }));
  const all = { columns: [flux(8)], lowKeV: 0.2, highKeV: 12 };
  return {
    title,
    signature,
    name: "IAUNAME",
    ra: `${prefix}RA`,
    dec: `${prefix}DEC`,
    // The catalogue's error is of the radius: √2 times that of a coordinate.
    posErr: { columns: [`${prefix}POSERR`], of: (radial) => radial / Math.SQRT2 },
    likelihood: prefix === "" ? "EP_8_DET_ML" : "SC_DET_ML",
    extended: {
      column: prefix === "" ? "EP_EXTENT" : "SC_EXTENT",
      of: aboveZero,
    },
    variable: { column: prefix === "" ? "VAR_FLAG" : "SC_VAR_FLAG", of: truthOf },
    bands,
    soft: [{ columns: [flux(2), flux(3)], lowKeV: 0.5, highKeV: 2 }, all],
    hard: [{ columns: [flux(4), flux(5)], lowKeV: 2, highKeV: 12 }, all],
    errors: (name) => [`${name}_ERR`],
    quality: [
      {
        column: `${prefix}SUM_FLAG`,
        meaning: (value) => (Number(value) > 0 ? (SUM_FLAG[Number(value)] ?? `SUM_FLAG ${value}`) : undefined),
      },
    ],
  };
}

/**
 * Tables of 4XMM-DR13: detections, and sources, of which the slim one has fewer columns of the same names. Fluxes
 * assume a power law of index 1.7 behind 3·10²⁰ cm⁻².
 *
 * @see Webb et al. 2020, A&A 641, A136
 */
export const XMM_TABLES: readonly FamilyTable[] = [
  table("4XMM-DR13 detections", "", ["DETID", "POSERR", "EP_8_FLUX"]),
  table("4XMM-DR13 sources", "SC_", ["SRCID", "SC_RA", "SC_POSERR"]),
];
