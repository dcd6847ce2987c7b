import { DISPLAY } from "../host/index.ts";
import { escapeMarkup, xyPlotSvg } from "../plot/index.ts";
import { type BandSpec, resolveBand, type TimedPhotons } from "./bands.ts";
import { type HardnessRatio, hardnessOfCounts, hardnessOverBackground } from "./hardness.ts";

/** Which bands are compared. */
export interface HardnessOptions {
  /** Default [0.5, 2] keV: the CSC's soft and medium bands together. */
  readonly soft?: BandSpec;
  /** Default "hard" (2–7 keV). */
  readonly hard?: BandSpec;
  /** Photons of a region without sources beside the source, to take the background off. Default: none. */
  readonly background?: TimedPhotons;
  /** Area (times exposure) of that region in units of the source's. Default 1. */
  readonly areaRatio?: number;
}

/** Hardness ratios in successive time ranges; iterates over the ratios. */
export class HardnessEvolution implements Iterable<HardnessRatio> {
  /** Edges of the ranges, s of mission time, one more than ratios. */
  readonly edgesSec: Float64Array;
  readonly ratios: readonly HardnessRatio[];
  readonly name: string;

  /** Use `hardnessEvolution`. */
  constructor(edgesSec: Float64Array, ratios: readonly HardnessRatio[], name: string) {
    this.edgesSec = edgesSec;
    this.ratios = ratios;
    this.name = name;
  }

  get length(): number {
    return this.ratios.length;
  }

  [Symbol.iterator](): Iterator<HardnessRatio> {
    return this.ratios[Symbol.iterator]();
  }

  [DISPLAY](): Record<string, string> {
    const origin = this.edgesSec[0] ?? 0;
    const since = this.edgesSec.map((time) => time - origin);
    const [start, stop] = [since.subarray(0, -1), since.subarray(1)];
    const y = this.ratios.map(({ ratio }) => ratio);
    const svg = xyPlotSvg({
      title: `${this.name ? `${this.name}, ` : ""}hardness ratio`,
      x: { label: "Time since start", unit: "s" },
      y: { label: "(hard − soft)/(hard + soft)", include: [-1, 1] },
      marks: [
        { kind: "rule", y: 0, dash: "4 3" },
        {
          kind: "points",
          x: start.map((time, range) => 0.5 * (time + (stop[range] as number))),
          y,
          xLow: start,
          xHigh: stop,
          yLow: this.ratios.map(({ low }) => low),
          yHigh: this.ratios.map(({ high }) => high),
        },
      ],
    });
    const rows = this.ratios.map(
      ({ ratio, low, high, softCounts, hardCounts }, range) =>
        `${start[range]}–${stop[range]} s: ${ratio.toFixed(3)} (68 %: ${low.toFixed(3)} to ${high.toFixed(3)}), ${softCounts} soft and ${hardCounts} hard counts`,
    );
    const note = `68 % limits; time since ${origin.toFixed(3)} s`;
    return {
      "text/html": `<div>${svg}<div style="font-size:85%;opacity:.75">${escapeMarkup(note)}</div></div>`,
      "text/plain": [`HardnessEvolution ${this.name}: ${this.length} time ranges`, ...rows].join("\n"),
    };
  }
}

/** Hardness ratio of all photons of an event list. */
export function hardnessRatio(photons: TimedPhotons, options: HardnessOptions = {}): HardnessRatio {
  return ratiosBetween(photons, [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY], options)[0] as HardnessRatio;
}

/**
 * Hardness ratios in successive time ranges.
 *
 * @param edgesSec Edges of the ranges, s of mission time, ascending; a range has its lower edge, not its upper one.
 * @throws {RangeError} If there are no two edges, or they do not ascend.
 */
export function hardnessEvolution(
  photons: TimedPhotons,
  edgesSec: ArrayLike<number>,
  options: HardnessOptions = {},
): HardnessEvolution {
  const edges = Float64Array.from(edgesSec);
  if (!(edges.length >= 2 && edges.every((edge, i) => i === 0 || edge > (edges[i - 1] as number)))) {
    throw new RangeError(
      `Cannot find hardness ratios: edgesSec must be at least 2 ascending times: current value is [${edges.join(", ")}]`,
    );
  }
  return new HardnessEvolution(edges, ratiosBetween(photons, edges, options), photons.name ?? "");
}

function ratiosBetween(photons: TimedPhotons, edgesSec: ArrayLike<number>, options: HardnessOptions): HardnessRatio[] {
  const counts = countBands(photons, edgesSec, options);
  const beside = options.background && countBands(options.background, edgesSec, options);
  const { areaRatio = 1 } = options;
  return Array.from(counts.soft, (soft, range) => {
    const hard = counts.hard[range] as number;
    if (!beside) return hardnessOfCounts(soft, hard);
    const background = { soft: beside.soft[range] as number, hard: beside.hard[range] as number, areaRatio };
    return hardnessOverBackground(soft, hard, background);
  });
}

function countBands(
  photons: TimedPhotons,
  edgesSec: ArrayLike<number>,
  options: HardnessOptions,
): { soft: Float64Array; hard: Float64Array } {
  const bands = [resolveBand(options.soft ?? [0.5, 2]), resolveBand(options.hard ?? "hard")] as const;
  const n = Math.max(edgesSec.length - 1, 0);
  const [soft, hard] = [new Float64Array(n), new Float64Array(n)];
  for (let i = 0; i < photons.timeSec.length; i++) {
    const range = rangeOf(edgesSec, photons.timeSec[i] as number);
    if (range < 0) continue;
    const energy = photons.energyKeV[i] as number;
    if (energy >= bands[0].lowKeV && energy < bands[0].highKeV) soft[range] = (soft[range] as number) + 1;
    if (energy >= bands[1].lowKeV && energy < bands[1].highKeV) hard[range] = (hard[range] as number) + 1;
  }
  return { soft, hard };
}

/** Range of a time between ascending edges, or -1. */
function rangeOf(edges: ArrayLike<number>, time: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edges[middle] as number) <= time) low = middle + 1;
    else high = middle;
  }
  return low < edges.length ? low - 1 : -1;
}
