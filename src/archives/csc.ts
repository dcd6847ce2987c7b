import type { Catalog } from "../catalog/index.ts";
import { separationArcsec } from "../match/index.ts";
import { boxAround } from "./box-around.ts";
import { type Cone, checkCone } from "./cone.ts";
import { TAP_SERVICES } from "./services.ts";
import { type TapOptions, tapQuery } from "./tap.ts";

/** Which rows and columns of the Chandra Source Catalog are asked for. */
export interface CscOptions extends TapOptions {
  /** Condition in ADQL, such as "flux_significance_b > 5". Default none. */
  readonly where?: string;
  /** Columns. Default: those of `table` that `CSC_COLUMNS` lists. */
  readonly columns?: readonly string[];
  /**
   * "master": one row per source; "stacks": one per source and stack of observations; "observations": one per
   * detection, with the source's name and position. Default "observations" where a column or condition needs it
   * (`flux_significance`, `obsid`, `theta`, …), else "master".
   */
  readonly table?: "master" | "stacks" | "observations";
  /** Sources within a circle. Default: the whole sky. */
  readonly cone?: Cone;
  /** Base address of the TAP service. Default https://cda.cfa.harvard.edu/csc21tap. */
  readonly service?: string;
}

const BANDS = ["b", "h", "m", "s"];

/** Columns asked for by default. */
export const CSC_COLUMNS: {
  readonly [table in "master" | "stacks" | "observations"]: readonly string[];
} = {
  master: [
    "name",
    "ra",
    "dec",
    "err_ellipse_r0",
    "err_ellipse_r1",
    "err_ellipse_ang",
    "significance",
    "likelihood_class",
    "conf_flag",
    "extent_flag",
    "sat_src_flag",
    "var_flag",
    ...BANDS.map((band) => `flux_aper_${band}`),
    "hard_hm",
    "hard_hs",
    "hard_ms",
    "powlaw_gamma",
    "bb_kt",
    ...BANDS.map((band) => `var_intra_prob_${band}`),
    "acis_time",
  ],
  stacks: [
    "detect_stack_id",
    "region_id",
    "ra",
    "dec",
    "err_ellipse_r0",
    "err_ellipse_r1",
    "err_ellipse_ang",
    "theta_mean",
    ...BANDS.map((band) => `flux_aper_${band}`),
    "hard_hm",
    "hard_hs",
    "hard_ms",
  ],
  observations: [
    "name",
    "ra",
    "dec",
    "obsid",
    "obi",
    "region_id",
    "theta",
    "livetime",
    "src_cnts_aper_b",
    "flux_significance_b",
    "flux_aper_b",
    "hard_hm",
    "hard_hs",
    "hard_ms",
    "powlaw_gamma",
    "bb_kt",
    ...["b", "h", "s"].flatMap((band) => [`var_prob_${band}`, `var_mean_${band}`, `var_sigma_${band}`]),
    "var_min_b",
    "var_max_b",
    "var_index_b",
  ],
};

/** Columns of the master table that a query of observations takes from there. */
const FROM_MASTER = new Set(["name", "ra", "dec", "significance", "likelihood", "likelihood_class"]);
/** Columns that only detections have. */
const OBSERVATION_ONLY =
  /\b(obsid|obi|region_id|theta|phi|livetime|flux_significance_\w|src_(cnts|rate)_aper\w*|var_(prob|sigma|mean|min|max|index)_\w|ks_prob_\w|kp_prob_\w|gti_\w+)\b/;

/** The joins from a detection to its unique master source. */
const OBSERVATION_TABLES =
  "csc21.master_source m, csc21.master_stack_assoc a, csc21.observation_source o, csc21.stack_observation_assoc b, csc21.stack_source s";
const OBSERVATION_JOIN = [
  "a.match_type = 'u'",
  "m.name = a.name",
  "s.detect_stack_id = a.detect_stack_id",
  "s.region_id = a.region_id",
  "s.detect_stack_id = b.detect_stack_id",
  "s.region_id = b.region_id",
  "o.obsid = b.obsid",
  "o.obi = b.obi",
  "o.region_id = b.region_id",
].join(" AND ");

/**
 * Loads rows of the Chandra Source Catalog 2.1 over TAP.
 *
 * A circle is asked for as the box around it, because the service refuses CIRCLE, and cut out here.
 */
export async function loadCsc(options: CscOptions = {}): Promise<Catalog> {
  const rows = await tapQuery(options.service ?? TAP_SERVICES.csc21, cscQuery(options), options);
  const { cone, columns } = options;
  if (!cone) return rows;
  const centre = [cone.raDeg, cone.decDeg] as const;
  const [ra, dec] = [rows.numbers("ra"), rows.numbers("dec")];
  const found = rows.filter(
    Array.from(ra, (raDeg, i) => separationArcsec([raDeg, dec[i] as number], centre) <= cone.radiusArcsec),
  );
  return columns ? found.select(columns) : found;
}

/** The ADQL of a request, for a look before it is sent. */
export function cscQuery(options: CscOptions = {}): string {
  const { where, columns, maxRows, cone } = options;
  const needsObservations = OBSERVATION_ONLY.test([where ?? "", ...(columns ?? [])].join(" "));
  const table = options.table ?? (needsObservations ? "observations" : "master");
  const wanted = columns ?? CSC_COLUMNS[table];
  for (const name of wanted) checkColumn(name);
  const names = cone ? [...wanted, ...["ra", "dec"].filter((name) => !wanted.includes(name))] : wanted;
  const top = maxRows === undefined ? "" : `TOP ${maxRows} `;
  if (cone) checkCone(cone);
  if (table === "observations") {
    const list = names.map((name) => `${FROM_MASTER.has(name) ? "m" : "o"}.${name}`).join(", ");
    const conditions = [OBSERVATION_JOIN, ...(where ? [`(${qualify(where, "o")})`] : []), ...boxOf(cone, "m")];
    return `SELECT ${top}${list} FROM ${OBSERVATION_TABLES} WHERE ${conditions.join(" AND ")} ORDER BY m.name`;
  }
  const [letter, source] = table === "master" ? (["m", "master_source"] as const) : (["s", "stack_source"] as const);
  const list = names.map((name) => `${letter}.${name}`).join(", ");
  const box = boxOf(cone, letter);
  const own = where ? [box.length > 0 ? `(${qualify(where, letter)})` : qualify(where, letter)] : [];
  const conditions = [...own, ...box];
  return `SELECT ${top}${list} FROM csc21.${source} ${letter}${conditions.length > 0 ? ` WHERE ${conditions.join(" AND ")}` : ""}`;
}

function boxOf(cone: Cone | undefined, letter: "m" | "s"): string[] {
  return cone ? [boxAround(cone, `${letter}.ra`, `${letter}.dec`)] : [];
}

function checkColumn(name: string): void {
  if (/^[A-Za-z]\w*$/.test(name)) return;
  throw new RangeError(`Cannot query the CSC: columns must be plain column names: current value is "${name}"`);
}

const WORDS = new Set(
  "and or not is null between in like true false exists contains point circle box abs sqrt power log log10 exp cos sin upper lower".split(
    " ",
  ),
);

/** Puts the table before column names in a condition that have none; text in quotes is left alone. */
function qualify(where: string, table: "m" | "o" | "s"): string {
  return where.replace(/'[^']*'|(?<![\w.])[A-Za-z]\w*(?![\w.]|\s*\()/g, (word) => {
    if (word.startsWith("'") || WORDS.has(word.toLowerCase())) return word;
    return `${table === "o" && FROM_MASTER.has(word) ? "m" : table}.${word}`;
  });
}
