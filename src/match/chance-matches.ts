import { countOf } from "../array/index.ts";
import type { Catalog } from "../catalog/index.ts";
import { DISPLAY } from "../host/index.ts";
import { escapeMarkup, formatMeasured, formatNumber, xyPlotSvg } from "../plot/index.ts";
import { type PositionColumns, positionsOf } from "./positions.ts";
import { SkyIndex } from "./sky-index.ts";
import { shiftPositions } from "./sphere.ts";

/** How often unrelated sources match, measured by moving one catalogue. */
export class ChanceMatches {
  /** Radii, arcsec, shape (n,). */
  readonly radiusArcsec: Float64Array;
  /** Sources with a partner within each radius, shape (n,). */
  readonly matched: Float64Array;
  /** The same after moving, mean over all directions, shape (n,). */
  readonly chance: Float64Array;
  /** Standard deviation of that over the directions, shape (n,). */
  readonly chanceScatter: Float64Array;

  constructor(radii: Float64Array, matched: Float64Array, shifted: readonly Float64Array[]) {
    this.radiusArcsec = radii;
    this.matched = matched;
    const n = shifted.length;
    this.chance = radii.map((_, i) => shifted.reduce((sum, counts) => sum + counts[i]!, 0) / n);
    this.chanceScatter = radii.map((_, i) =>
      Math.sqrt(shifted.reduce((sum, counts) => sum + (counts[i]! - this.chance[i]!) ** 2, 0) / Math.max(1, n - 1)),
    );
  }

  /** Share of the matches within each radius that are chance, 0–1; NaN without matches. */
  get falseRate(): Float64Array {
    return this.matched.map((count, i) => (count > 0 ? Math.min(1, this.chance[i]! / count) : Number.NaN));
  }

  /** Both curves, and the false rate at the largest radius. */
  [DISPLAY](): Record<string, string> {
    const last = this.radiusArcsec.length - 1;
    const text = `${countOf(this.matched[last]!, "match", "matches")} within ${this.radiusArcsec[last]}″, ${formatMeasured(this.chance[last]!, this.chanceScatter[last]!)} expected by chance: false rate ${formatNumber(this.falseRate[last]!)}`;
    const svg = xyPlotSvg({
      title: "Matches within a radius",
      x: { label: "Radius", unit: "arcsec", include: [0] },
      y: { label: "Sources matched", include: [0] },
      marks: [
        { kind: "line", x: this.radiusArcsec, y: this.matched, label: "as observed" },
        { kind: "line", x: this.radiusArcsec, y: this.chance, label: "positions moved", dash: "4 3" },
      ],
      height: 220,
    });
    return {
      "text/html": `<div>${svg}<div style="font-size:85%;opacity:.75">${escapeMarkup(text)}</div></div>`,
      "text/plain": `ChanceMatches: ${text}`,
    };
  }
}

/**
 * Measures the rate of false matches: counts matches of `left` in `right`, then again with `left` moved aside in
 * several directions, where every match is chance.
 *
 * @param options.radiusArcsec Largest radius.
 * @param options.offsetArcsec How far positions are moved; several times the radius, and less than the scale on which
 * source density changes. Default 10 radii, at least 30″.
 * @param options.nDirections Directions, evenly around the circle. Default 8.
 * @param options.nRadii Radii in the result, evenly up to the largest. Default 20.
 * @throws {RangeError} If the offset is not larger than twice the radius.
 * @example chanceMatches(csc, gaia, { radiusArcsec: 2 })
 */
export function chanceMatches(
  left: Catalog,
  right: Catalog,
  options: {
    radiusArcsec: number;
    offsetArcsec?: number;
    nDirections?: number;
    nRadii?: number;
    leftColumns?: PositionColumns;
    rightColumns?: PositionColumns;
  },
): ChanceMatches {
  const { radiusArcsec, nDirections = 8, nRadii = 20 } = options;
  const offsetArcsec = options.offsetArcsec ?? Math.max(30, 10 * radiusArcsec);
  if (!(offsetArcsec > 2 * radiusArcsec)) {
    throw new RangeError(
      `Cannot measure chance matches: offsetArcsec must exceed twice radiusArcsec, or true partners still match: current values are ${offsetArcsec} and ${radiusArcsec}`,
    );
  }
  const positions = positionsOf(left, options.leftColumns);
  const index = new SkyIndex(positionsOf(right, options.rightColumns));
  const radii = Float64Array.from({ length: nRadii }, (_, i) => ((i + 1) / nRadii) * radiusArcsec);
  const countWithin = (at: typeof positions) => {
    const { separationArcsec } = index.nearest(at, { radiusArcsec });
    return radii.map((radius) => separationArcsec.reduce((count, value) => count + (value <= radius ? 1 : 0), 0));
  };
  const shifted = Array.from({ length: nDirections }, (_, i) =>
    countWithin(shiftPositions(positions, { offsetArcsec, positionAngleDeg: (360 * i) / nDirections })),
  );
  return new ChanceMatches(radii, countWithin(positions), shifted);
}
