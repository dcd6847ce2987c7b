import { type Catalog, joinRows } from "../catalog/index.ts";
import { CM_PER_MPC } from "../cosmology/index.ts";
import { positionsOf, propagate, SkyIndex } from "../match/index.ts";
import { type Values, valuesOf } from "./columns.ts";

/** How cataclysmic variables are selected. Default column names are Gaia DR3's. */
export interface CataclysmicOptions {
  /** X-ray flux, erg/s/cm². */
  readonly flux: Values;
  /** Largest distance between an X-ray source and a star at the X-ray epoch, arcsec. Default 1. */
  readonly radiusArcsec?: number;
  /** Julian year of the X-ray position, to which stars are moved. Default: stars stay where Gaia has them. */
  readonly xrayYear?: number;
  /** Julian year of the optical positions. Default 2016, Gaia DR3's. */
  readonly opticalYear?: number;
  /** Default "phot_g_mean_mag". */
  readonly gMag?: Values;
  /** Default "bp_rp". */
  readonly bpRp?: Values;
  /** mas. Default "parallax". */
  readonly parallax?: Values;
  /** mas. Default "parallax_error". */
  readonly parallaxError?: Values;
  /** mas/yr, with cos δ; mas/yr. Default "pmra" and "pmdec". */
  readonly pmRa?: Values;
  readonly pmDec?: Values;
  /** Least parallax over its error. Default 3. */
  readonly minParallaxOverError?: number;
  /**
   * The line log₁₀(F_X/F_opt) = slope·(BP−RP) + intercept, above which accreting white dwarfs lie. Default slope 1,
   * intercept −3.5.
   */
  readonly slope?: number;
  readonly intercept?: number;
  /** Luminosities kept, erg/s. Default 1e29 to 1e32. */
  readonly luminosityRange?: readonly [number, number];
}

/** Flux of G = 0 in Gaia's G band, erg/s/cm²: 2.50386e-9 erg/s/cm²/Å over an effective width of 4053 Å (Vega). */
const G_ZERO_FLUX = 2.50386e-9 * 4052.97;

/**
 * Cataclysmic variables among X-ray sources: the nearest Gaia star at the X-ray epoch, a significant parallax, an X-ray
 * to optical flux ratio above the X-ray main sequence's line for its colour, and a luminosity in range.
 *
 * The line's default is the one in use for Gaia's colours; the radius and the exact cuts of Galiullin et al. 2024 were
 * not available, so all are options. F_opt is νF-like: the flux in the G band, G = 0 being 1.015e-5 erg/s/cm².
 * Luminosities take the distance as 1/parallax and no absorption.
 *
 * @returns Columns of both catalogues with `separation` (arcsec), `log_fx_fopt`, `distance` (pc), `luminosity` (erg/s).
 * @see Galiullin et al. 2024, arXiv:2408.00078; Rodriguez 2024, PASP 136, 054201
 */
export function selectCataclysmic(xray: Catalog, stars: Catalog, options: CataclysmicOptions): Catalog {
  const { radiusArcsec = 1, slope = 1, intercept = -3.5, minParallaxOverError = 3, opticalYear = 2016 } = options;
  const { xrayYear = opticalYear, luminosityRange = [1e29, 1e32] } = options;
  const flux = valuesOf(xray, options.flux, "flux");
  const star = (values: Values, name: string) => valuesOf(stars, values, name);
  const gMag = star(options.gMag ?? "phot_g_mean_mag", "gMag");
  const color = star(options.bpRp ?? "bp_rp", "bpRp");
  const parallax = star(options.parallax ?? "parallax", "parallax");
  const parallaxError = star(options.parallaxError ?? "parallax_error", "parallaxError");
  const moved =
    xrayYear === opticalYear
      ? positionsOf(stars)
      : propagate(
          positionsOf(stars),
          { pmRaMasYr: star(options.pmRa ?? "pmra", "pmRa"), pmDecMasYr: star(options.pmDec ?? "pmdec", "pmDec") },
          { fromYear: opticalYear, toYear: xrayYear },
        );
  const near = new SkyIndex(moved).nearest(positionsOf(xray), { radiusArcsec });
  const candidates = Array.from(near.rows.keys()).flatMap((source) => {
    const row = near.rows[source]!;
    if (row < 0 || !(parallax[row]! >= minParallaxOverError * parallaxError[row]!)) return [];
    const logRatio = Math.log10(flux[source]! / G_ZERO_FLUX) + 0.4 * gMag[row]!;
    const distancePc = 1000 / parallax[row]!;
    const luminosity = 4 * Math.PI * (distancePc * 1e-6 * CM_PER_MPC) ** 2 * flux[source]!;
    const above = logRatio > slope * color[row]! + intercept;
    const inRange = luminosity >= luminosityRange[0] && luminosity <= luminosityRange[1];
    return above && inRange ? [{ source, row, logRatio, distancePc, luminosity }] : [];
  });
  return joinRows(
    [xray, Uint32Array.from(candidates, ({ source }) => source)],
    [stars, Uint32Array.from(candidates, ({ row }) => row)],
    {
      name: "cataclysmic variables",
      extra: [
        {
          name: "separation",
          unit: "arcsec",
          ucd: "pos.angDistance",
          data: Float64Array.from(candidates, ({ source }) => near.separationArcsec[source]!),
        },
        {
          name: "log_fx_fopt",
          description: "log10 of X-ray over G-band flux",
          data: Float64Array.from(candidates, ({ logRatio }) => logRatio),
        },
        { name: "distance", unit: "pc", data: Float64Array.from(candidates, ({ distancePc }) => distancePc) },
        { name: "luminosity", unit: "erg/s", data: Float64Array.from(candidates, ({ luminosity }) => luminosity) },
      ],
    },
  );
}
