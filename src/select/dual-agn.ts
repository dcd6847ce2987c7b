import { type Catalog, joinRows } from "../catalog/index.ts";
import { type Cosmology, PLANCK18 } from "../cosmology/index.ts";
import { positionsOf, SkyIndex } from "../match/index.ts";
import { type Values, valuesOf } from "./columns.ts";

/** How pairs of active nuclei are selected. */
export interface DualAgnOptions {
  /** Intrinsic X-ray luminosity, erg/s; or flux in erg/s/cm², from which it is computed. Give one. */
  readonly luminosity?: Values;
  readonly flux?: Values;
  readonly redshift: Values;
  /** Column density, cm⁻², to tell Compton-thick nuclei. Default: not told. */
  readonly nh?: Values;
  /** Largest projected separation, kpc. Default 100, the largest of De Rosa et al. 2023 being 97. */
  readonly maxSeparationKpc?: number;
  /** Largest difference in velocity, km/s. Default 600. */
  readonly maxVelocityKmS?: number;
  /** Least luminosity of either nucleus, erg/s. Default 1e42, above which star formation alone is rare. */
  readonly minLuminosity?: number;
  /** Photon index of the K correction, with `flux`. Default 1.8. */
  readonly gamma?: number;
  /** Default PLANCK18. */
  readonly cosmology?: Cosmology;
}

const C_KM_S = 299_792.458;
/** Column density above which a nucleus is Compton-thick, 1/σ_T, cm⁻². */
const COMPTON_THICK = 1.5e24;

/**
 * Pairs of active nuclei: both above a luminosity, close in projection and in velocity.
 *
 * Each pair stands once, with the columns of either member (the second with "_2"), `separation` (arcsec),
 * `separation_kpc`, `velocity_difference` (km/s), `luminosity_1`, `luminosity_2` (erg/s) and, with `nh`,
 * `n_compton_thick`, how many of the two are Compton-thick (above 1.5e24 cm⁻²).
 *
 * @throws {TypeError} If not exactly one of `luminosity` and `flux` is given.
 * @see De Rosa et al. 2023, MNRAS 519, 5149: 124 AGN in pairs and multiples, 3–97 kpc, about 80 % Compton-thin
 */
export function selectDualAgn(agn: Catalog, options: DualAgnOptions): Catalog {
  const { maxSeparationKpc = 100, maxVelocityKmS = 600, minLuminosity = 1e42, gamma = 1.8 } = options;
  const { cosmology = PLANCK18 } = options;
  const redshift = valuesOf(agn, options.redshift, "redshift");
  const luminosity = luminositiesOf(agn, options, redshift, gamma);
  const nh = options.nh === undefined ? undefined : valuesOf(agn, options.nh, "nh");
  const bright = Uint32Array.from(redshift.keys()).filter(
    (row) => redshift[row]! > 0 && luminosity[row]! >= minLuminosity,
  );
  const scale = bright.reduce((least, row) => Math.min(least, cosmology.kpcPerArcsec(redshift[row]!)), Infinity);
  const { raDeg, decDeg } = positionsOf(agn);
  const places = { raDeg: Array.from(bright, (row) => raDeg[row]!), decDeg: Array.from(bright, (row) => decDeg[row]!) };
  const near = new SkyIndex(places).within(places, { radiusArcsec: Math.min(648_000, maxSeparationKpc / scale) });
  const pairs = Array.from(near.left.keys()).flatMap((pair) => {
    const [first, second] = [bright[near.left[pair]!]!, bright[near.right[pair]!]!];
    if (first >= second) return [];
    const mean = (redshift[first]! + redshift[second]!) / 2;
    const velocity = (C_KM_S * Math.abs(redshift[first]! - redshift[second]!)) / (1 + mean);
    const separation = near.separationArcsec[pair]!;
    const kpc = separation * cosmology.kpcPerArcsec(mean);
    return velocity <= maxVelocityKmS && kpc <= maxSeparationKpc ? [{ first, second, separation, kpc, velocity }] : [];
  });
  const thick = (row: number) => (nh && nh[row]! >= COMPTON_THICK ? 1 : 0);
  const column = (of: (pair: (typeof pairs)[number]) => number) => Float64Array.from(pairs, of);
  return joinRows(
    [agn, Uint32Array.from(pairs, ({ first }) => first)],
    [agn, Uint32Array.from(pairs, ({ second }) => second)],
    {
      name: "dual AGN",
      extra: [
        { name: "separation", unit: "arcsec", ucd: "pos.angDistance", data: column((pair) => pair.separation) },
        { name: "separation_kpc", unit: "kpc", data: column((pair) => pair.kpc) },
        { name: "velocity_difference", unit: "km/s", data: column((pair) => pair.velocity) },
        { name: "luminosity_1", unit: "erg/s", data: column(({ first }) => luminosity[first]!) },
        { name: "luminosity_2", unit: "erg/s", data: column(({ second }) => luminosity[second]!) },
        ...(nh
          ? [{ name: "n_compton_thick", data: Int32Array.from(pairs, (p) => thick(p.first) + thick(p.second)) }]
          : []),
      ],
    },
  );
}

function luminositiesOf(agn: Catalog, options: DualAgnOptions, redshift: Float64Array, gamma: number): Float64Array {
  const { luminosity, flux, cosmology = PLANCK18 } = options;
  if ((luminosity === undefined) === (flux === undefined)) {
    throw new TypeError("Cannot select dual AGN: either luminosity or flux must be given: current number is not one");
  }
  if (luminosity !== undefined) return valuesOf(agn, luminosity, "luminosity");
  return valuesOf(agn, flux as Values, "flux").map((value, row) =>
    redshift[row]! > 0 ? cosmology.luminosity(value, { z: redshift[row]!, gamma }) : Number.NaN,
  );
}
