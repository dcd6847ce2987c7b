import type { BAND_NAMES, Band } from "./instrument.ts";
import { type Profile, profileValue } from "./profile.ts";
import type { BandFractions, Spectrum } from "./spectrum.ts";

/** How a simulated source varies. */
export const SOURCE_KINDS = ["constant", "flaring", "dipping", "periodic", "qpe", "transient"] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

/** What a simulated source's time-averaged spectrum looks like. */
export const SPECTRAL_SHAPES = ["agn", "thermal", "absorbed", "supersoft", "burst"] as const;
export type SpectralShape = (typeof SPECTRAL_SHAPES)[number];

/** One emission component: a spectrum whose rate follows a profile. A source's rate is the sum over its components. */
export interface Component {
  readonly profile: Profile;
  /** Broad-band counts/s where the profile is 1, per second of good time, dead time taken off. */
  readonly rate: number;
  readonly fractions: BandFractions;
}

/** A component with the spectrum its photons are drawn from. */
export interface SpectralComponent extends Component {
  readonly spectrum: Spectrum;
}

/** What the true rate of a source follows from. */
export interface SourceTruth {
  readonly name: string;
  readonly kind: SourceKind;
  readonly shape: SpectralShape;
  /** Mission time from which the profiles' times count, seconds. */
  readonly originSec: number;
  readonly components: readonly Component[];
  /** Background in the source region, broad-band counts/s of good time, and its share of each band. */
  readonly backgroundRate: number;
  readonly backgroundFractions: BandFractions;
  /** Expected source counts in the broad band over the good time. */
  readonly expectedCounts: number;
  /** Period of a periodic, dipping or QPE source, seconds; NaN else. */
  readonly periodSec: number;
  /** Peak of the (first) flare, eclipse, burst or transient, seconds after `originSec`; NaN else. */
  readonly eventSec: number;
}

/** A simulated source, its place and its components. */
export interface SkySource extends SourceTruth {
  /** Index into the sky's fields. */
  readonly field: number;
  readonly regionId: number;
  readonly raDeg: number;
  readonly decDeg: number;
  /** Off-axis angle, arcminutes. */
  readonly thetaArcmin: number;
  /** Direction from the axis, degrees, in the frame of the sky pixels. */
  readonly phiDeg: number;
  /** Sky pixel. */
  readonly x: number;
  readonly y: number;
  /** Radius of the source region, sky pixels. */
  readonly radiusPx: number;
  readonly components: readonly SpectralComponent[];
  /** Hydrogen column towards the source, atoms/cm². */
  readonly nH: number;
}

/** Rates at a list of times, counts/s, one array per band: soft, medium, hard, broad. */
export type BandRates = Record<(typeof BAND_NAMES)[number], Float64Array>;

/**
 * The true rate of a simulated source: expected counts per second of good time in its region, dead time taken off, so
 * that the integral over the GTIs is the mean of the Poisson counts in the event file.
 *
 * @param source A simulated source, or what `loadTruth` reads back of one.
 * @param tSec Mission times, seconds. Outside the good time the rate goes on as if the detector watched.
 * @param options.background Adds the background in the source region. Default true.
 * @returns Rate in the soft, medium, hard and broad band (s, m, h, b), counts/s, each as long as `tSec`.
 */
export function trueRate(
  source: SourceTruth,
  tSec: ArrayLike<number>,
  options: { readonly background?: boolean } = {},
): BandRates {
  const rates: BandRates = {
    s: new Float64Array(tSec.length),
    m: new Float64Array(tSec.length),
    h: new Float64Array(tSec.length),
    b: new Float64Array(tSec.length),
  };
  const bands = Object.keys(rates) as Band[];
  for (let i = 0; i < tSec.length; i++) {
    for (const { profile, rate, fractions } of source.components) {
      const broad = rate * profileValue(profile, tSec[i]! - source.originSec);
      for (const band of bands) rates[band][i]! += broad * fractions[band];
    }
    if (options.background ?? true) {
      for (const band of bands) rates[band][i]! += source.backgroundRate * source.backgroundFractions[band];
    }
  }
  return rates;
}
