import { checkPositions, type SkyPositions, turnOf } from "./sphere.ts";

const RAD = Math.PI / 180;
/** Radians in a milliarcsecond. */
const MAS = RAD / 3_600_000;
/** km/s in one astronomical unit per Julian year. */
const KM_S_PER_AU_YEAR = 149_597_870.7 / (365.25 * 86_400);

/** How sources move. */
export interface ProperMotion {
  /** Towards east, mas/yr, with the factor cos δ in it (as in Gaia), shape (n,). */
  readonly pmRaMasYr: ArrayLike<number>;
  /** Towards north, mas/yr, shape (n,). */
  readonly pmDecMasYr: ArrayLike<number>;
  /** Needed only where the line of sight matters, mas, shape (n,). Default: infinitely far. */
  readonly parallaxMas?: ArrayLike<number>;
  /** km/s, shape (n,); used together with a parallax. Default 0. */
  readonly radialVelocityKmS?: ArrayLike<number>;
}

/**
 * Positions at another epoch: uniform motion along a straight line in space.
 *
 * A missing proper motion (NaN) counts as none, since catalogues lack it where none was measured. Light travel time is
 * left out: below 1 mas over a century for every known star. Annual parallax is not applied.
 *
 * @param positions ICRS, deg, at `fromYear`.
 * @param motion Proper motions at `fromYear`.
 * @param options.fromYear Julian epoch of the positions, such as 2016.0 for Gaia DR3.
 * @param options.toYear Julian epoch wanted.
 * @throws {RangeError} If a position is none.
 * @see The Hipparcos and Tycho Catalogues, ESA SP-1200, vol. 1, section 1.5.5
 * @example const atChandra = propagate(positionsOf(gaia), { pmRaMasYr, pmDecMasYr }, { fromYear: 2016, toYear: 2003.2 });
 */
export function propagate(
  positions: SkyPositions,
  motion: ProperMotion,
  options: { fromYear: number; toYear: number },
): { raDeg: Float64Array; decDeg: Float64Array } {
  checkPositions("propagate positions", positions);
  const years = options.toYear - options.fromYear;
  const n = positions.raDeg.length;
  const raDeg = new Float64Array(n);
  const decDeg = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const [ra, dec] = [positions.raDeg[i]! * RAD, positions.decDeg[i]! * RAD];
    const [sinRa, cosRa, sinDec, cosDec] = [Math.sin(ra), Math.cos(ra), Math.sin(dec), Math.cos(dec)];
    const east = known(motion.pmRaMasYr[i]) * MAS * years;
    const north = known(motion.pmDecMasYr[i]) * MAS * years;
    const parallax = Math.max(0, known(motion.parallaxMas?.[i])) * MAS;
    const away = 1 + (known(motion.radialVelocityKmS?.[i]) / KM_S_PER_AU_YEAR) * parallax * years;
    const x = away * cosDec * cosRa - east * sinRa - north * sinDec * cosRa;
    const y = away * cosDec * sinRa + east * cosRa - north * sinDec * sinRa;
    const z = away * sinDec + north * cosDec;
    raDeg[i] = turnOf(Math.atan2(y, x) / RAD);
    decDeg[i] = Math.atan2(z, Math.hypot(x, y)) / RAD;
  }
  return { raDeg, decDeg };
}

function known(value: number | undefined): number {
  return value === undefined || Number.isNaN(value) ? 0 : value;
}
