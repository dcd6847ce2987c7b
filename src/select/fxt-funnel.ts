import { DISPLAY } from "../host/index.ts";
import { type ProperMotion, propagate, SkyIndex, type SkyPositions, separationArcsec } from "../match/index.ts";
import { escapeMarkup } from "../plot/index.ts";

/** A candidate of `fxtSearch` with its place. */
export interface FxtCandidate {
  readonly name: string;
  readonly raDeg: number;
  readonly decDeg: number;
  /** 1σ error of the position, arcsec. */
  readonly posErrArcsec: number;
  /** When it was seen, such as 2015.3; objects with proper motions are moved to it. */
  readonly epochYear?: number;
  /** Counts of the background region during the event and in as much other time: `FxtWindow.backgroundRise`. */
  readonly backgroundRise?: { readonly during: number; readonly outside: number };
}

/** Entries of another catalogue, one array element each. */
export interface KnownObjects extends SkyPositions {
  /** Default: their rows. */
  readonly names?: ArrayLike<string>;
  /** 1σ, arcsec; NaN counts as 0. Default 0. */
  readonly posErrArcsec?: ArrayLike<number>;
  /** Default: they do not move. */
  readonly motion?: ProperMotion;
  /** Epoch of the positions. Default 2016, Gaia DR3's. */
  readonly epochYear?: number;
}

/** One reason to give candidates up. */
export interface FxtFilter {
  readonly name: string;
  /** Why a candidate is given up, in a few words; undefined if it stays. */
  rejects(candidate: FxtCandidate): string | undefined;
}

/**
 * Gives up candidates within `sigma` position errors plus `extraArcsec` of a known object, moved to the candidate's epoch.
 *
 * Quirola-Vásquez et al. (2022) use 5σ for X-ray sources of other epochs, 3σ + 5″ for Gaia's stars, and 3σ for NED,
 * SIMBAD and VizieR. Errors of both positions count, added in quadrature.
 *
 * @throws {RangeError} If objects move and a candidate has no `epochYear`.
 * @see Quirola-Vásquez et al. 2022, A&A 663, A168
 * @example
 * positionFilter("Gaia", { ...positionsOf(gaia), motion: { pmRaMasYr, pmDecMasYr } }, { sigma: 3, extraArcsec: 5 });
 */
export function positionFilter(
  name: string,
  objects: KnownObjects,
  options: { readonly sigma?: number; readonly extraArcsec?: number } = {},
): FxtFilter {
  const { sigma = 3, extraArcsec = 0 } = options;
  const index = new SkyIndex(objects);
  const errorOf = (row: number) => objects.posErrArcsec?.[row] || 0;
  const largestError = largest(index.length, errorOf);
  const { motion, epochYear = 2016 } = objects;
  const fastestMas = largest(index.length, (row) =>
    Math.hypot(motion?.pmRaMasYr[row] || 0, motion?.pmDecMasYr[row] || 0),
  );
  return {
    name,
    rejects(candidate) {
      const years = motion ? epochOf(candidate, name) - epochYear : 0;
      const at = { raDeg: [candidate.raDeg], decDeg: [candidate.decDeg] };
      const limit = (error: number) => sigma * Math.hypot(candidate.posErrArcsec, error) + extraArcsec;
      const radiusArcsec = limit(largestError) + (fastestMas * Math.abs(years)) / 1000;
      for (const row of index.within(at, { radiusArcsec }).right) {
        const [raDeg, decDeg] = placeOf(objects, row, { fromYear: epochYear, toYear: epochYear + years });
        const distance = separationArcsec([candidate.raDeg, candidate.decDeg], [raDeg, decDeg]);
        if (distance <= limit(errorOf(row)))
          return `${objects.names?.[row] ?? `row ${row}`} at ${distance.toFixed(2)}″`;
      }
      return undefined;
    },
  };
}

/**
 * Gives up candidates during which the background rose with them: by more than `factor` and more than 3σ of its counts.
 * Candidates without a measured background stay.
 *
 * @param options.factor Default 3.
 */
