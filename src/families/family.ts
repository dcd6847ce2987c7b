/** Flux columns that add up to the flux of one band, erg/s/cm². */
export interface BandFlux {
  readonly columns: readonly string[];
  readonly lowKeV: number;
  readonly highKeV: number;
}

/** How one column becomes an error or a limit of a flux column: by their names. */
export type ErrorNames = (flux: string) => readonly [error: string] | readonly [low: string, high: string];

/** A flag column: the values that mean something, in words. */
export interface QualityFlag {
  readonly column: string;
  /** The meaning of a value; undefined where it is no cause for doubt. */
  readonly meaning: (value: unknown) => string | undefined;
}

/**
 * One table of a catalogue family, by its own column names, which are matched whatever their case: files have capitals
 * where services answer in small letters.
 */
export interface FamilyTable {
  /** Such as "eRASS1 main". */
  readonly title: string;
  /** Columns that tell this table from all others. */
  readonly signature: readonly string[];
  readonly name: string;
  readonly ra: string;
  readonly dec: string;
  /** Columns of the position error, and the 1σ error of one coordinate, arcsec, of their values. */
  readonly posErr: { readonly columns: readonly string[]; readonly of: (...values: number[]) => number };
  /** Log-likelihood of detection. */
  readonly likelihood?: string;
  /** Whether a source is extended. */
  readonly extended?: { readonly column: string; readonly of: (value: unknown) => boolean | null };
  /** Whether a source varies, as its catalogue decides. */
  readonly variable?: { readonly column: string; readonly of: (value: unknown) => boolean | null };
  /** Every flux column, with its band. */
  readonly bands: readonly BandFlux[];
  /** What gives the flux of 0.5–2 keV, the best first: the first is taken whose columns are there. */
  readonly soft: readonly BandFlux[];
  /** The same of 2–7 keV. */
  readonly hard: readonly BandFlux[];
  readonly errors: ErrorNames;
  readonly quality: readonly QualityFlag[];
}

/** A logical, however a file spells it; null where it is missing. */
export function truthOf(value: unknown): boolean | null {
  if (typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isNaN(value) ? null : value !== 0;
  if (typeof value === "bigint") return value !== 0n;
  const text = typeof value === "string" ? value.trim().toLowerCase() : "";
  if (["true", "t", "1"].includes(text)) return true;
  return ["false", "f", "0"].includes(text) ? false : null;
}

/** Whether a number is above 0; null where it is missing. */
export function aboveZero(value: unknown): boolean | null {
  return Number.isFinite(value) ? Number(value) > 0 : null;
}

/** A flag that is bad where it is true. */
export function badIfTrue(column: string, meaning: string): QualityFlag {
  return { column, meaning: (value) => (truthOf(value) ? meaning : undefined) };
}
