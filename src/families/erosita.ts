import { aboveZero, type BandFlux, badIfTrue, type FamilyTable } from "./family.ts";

/** Bands of detection and of forced photometry (P), keV. */
const MAIN: readonly [suffix: string, lowKeV: number, highKeV: number][] = [
  ["1", 0.2, 2.3],
  ["P1", 0.2, 0.5],
  ["P2", 0.5, 1],
  ["P3", 1, 2],
  ["P4", 2, 5],
  ["P5", 5, 8],
  ["P6", 4, 10],
  ["P7", 5.1, 6.1],
  ["P8", 6.2, 7.1],
  ["P9", 7.2, 8.2],
];
const HARD: readonly [suffix: string, lowKeV: number, highKeV: number][] = [
  ["0", 0.2, 5],
  ["1", 0.2, 0.6],
  ["2", 0.6, 2.3],
  ["3", 2.3, 5],
];

const bandsOf = (bands: typeof MAIN) =>
  bands.map(([suffix, lowKeV, highKeV]): BandFlux => ({ columns: [`ML_FLUX_${suffix}`], lowKeV, highKeV }));

const common = {
  name: "IAUNAME",
  ra: "RA",
  dec: "DEC",
  posErr: { columns: ["POS_ERR"], of: (sigma: number) => sigma },
  likelihood: "DET_LIKE_0",
  extended: { column: "EXT_LIKE", of: aboveZero },
  errors: (flux: string) => [flux.replace("ML_FLUX_", "ML_FLUX_ERR_")] as const,
  quality: [
    badIfTrue("FLAG_SP_SNR", "in or near a supernova remnant"),
    badIfTrue("FLAG_SP_BPS", "near a bright point source"),
    badIfTrue("FLAG_SP_SCL", "in or near a stellar cluster"),
    badIfTrue("FLAG_SP_LGA", "in or near a local galaxy"),
    badIfTrue("FLAG_SP_GC_CONS", "near a cluster of galaxies"),
    badIfTrue("FLAG_NO_RADEC_ERR", "no error of the position"),
    badIfTrue("FLAG_NO_EXT_ERR", "no error of the extent"),
    badIfTrue("FLAG_NO_CTS_ERR", "no error of the counts"),
    badIfTrue("FLAG_OPT", "near a bright star (optical loading)"),
  ],
} satisfies Partial<FamilyTable>;

/**
 * Tables of eRASS1: main, detected in 0.2–2.3 keV, and hard, detected in three bands. Fluxes assume a power law of
 * index 2 behind 3·10²⁰ cm⁻². Variability is not part of them.
 *
 * @see Merloni et al. 2024, A&A 682, A34
 */
export const EROSITA_TABLES: readonly FamilyTable[] = [
  {
    ...common,
    title: "eRASS1 hard",
    signature: ["DETUID", "DET_LIKE_3"],
    bands: bandsOf(HARD),
    soft: [{ columns: ["ML_FLUX_2"], lowKeV: 0.6, highKeV: 2.3 }],
    hard: [{ columns: ["ML_FLUX_3"], lowKeV: 2.3, highKeV: 5 }],
  },
  {
    ...common,
    title: "eRASS1 main",
    signature: ["DETUID", "ML_FLUX_1"],
    bands: bandsOf(MAIN),
    soft: [
      { columns: ["ML_FLUX_P2", "ML_FLUX_P3"], lowKeV: 0.5, highKeV: 2 },
      { columns: ["ML_FLUX_1"], lowKeV: 0.2, highKeV: 2.3 },
    ],
    hard: [
      { columns: ["ML_FLUX_P4", "ML_FLUX_P5"], lowKeV: 2, highKeV: 8 },
      { columns: ["ML_FLUX_P4"], lowKeV: 2, highKeV: 5 },
    ],
  },
];