export function backgroundFlareFilter(options: { readonly factor?: number } = {}): FxtFilter {
  const { factor = 3 } = options;
  return {
    name: "background flares",
    rejects({ backgroundRise }) {
      if (!backgroundRise) return undefined;
      const { during, outside } = backgroundRise;
      if (!(during > factor * outside && during - outside > 3 * Math.sqrt(during + outside))) return undefined;
      return `${during} background counts during, ${outside} in as much other time`;
    },
  };
}

/** How many candidates each filter gives up, alone and after the ones before it. */
export class FxtFunnel {
  readonly kept: readonly FxtCandidate[];
  readonly rows: readonly { readonly filter: string; readonly alone: number; readonly left: number }[];
  /** Why each of the others was given up, by the first filter that did. */
  readonly reasons: ReadonlyMap<FxtCandidate, string>;

  /** Use `fxtFunnel`. */
  constructor(fields: Pick<FxtFunnel, "kept" | "rows" | "reasons">) {
    this.kept = fields.kept;
    this.rows = fields.rows;
    this.reasons = fields.reasons;
  }

  [DISPLAY](): Record<string, string> {
    const body = this.rows
      .map(({ filter, alone, left }) => `<tr><td>${escapeMarkup(filter)}</td><td>${alone}</td><td>${left}</td></tr>`)
      .join("");
    const reasons = Array.from(this.reasons, ([{ name }, reason]) => `${name}: ${reason}`);
    const list = reasons.map((reason) => `<li>${escapeMarkup(reason)}</li>`).join("");
    const text = this.rows.map(({ filter, alone, left }) => `${filter}: ${alone} given up alone, ${left} left`);
    return {
      "text/html": `<div><table><thead><tr><th>filter</th><th>given up alone</th><th>left</th></tr></thead><tbody>${body}</tbody></table><details><summary>${reasons.length} given up</summary><ul>${list}</ul></details></div>`,
      "text/plain": ["FxtFunnel", ...text].join("\n"),
    };
  }
}

/**
 * Sends candidates of the two-window search through filters, one after another.
 *
 * @example
 * fxtFunnel(candidates, [positionFilter("Gaia", gaia, { extraArcsec: 5 }), backgroundFlareFilter()]).kept;
 */
export function fxtFunnel(candidates: readonly FxtCandidate[], filters: readonly FxtFilter[]): FxtFunnel {
  const reasons = new Map<FxtCandidate, string>();
  let kept = candidates;
  const rows = filters.map((filter) => {
    const rejected = new Map(candidates.map((candidate) => [candidate, filter.rejects(candidate)]));
    const alone = Array.from(rejected.values()).filter((reason) => reason !== undefined).length;
    kept = kept.filter((candidate) => {
      const reason = rejected.get(candidate);
      if (reason !== undefined) reasons.set(candidate, `${filter.name}, ${reason}`);
      return reason === undefined;
    });
    return { filter: filter.name, alone, left: kept.length };
  });
  return new FxtFunnel({ kept, rows, reasons });
}

function epochOf({ name, epochYear }: FxtCandidate, filter: string): number {
  if (epochYear !== undefined && Number.isFinite(epochYear)) return epochYear;
  throw new RangeError(
    `Cannot compare "${name}" with ${filter}: epochYear must be given, since the objects move: current value is ${epochYear}`,
  );
}

function placeOf(
  { raDeg, decDeg, motion }: KnownObjects,
  row: number,
  years: { fromYear: number; toYear: number },
): [number, number] {
  const [ra, dec] = [raDeg[row] as number, decDeg[row] as number];
  if (!motion) return [ra, dec];
  const one = (values: ArrayLike<number> | undefined) => values && [values[row] as number];
  const [parallaxMas, radialVelocityKmS] = [one(motion.parallaxMas), one(motion.radialVelocityKmS)];
  const moved = propagate(
    { raDeg: [ra], decDeg: [dec] },
    {
      pmRaMasYr: [motion.pmRaMasYr[row] as number],
      pmDecMasYr: [motion.pmDecMasYr[row] as number],
      ...(parallaxMas && { parallaxMas }),
      ...(radialVelocityKmS && { radialVelocityKmS }),
    },
    years,
  );
  return [moved.raDeg[0] as number, moved.decDeg[0] as number];
}

function largest(n: number, of: (row: number) => number): number {
  let most = 0;
  for (let row = 0; row < n; row++) most = Math.max(most, of(row));
  return most;
}
