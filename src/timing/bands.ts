import type { Gti } from "../gti/index.ts";

/** Lower and upper energy, keV; the lower one belongs to the band, the upper one does not. */
export type EnergyRange = readonly [lowKeV: number, highKeV: number];

/**
 * The energy bands of the Chandra Source Catalog, keV. Wide is the band of the HRC, the others are of ACIS.
 *
 * @see https://cxc.cfa.harvard.edu/csc/columns/ebands.html
 */
export const CSC_BANDS = {
  ultrasoft: [0.2, 0.5],
  soft: [0.5, 1.2],
  medium: [1.2, 2],
  hard: [2, 7],
  broad: [0.5, 7],
  wide: [0.1, 10],
} as const satisfies Record<string, EnergyRange>;

/** Names of the CSC bands, and the letters of its column names. */
export type BandName = keyof typeof CSC_BANDS | "u" | "s" | "m" | "h" | "b" | "w";

/** A band by name or by its limits in keV. */
export type BandSpec = BandName | EnergyRange;

/** A band with the name it is shown by. */
export interface Band {
  readonly name: string;
  readonly lowKeV: number;
  readonly highKeV: number;
}

/** Beyond it a limit is in eV rather than in keV: no X-ray telescope sees so far. */
const HIGHEST_KEV = 1000;

/**
 * Limits of a band.
 *
 * @throws {RangeError} If the name is unknown, or the limits are not ascending or not in keV.
 */
export function resolveBand(spec: BandSpec): Band {
  if (typeof spec === "string") {
    const names = Object.keys(CSC_BANDS) as (keyof typeof CSC_BANDS)[];
    const name = names.find((known) => known === spec || known[0] === spec);
    if (!name) {
      const allowed = names.map((known) => `"${known}"`).join(", ");
      throw new RangeError(
        `Cannot use energy band: it must be one of ${allowed}, their first letters or [low, high] in keV: current value is "${spec}"`,
      );
    }
    return { name, lowKeV: CSC_BANDS[name][0], highKeV: CSC_BANDS[name][1] };
  }
  const [lowKeV, highKeV] = spec;
  if (highKeV > HIGHEST_KEV && Number.isFinite(highKeV)) {
    throw new RangeError(
      `Cannot use energy band: [low, high] must be in keV, at most ${HIGHEST_KEV}: current value is [${spec.join(", ")}] (is it in eV?)`,
    );
  }
  if (!(lowKeV >= 0 && highKeV > lowKeV)) {
    throw new RangeError(
      `Cannot use energy band: [low, high] must be ascending, in keV and not negative: current value is [${spec.join(", ")}]`,
    );
  }
  return { name: `${lowKeV}–${highKeV} keV`, lowKeV, highKeV };
}

/** What telescopes see whose range is not that of the CSC's bands, keV. */
const TELESCOPE_BANDS: readonly { readonly telescope: RegExp; readonly band: EnergyRange }[] = [
  { telescope: /^NUSTAR/i, band: [3, 79] },
  { telescope: /^R?XTE/i, band: [2, 60] },
];

/** The band that counts where none is asked for: "broad", or the telescope's own where that lies beside it. */
export function defaultBand({ meta }: Pick<TimedPhotons, "meta">): BandSpec {
  const telescope = meta?.telescope ?? "";
  return TELESCOPE_BANDS.find((known) => known.telescope.test(telescope))?.band ?? "broad";
}

/** Name and limits for a title or label. */
export function bandLabel(band: Band): string {
  const limits = `${band.lowKeV}–${band.highKeV} keV`;
  return band.name === limits ? limits : `${band.name} ${limits}`;
}

/** Photons as timing sees them; an EventList is one. */
export interface TimedPhotons {
  /** Arrival times, s of mission time. */
  readonly timeSec: Float64Array;
  readonly energyKeV: Float32Array;
  readonly gti: Gti;
  readonly name?: string;
  /** Share of good time in which the detector could record photons (1 − dead time). Default 1. */
  readonly liveFraction?: number;
  /** Time per CCD frame, s. */
  readonly frameTimeSec?: number | undefined;
  /** Which telescope and instrument, as the file's header names them. */
  readonly meta?: { readonly telescope?: string; readonly instrument?: string };
}
