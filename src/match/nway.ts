import { Catalog, type ColumnFields } from "../catalog/index.ts";
import { associationProbability } from "./bayes-factor.ts";
import { type MagnitudeHistogram, magnitudeFactor, magnitudeHistogram } from "./magnitude-prior.ts";
import { type Candidate, type CandidateTable, candidatesOf } from "./nway-candidates.ts";

/** A property that helps to tell counterparts from other sources. */
export interface NwayMagnitude {
  readonly name: string;
  /** Value per row, NaN where unknown. */
  readonly values: ArrayLike<number>;
  /** Known densities. Default: learned from the match itself. */
  readonly histogram?: MagnitudeHistogram;
}

/** A catalogue to match. */
export interface NwayTable extends CandidateTable {
  /** Short name, used for the result's columns. */
  readonly name: string;
  /** Sky area that the catalogue covers, deg²; it makes the source density. */
  readonly areaDeg2: number;
  readonly magnitudes?: readonly NwayMagnitude[];
}

/** How catalogues are matched. */
export interface NwayOptions {
  /** Farthest that members of an association may be apart, arcsec; about five times the largest error. */
  readonly radiusArcsec: number;
  /** Share of primary sources that have a counterpart in all other catalogues, 0–1. Default 1. */
  readonly completeness?: number;
  /**
   * Counterparts nearer than this, arcsec, teach the magnitude priors, and all within it are left out of the other
   * sources. Default: associations whose positions alone give more than 0.9 teach, weighted by that probability, and
   * those above 0.01 are left out.
   */
  readonly learnWithinArcsec?: number;
}

/** What `nway` found. */
export interface NwayResult {
  /**
   * One row per association, grouped by primary source, that without counterpart first: `<name>_row` per catalogue
   * (−1: no part), `separation_max`, `ncat`, `dist_bayesfactor`, `dist_post`, `bias_<name>_<magnitude>`, `p_single`,
   * `p_any`, `p_i`, `match_flag` (1 the best, 2 nearly as good, 0 others).
   */
  readonly table: Catalog;
  /** Probability of each primary source to have a counterpart, shape (nPrimary,). */
  readonly pAny: Float64Array;
  /** The densities that were learned or given, by `<name>_<magnitude>`. */
  readonly histograms: ReadonlyMap<string, MagnitudeHistogram>;
}

/** Associations this much less probable than the best are not nearly as good. */
const SECONDARY_RATIO = 0.5;
const FULL_SKY_DEG2 = 4 * Math.PI * (180 / Math.PI) ** 2;

/**
 * Bayesian association of two or more catalogues: distances, errors (also ellipses), source densities and priors from
 * magnitudes give each primary source p_any, the probability of having a counterpart at all, and each association
 * p_i, its probability among those with one.
 *
 * Differs from NWAY 4.8: elliptical errors are exact (`logBayesFactor`); learned histograms weight each counterpart by
 * its own probability; cases of unrelated pairs among the other catalogues are not corrected for, as that release does
 * not in effect.
 *
 * @param tables The primary catalogue first; at least two.
 * @throws {RangeError} If there are too few tables, an option is out of range or a position or error is none.
 * @see Salvato et al. 2018, MNRAS 473, 4937, equations 1–10
 * @example
 * const { table, pAny } = nway(
 *   [{ name: "X", ...positionsOf(csc), error: 0.4, areaDeg2: 0.2 }, { name: "O", ...positionsOf(gaia), error: 0.1, areaDeg2: 0.2 }],
 *   { radiusArcsec: 5, completeness: 0.9 },
 * );
 */
export function nway(tables: readonly NwayTable[], options: NwayOptions): NwayResult {
  checkRequest(tables, options);
  const groups = candidatesOf(tables, options.radiusArcsec);
  const candidates = groups.flat();
  const priors = priorsOf(tables, options.completeness ?? 1);
  const prior = Float64Array.from(candidates, ({ rows }) => priors(rows));
  const distPost = Float64Array.from(candidates, ({ logFactor }, i) => associationProbability(prior[i]!, logFactor));
  const total = Float64Array.from(candidates, ({ logFactor }) => logFactor);
  const histograms = new Map<string, MagnitudeHistogram>();
  const biases: ColumnFields[] = [];
  for (const [t, table] of tables.entries()) {
    for (const magnitude of table.magnitudes ?? []) {
      const key = `${table.name}_${magnitude.name}`;
      const histogram = magnitude.histogram ?? learn(candidates, distPost, { ...magnitude, table: t }, options);
      histograms.set(key, histogram);
      const factors = Float64Array.from(candidates, ({ rows }) =>
        rows[t]! < 0 ? 1 : magnitudeFactor(histogram, magnitude.values[rows[t]!]!),
      );
      for (const [i, factor] of factors.entries()) total[i]! += Math.log10(factor);
      biases.push({ name: `bias_${key}`, data: factors });
    }
  }
  const pSingle = total.map((logFactor, i) => associationProbability(prior[i]!, logFactor));
  const { pAny, pAnyOfRow, pI, flags } = groupProbabilities(groups, total, prior);
  const columns: ColumnFields[] = [
    ...tables.map(({ name }, t) => ({
      name: `${name}_row`,
      description: `Row in catalogue "${name}", counted from 0; -1: no part`,
      data: Int32Array.from(candidates, ({ rows }) => rows[t]!),
    })),
    {
      name: "separation_max",
      unit: "arcsec",
      ucd: "pos.angDistance",
      data: Float64Array.from(candidates, (candidate) => candidate.separationMaxArcsec),
    },
    { name: "ncat", data: Int32Array.from(candidates, ({ nCatalogs }) => nCatalogs) },
    {
      name: "dist_bayesfactor",
      description: "log10 of the Bayes factor of the positions",
      data: Float64Array.from(candidates, ({ logFactor }) => logFactor),
    },
    { name: "dist_post", description: "Probability from positions, by itself", data: distPost },
    ...biases,
    { name: "p_single", description: "Probability with all priors, by itself", data: pSingle },
    { name: "p_any", description: "Probability of the primary to have a counterpart", data: pAnyOfRow },
    { name: "p_i", description: "Probability among the associations with a counterpart", data: pI },
    { name: "match_flag", description: "1 best, 2 nearly as good, 0 others", data: flags },
  ];
  return { table: new Catalog(columns, { name: tables.map(({ name }) => name).join(" × ") }), pAny, histograms };
}

