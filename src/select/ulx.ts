import { type Catalog, joinRows } from "../catalog/index.ts";
import { type Cosmology, PLANCK18 } from "../cosmology/index.ts";
import { positionsOf, SkyIndex, shiftPositions } from "../match/index.ts";
import { type Values, valuesOf } from "./columns.ts";

/** How ultra- and hyperluminous X-ray sources are selected. */
export interface UlxOptions {
  /** X-ray flux, erg/s/cm². */
  readonly flux: Values;
  /** 1σ error of the X-ray position relative to the galaxies, arcsec. */
  readonly positionErrorArcsec: Values;
  /** Redshift of each galaxy; those not above 0 are passed over, their distance is unknown. */
  readonly redshift: Values;
  /** Radius within which a source counts to its galaxy, arcsec, such as R25 or twice the Petrosian radius. */
  readonly galaxyRadiusArcsec: Values;
  /** Least luminosity, erg/s. Default 1e39; 1e41 selects hyperluminous sources. */
  readonly minLuminosity?: number;
  /** Off-nuclear: how many position errors from the nucleus at least. Default 3. */
  readonly minOffsetSigma?: number;
  /** Photon index of the K correction. Default 1.8. */
  readonly gamma?: number;
  /** Default PLANCK18. */
  readonly cosmology?: Cosmology;
}

/** Sources selected, and how many are expected to be none. */
export interface UlxSelection {
  /**
   * A row per candidate: columns of the X-ray catalogue and of the galaxy, with `separation` (arcsec), `offset_kpc` and
   * `luminosity` (erg/s).
   */
  readonly table: Catalog;
  /** Candidates found when X-ray positions are moved off their galaxies: background sources, mean of directions. */
  readonly expectedContaminants: number;
}

const DIRECTIONS = 8;

/**
 * Off-nuclear X-ray sources in galaxies that would be ultraluminous (above 1e39 erg/s) or hyperluminous (above
 * 1e41 erg/s) at the galaxy's distance.
 *
 * A candidate lies within the galaxy's radius, farther from its nucleus than `minOffsetSigma` position errors, and
 * reaches the luminosity. Of several galaxies the nearest counts. Background AGN pass the same cuts: their number is
 * measured by repeating the selection with X-ray positions moved aside by four times the largest galaxy radius in eight
 * directions. Not part of it: registration of each image to the galaxies' frame, which the publications do first and
 * without which the position error must include the absolute astrometry; the luminosity expected of ordinary binaries
 * and hot gas, which Barrows et al. 2019 subtract for their hyperluminous sources.
 *
 * @param xray X-ray sources.
 * @param galaxies Galaxies with nuclei as positions.
 * @see Barrows, Mezcua & Comerford 2019, ApJ 882, 181 (169 HLX, 8 % contamination); Barrows et al. 2022, ApJ 932, 27
 * @example
 * const ulx = selectUlx(csc, sdss, { flux: "flux_aper_b", positionErrorArcsec: "sigma", redshift: "z", galaxyRadiusArcsec: "petroR90_r" });
 * ulx.table
 */
export function selectUlx(xray: Catalog, galaxies: Catalog, options: UlxOptions): UlxSelection {
  const { minLuminosity = 1e39, minOffsetSigma = 3, gamma = 1.8, cosmology = PLANCK18 } = options;
  const flux = valuesOf(xray, options.flux, "flux");
  const error = valuesOf(xray, options.positionErrorArcsec, "positionErrorArcsec");
  const redshift = valuesOf(galaxies, options.redshift, "redshift");
  const radius = valuesOf(galaxies, options.galaxyRadiusArcsec, "galaxyRadiusArcsec");
  const largest = radius.reduce((most, value) => Math.max(most, value || 0), 0);
  if (!(largest > 0)) {
    throw new RangeError(
      `Cannot select ULX: galaxyRadiusArcsec must be positive for some galaxy: the largest is ${largest}`,
    );
  }
  const index = new SkyIndex(positionsOf(galaxies));
  const positions = positionsOf(xray);
  // Luminosity per flux depends on the galaxy alone
  const perFlux = redshift.map((z) => (z > 0 ? cosmology.luminosity(1, { z, gamma }) : Number.NaN));
  const select = (at: { raDeg: Float64Array; decDeg: Float64Array }) => {
    const { left, right, separationArcsec } = index.within(at, { radiusArcsec: largest });
    const taken = new Set<number>();
    return Array.from(left.keys()).flatMap((pair) => {
      const [source, galaxy, separation] = [left[pair]!, right[pair]!, separationArcsec[pair]!];
      if (taken.has(source) || separation > radius[galaxy]!) return [];
      taken.add(source);
      const isBright = flux[source]! * perFlux[galaxy]! >= minLuminosity;
      return isBright && separation > minOffsetSigma * error[source]! ? [{ source, galaxy, separation }] : [];
    });
  };
  const found = select(positions);
  const moved = Array.from({ length: DIRECTIONS }, (_, i) =>
    select(shiftPositions(positions, { offsetArcsec: 4 * largest, positionAngleDeg: (360 * i) / DIRECTIONS })),
  );
  const separation = Float64Array.from(found, (pair) => pair.separation);
  const table = joinRows(
    [xray, Uint32Array.from(found, ({ source }) => source)],
    [galaxies, Uint32Array.from(found, ({ galaxy }) => galaxy)],
    {
      name: `off-nuclear sources above ${minLuminosity} erg/s`,
      extra: [
        { name: "separation", unit: "arcsec", ucd: "pos.angDistance", data: separation },
        {
          name: "offset_kpc",
          unit: "kpc",
          description: "Projected distance from the nucleus",
          data: Float64Array.from(found, (pair) => pair.separation * cosmology.kpcPerArcsec(redshift[pair.galaxy]!)),
        },
        {
          name: "luminosity",
          unit: "erg/s",
          ucd: "phys.luminosity;em.X-ray",
          data: Float64Array.from(found, (pair) => flux[pair.source]! * perFlux[pair.galaxy]!),
        },
      ],
    },
  );
  return { table, expectedContaminants: moved.reduce((sum, list) => sum + list.length, 0) / DIRECTIONS };
}
