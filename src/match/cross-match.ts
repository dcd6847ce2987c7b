import { countOf } from "../array/index.ts";
import { type Catalog, joinRows } from "../catalog/index.ts";
import { DISPLAY } from "../host/index.ts";
import { crossMatchHtml } from "./cross-match-display.ts";
import { type PositionColumns, positionsOf } from "./positions.ts";
import { SkyIndex, type SkyPairs } from "./sky-index.ts";

/** How two catalogues are matched. */
export interface CrossMatchOptions {
  /** Farthest that a pair may be apart, arcsec, inclusive. */
  readonly radiusArcsec: number;
  /** "nearest": the nearest of `right` for each row of `left`; "all": every pair. Default "nearest". */
  readonly find?: "nearest" | "all";
  /** Columns of positions. Default: by UCD or name, see `positionsOf`. */
  readonly leftColumns?: PositionColumns;
  readonly rightColumns?: PositionColumns;
}

/** Pairs of two catalogues, and the table that joins them. */
export class CrossMatch implements SkyPairs {
  readonly leftCatalog: Catalog;
  readonly rightCatalog: Catalog;
  readonly radiusArcsec: number;
  /** Row of the left catalogue, shape (nPairs,). */
  readonly left: Uint32Array;
  /** Row of the right catalogue, shape (nPairs,). */
  readonly right: Uint32Array;
  /** Arcsec, shape (nPairs,). */
  readonly separationArcsec: Float64Array;
  #table: Catalog | undefined;

  constructor(catalogs: readonly [Catalog, Catalog], pairs: SkyPairs, radiusArcsec: number) {
    [this.leftCatalog, this.rightCatalog] = catalogs;
    this.radiusArcsec = radiusArcsec;
    this.left = pairs.left;
    this.right = pairs.right;
    this.separationArcsec = pairs.separationArcsec;
  }

  /** Number of pairs. */
  get length(): number {
    return this.left.length;
  }

  /**
   * A row per pair: the columns of the left catalogue, those of the right one (with "_2" where the left has the name
   * too), and `separation` in arcsec. Units, UCDs and descriptions stay.
   */
  get table(): Catalog {
    this.#table ??= joinRows([this.leftCatalog, this.left], [this.rightCatalog, this.right], {
      name: `${this.leftCatalog.name} × ${this.rightCatalog.name}`,
      extra: [{ name: "separation", unit: "arcsec", ucd: "pos.angDistance", data: this.separationArcsec }],
    });
    return this.#table;
  }

  /** Rows of the left catalogue that have no pair. */
  get unmatched(): Int32Array {
    const matched = new Uint8Array(this.leftCatalog.numRows);
    for (const row of this.left) matched[row] = 1;
    return Int32Array.from(matched.keys()).filter((row) => matched[row] === 0);
  }

  /** Counts, the separations as a histogram, and the first rows of the table. */
  [DISPLAY](): Record<string, string> {
    const summary = `${countOf(this.length, "pair")} within ${this.radiusArcsec}″ of ${this.leftCatalog.numRows} and ${this.rightCatalog.numRows} rows`;
    return { "text/html": crossMatchHtml(this, summary), "text/plain": `CrossMatch: ${summary}` };
  }
}

/**
 * Matches two catalogues by position.
 *
 * @param left Each of its rows looks for partners.
 * @param right Where they are looked for; 10⁶ rows take about half a second.
 * @throws {RangeError} If a catalogue's positions cannot be told, or one is missing.
 * @example crossMatch(csc, gaia, { radiusArcsec: 2 }).table
 */
export function crossMatch(left: Catalog, right: Catalog, options: CrossMatchOptions): CrossMatch {
  const { radiusArcsec, find = "nearest" } = options;
  const index = new SkyIndex(positionsOf(right, options.rightColumns));
  const positions = positionsOf(left, options.leftColumns);
  if (find === "all") return new CrossMatch([left, right], index.within(positions, { radiusArcsec }), radiusArcsec);
  if (find !== "nearest") {
    throw new RangeError(`Cannot cross-match: find must be "nearest" or "all": current value is "${find}"`);
  }
  const nearest = index.nearest(positions, { radiusArcsec });
  const rows = Uint32Array.from(nearest.rows.keys()).filter((row) => nearest.rows[row]! >= 0);
  const pairs = {
    left: rows,
    right: rows.map((row) => nearest.rows[row]!),
    separationArcsec: Float64Array.from(rows, (row) => nearest.separationArcsec[row]!),
  };
  return new CrossMatch([left, right], pairs, radiusArcsec);
}
