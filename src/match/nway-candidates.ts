import { logBayesFactorOf, type PositionError, type Precision, precisionOf } from "./bayes-factor.ts";
import { SkyIndex } from "./sky-index.ts";
import { offsetArcsec, type SkyPositions, separationArcsec } from "./sphere.ts";

/** One possible association of a primary source. */
export interface Candidate {
  /** Row in each catalogue, −1 where the source takes no part; the first is the primary. */
  readonly rows: Int32Array;
  /** How many catalogues take part. */
  readonly nCatalogs: number;
  /** Largest distance between any two members, arcsec; 0 for the primary alone. */
  readonly separationMaxArcsec: number;
  /** log₁₀ of the Bayes factor of the positions; 0 for the primary alone. */
  readonly logFactor: number;
}

/** What candidates are made of. */
export interface CandidateTable extends SkyPositions {
  readonly error: PositionError | ArrayLike<number> | readonly PositionError[];
}

/**
 * All associations of each primary source whose members are within a radius of one another, the one without
 * counterpart first.
 */
export function candidatesOf(tables: readonly CandidateTable[], radiusArcsec: number): Candidate[][] {
  const [primary, ...others] = tables as [CandidateTable, ...CandidateTable[]];
  const precisions = tables.map((table) => precisionsOf(table));
  const near = others.map((table) => neighbours(primary, table, radiusArcsec));
  return Array.from({ length: primary.raDeg.length }, (_, row) => {
    let partial: number[][] = [[row]];
    for (const lists of near) {
      const members = [-1, ...(lists.get(row) ?? [])];
      partial = partial.flatMap((rows) => members.map((member) => [...rows, member]));
    }
    return partial.flatMap((rows) => describe(tables, precisions, rows, radiusArcsec) ?? []);
  });
}

/** Rows of `table` within the radius of each row of `primary`. */
function neighbours(primary: SkyPositions, table: SkyPositions, radiusArcsec: number): Map<number, number[]> {
  const { left, right } = new SkyIndex(table).within(primary, { radiusArcsec });
  const lists = new Map<number, number[]>();
  for (const [pair, row] of left.entries()) {
    const list = lists.get(row);
    if (list) list.push(right[pair]!);
    else lists.set(row, [right[pair]!]);
  }
  return lists;
}

function describe(
  tables: readonly CandidateTable[],
  precisions: readonly ((row: number) => Precision)[],
  rows: readonly number[],
  radiusArcsec: number,
): Candidate | undefined {
  const members = rows.flatMap((row, table) => (row < 0 ? [] : [{ row, table }]));
  const places = members.map(({ row, table }) => [tables[table]!.raDeg[row]!, tables[table]!.decDeg[row]!] as const);
  let separationMaxArcsec = 0;
  for (const [i, a] of places.entries()) {
    for (const b of places.slice(i + 1)) separationMaxArcsec = Math.max(separationMaxArcsec, separationArcsec(a, b));
  }
  if (separationMaxArcsec >= radiusArcsec) return undefined;
  const offsets = places.map((place) => offsetArcsec(places[0]!, place));
  const logFactor =
    members.length < 2
      ? 0
      : logBayesFactorOf(
          offsets,
          members.map(({ row, table }) => precisions[table]!(row)),
        );
  return { rows: Int32Array.from(rows), nCatalogs: members.length, separationMaxArcsec, logFactor };
}

/** Inverse covariance by row. */
function precisionsOf({ error, raDeg }: CandidateTable): (row: number) => Precision {
  if (typeof error === "number" || "majorArcsec" in error) {
    const precision = precisionOf(error);
    return () => precision;
  }
  if (error.length !== raDeg.length) {
    throw new TypeError(
      `Cannot match: there must be one position error, or one per row (${raDeg.length}): current number is ${error.length}`,
    );
  }
  const all = Array.from(error as ArrayLike<PositionError>, precisionOf);
  return (row) => all[row]!;
}