function checkRequest(tables: readonly NwayTable[], { radiusArcsec, completeness = 1 }: NwayOptions): void {
  if (tables.length < 2) {
    throw new RangeError(`Cannot match: there must be at least 2 catalogues: current number is ${tables.length}`);
  }
  if (!(radiusArcsec > 0) || !(completeness > 0 && completeness <= 1)) {
    throw new RangeError(
      `Cannot match: radiusArcsec must be positive and completeness in (0, 1]: current values are ${radiusArcsec} and ${completeness}`,
    );
  }
  for (const { name, areaDeg2 } of tables) {
    if (areaDeg2 > 0 && areaDeg2 <= FULL_SKY_DEG2 * 1.001) continue;
    throw new RangeError(
      `Cannot match catalogue "${name}": areaDeg2 must be between 0 and the full sky (41253): current value is ${areaDeg2}`,
    );
  }
}

/**
 * Prior of an association: completeness^(1/(n−1)) per other member, over its density on the full sky; one source more
 * than listed, since the counterpart may be missing.
 */
function priorsOf(tables: readonly NwayTable[], completeness: number): (rows: Int32Array) => number {
  const share = completeness ** (1 / (tables.length - 1));
  const counts = tables.map(({ raDeg, areaDeg2 }, t) => ((raDeg.length + (t > 0 ? 1 : 0)) / areaDeg2) * FULL_SKY_DEG2);
  return (rows) => {
    let prior = 1;
    for (let t = 1; t < tables.length; t++) if (rows[t]! >= 0) prior *= share / counts[t]!;
    return prior;
  };
}

/** Histograms of secure counterparts against sources that are certainly none. */
function learn(
  candidates: readonly Candidate[],
  distPost: Float64Array,
  magnitude: NwayMagnitude & { readonly table: number },
  { learnWithinArcsec }: NwayOptions,
): MagnitudeHistogram {
  const secure = new Map<number, number>();
  const possible = new Set<number>();
  for (const [i, { rows, separationMaxArcsec }] of candidates.entries()) {
    const row = rows[magnitude.table]!;
    if (row < 0) continue;
    const near = learnWithinArcsec !== undefined && separationMaxArcsec < learnWithinArcsec;
    const certain = learnWithinArcsec === undefined ? distPost[i]! > 0.9 : near;
    const weight = learnWithinArcsec === undefined ? distPost[i]! : 1;
    if (certain && !secure.has(row)) secure.set(row, weight);
    if (learnWithinArcsec === undefined ? distPost[i]! > 0.01 : near) possible.add(row);
  }
  const known = [...secure].filter(([row]) => Number.isFinite(magnitude.values[row]));
  const others = Array.from(magnitude.values).filter((value, row) => Number.isFinite(value) && !possible.has(row));
  return magnitudeHistogram(
    known.map(([row]) => magnitude.values[row]!),
    others,
    { weights: known.map(([, weight]) => weight) },
  );
}

/** p_any = 1 − P(none)/ΣP and p_i = P_i/Σ_{i>0}P, in logarithms. */
function groupProbabilities(groups: readonly Candidate[][], total: Float64Array, prior: Float64Array) {
  const pAny = new Float64Array(groups.length);
  const pAnyOfRow = new Float64Array(total.length);
  const pI = new Float64Array(total.length);
  const flags = new Int32Array(total.length);
  let start = 0;
  for (const [g, group] of groups.entries()) {
    const end = start + group.length;
    const weights = total.subarray(start, end).map((logFactor, i) => logFactor + Math.log10(prior[start + i]!));
    const all = logSum(weights);
    const some = logSum(weights.subarray(1));
    pAny[g] = Number.isFinite(some) ? 1 - 10 ** (weights[0]! - all) : 0;
    let best = 0;
    for (let i = start + 1; i < end; i++) {
      pI[i] = Number.isFinite(some) ? 10 ** (weights[i - start]! - some) : 0;
      best = Math.max(best, pI[i]!);
    }
    for (let i = start; i < end; i++) {
      pAnyOfRow[i] = pAny[g]!;
      if (best > 0 && i > start) flags[i] = pI[i] === best ? 1 : pI[i]! > SECONDARY_RATIO * best ? 2 : 0;
    }
    start = end;
  }
  return { pAny, pAnyOfRow, pI, flags };
}

/** log₁₀ of a sum of powers of ten. */
function logSum(values: Float64Array): number {
  const top = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  if (!Number.isFinite(top)) return top;
  return top + Math.log10(values.reduce((sum, value) => sum + 10 ** (value - top), 0));
}
