import type { Catalog } from "../catalog/index.ts";

/** Names of the columns of a catalogue's best positions, most telling first. */
const NAMES: readonly (readonly [string, string])[] = [
  ["ra", "dec"],
  ["SC_RA", "SC_DEC"],
  ["RA_ICRS", "DE_ICRS"],
  ["RAJ2000", "DEJ2000"],
  ["_RAJ2000", "_DEJ2000"],
  ["RA_CORR", "DEC_CORR"],
  ["RAdeg", "DEdeg"],
];
const UCDS: readonly (readonly [string, string])[] = [
  ["pos.eq.ra;meta.main", "pos.eq.dec;meta.main"],
  ["pos_eq_ra_main", "pos_eq_dec_main"],
  ["pos.eq.ra", "pos.eq.dec"],
];

/** Which columns hold the position. */
export interface PositionColumns {
  /** Default: by UCD (`pos.eq.ra;meta.main`), else by the names that X-ray and Gaia catalogues use. */
  readonly ra?: string;
  readonly dec?: string;
}

/**
 * Positions of a catalogue's sources, deg.
 *
 * @throws {RangeError} If the columns cannot be told, or are in another unit than degrees.
 */
export function positionsOf(
  catalog: Catalog,
  options: PositionColumns = {},
): { raDeg: Float64Array; decDeg: Float64Array } {
  const [ra, dec] = positionColumns(catalog, options);
  for (const name of [ra, dec]) {
    const unit = catalog.unit(name);
    if (unit === undefined || /^deg(rees?)?$/i.test(unit)) continue;
    throw new RangeError(
      `Cannot take positions of catalogue "${catalog.name}": column "${name}" must be in deg: its unit is "${unit}"`,
    );
  }
  return { raDeg: catalog.numbers(ra), decDeg: catalog.numbers(dec) };
}

/** Names of the two columns. */
function positionColumns(catalog: Catalog, { ra, dec }: PositionColumns): readonly [string, string] {
  if (ra !== undefined && dec !== undefined) return [ra, dec];
  for (const [raUcd, decUcd] of UCDS) {
    const found = [raUcd, decUcd].map((ucd) => catalog.columns.find((column) => column.ucd?.toLowerCase() === ucd));
    if (found[0] && found[1]) return [found[0].name, found[1].name];
  }
  for (const names of NAMES) {
    const found = names.map((name) =>
      catalog.columns.find((column) => column.name.toLowerCase() === name.toLowerCase()),
    );
    if (found[0] && found[1]) return [found[0].name, found[1].name];
  }
  throw new RangeError(
    `Cannot take positions of catalogue "${catalog.name}": columns of right ascension and declination must be known by UCD or name (options ra and dec name them): its columns are ${catalog.columns
      .slice(0, 12)
      .map(({ name }) => `"${name}"`)
      .join(", ")}`,
  );
}
