import { countOf } from "../array/index.ts";
import { DISPLAY } from "../host/index.ts";
import { escapeMarkup, formatNumber } from "../plot/index.ts";
import { type BandSpec, defaultBand, poissonInterval } from "../timing/index.ts";
import type { EventList } from "./event-list.ts";
import type { Region } from "./region.ts";
import { regionArea } from "./region-area.ts";

/** Where a source and its background are. */
export interface RegionCountsOptions {
  readonly source: Region;
  readonly background: Region;
  /** Energies that count. Default: "broad" (0.5–7 keV) where energies are known, else all. */
  readonly band?: BandSpec | "all";
}

/** Counts of a source with those of its background scaled to the same area. */
export class RegionCounts {
  readonly name: string;
  /** Photons in the source region, the background's included. */
  readonly sourceCounts: number;
  readonly backgroundCounts: number;
  /** Square pixels. */
  readonly sourceArea: number;
  readonly backgroundArea: number;
  readonly exposureSec: number;

  constructor(
    fields: Omit<
      RegionCounts,
      "scale" | "expectedBackground" | "net" | "netError" | "netRate" | "significance" | typeof DISPLAY
    >,
  ) {
    this.name = fields.name;
    this.sourceCounts = fields.sourceCounts;
    this.backgroundCounts = fields.backgroundCounts;
    this.sourceArea = fields.sourceArea;
    this.backgroundArea = fields.backgroundArea;
    this.exposureSec = fields.exposureSec;
  }

  /** Area of the source region over that of the background's. */
  get scale(): number {
    return this.sourceArea / this.backgroundArea;
  }

  /** Background counts expected in the source region. */
  get expectedBackground(): number {
    return this.backgroundCounts * this.scale;
  }

  /** Source counts less the background expected there. */
  get net(): number {
    return this.sourceCounts - this.expectedBackground;
  }

  /** Lower and upper 1 σ error of `net`: Poisson limits of both counts, added in squares. */
  get netError(): readonly [low: number, high: number] {
    const [sourceLow, sourceHigh] = poissonInterval(this.sourceCounts);
    const [backLow, backHigh] = poissonInterval(this.backgroundCounts);
    return [
      Math.hypot(this.sourceCounts - sourceLow, (backHigh - this.backgroundCounts) * this.scale),
      Math.hypot(sourceHigh - this.sourceCounts, (this.backgroundCounts - backLow) * this.scale),
    ];
  }

  /** Net counts per second of live exposure; NaN without exposure. */
  get netRate(): number {
    return this.exposureSec > 0 ? this.net / this.exposureSec : Number.NaN;
  }

  /**
   * Significance of an excess over the background, σ (negative for a deficit).
   *
   * @see Li & Ma 1983, ApJ 272, 317, eq. 17
   */
  get significance(): number {
    const [on, off, alpha] = [this.sourceCounts, this.backgroundCounts, this.scale];
    const term = (n: number, ratio: number) => (n === 0 ? 0 : n * Math.log(ratio));
    const sum = term(on, ((1 + alpha) / alpha) * (on / (on + off))) + term(off, (1 + alpha) * (off / (on + off)));
    return Math.sign(this.net) * Math.sqrt(Math.max(0, 2 * sum));
  }

  /** A small table, and one line of text. */
  [DISPLAY](): Record<string, string> {
    const [low, high] = this.netError;
    const rows: [string, string][] = [
      ["Source region", `${countOf(this.sourceCounts, "count")} in ${this.sourceArea.toFixed(0)} px²`],
      ["Background", `${countOf(this.backgroundCounts, "count")} in ${this.backgroundArea.toFixed(0)} px²`],
      ["Background expected", this.expectedBackground.toFixed(2)],
      ["Net counts", `${this.net.toFixed(2)} −${low.toFixed(2)} +${high.toFixed(2)}`],
      ["Net rate", `${formatNumber(this.netRate, 4)} counts/s`],
      ["Significance", `${this.significance.toFixed(1)} σ`],
    ];
    const cells = rows.map(
      ([label, value]) =>
        `<tr><th style="text-align:left;padding:1px 10px 1px 0;font-weight:600">${label}</th><td style="text-align:left">${value}</td></tr>`,
    );
    return {
      "text/html": `<div style="color:var(--jp-ui-font-color1,inherit)"><table style="border-collapse:collapse"><caption style="text-align:left">${escapeMarkup(this.name)}</caption>${cells.join("")}</table></div>`,
      "text/plain": `RegionCounts ${this.name}: ${rows.map(([label, value]) => `${label.toLowerCase()} ${value}`).join(", ")}`,
    };
  }
}

/**
 * Counts a source and its background, scaled by the areas of their regions.
 *
 * The background is taken as even over both regions; vignetting and gaps of the detector are not corrected for.
 *
 * @throws {RangeError} If a region has no area, or the list no positions or energies.
 * @example regionCounts(events, { source: parseRegion("circle(4096,4096,8)"), background: parseRegion("annulus(4096,4096,20,60)") })
 */
export function regionCounts(events: EventList, options: RegionCountsOptions): RegionCounts {
  const band = options.band ?? (events.hasEnergies ? defaultBand(events) : "all");
  const chosen = band === "all" ? events : events.filter({ energyKeV: band });
  const good = chosen.filter({ gti: chosen.gti });
  const source = good.filter({ region: options.source });
  const [sourceArea, backgroundArea] = [regionArea(options.source), regionArea(options.background)];
  if (!(sourceArea > 0 && backgroundArea > 0)) {
    throw new RangeError(
      `Cannot count in regions: both must have an area: current areas are ${sourceArea} and ${backgroundArea} square pixels`,
    );
  }
  return new RegionCounts({
    name: events.name,
    sourceCounts: source.length,
    backgroundCounts: good.filter({ region: options.background }).length,
    sourceArea,
    backgroundArea,
    exposureSec: source.exposureSec,
  });
}
