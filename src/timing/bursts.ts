import { countOf } from "../array/index.ts";
import { DISPLAY } from "../host/index.ts";
import { escapeMarkup, xyPlotSvg } from "../plot/index.ts";
import { Rng } from "../random/index.ts";
import type { TimedPhotons } from "./bands.ts";
import { type BayesianBlocks, type BayesianBlocksOptions, bayesianBlocks } from "./bayesian-blocks.ts";
import { goodPhotons } from "./good-photons.ts";
import type { LightCurve } from "./light-curve.ts";

/** What counts as a burst. */
export interface BurstOptions extends Pick<BayesianBlocksOptions, "band" | "p0"> {
  /** Least ratio of a burst's rate to the quiet one. Default 2. */
  readonly minRatio?: number;
  /** Seed of the simulation behind `regularity.pValue`. Default 1. */
  readonly seed?: number;
}

/** Time in which a source was brighter than in quiet. */
export interface Burst {
  /** s of mission time. */
  readonly startSec: number;
  readonly stopSec: number;
  /** Mean arrival time of its photons, s of mission time. */
  readonly meanSec: number;
  readonly counts: number;
  /** Counts beyond the quiet rate. */
  readonly excess: number;
  /** Highest rate of its blocks, counts/s. */
  readonly peakRate: number;
  /** Whether the good time does not cover it and the quiet around it, so that start or end may be elsewhere. */
  readonly cut: boolean;
}

/** Bursts of a source and how regularly they come. */
export class Bursts {
  readonly bursts: readonly Burst[];
  readonly blocks: BayesianBlocks;
  /** Counts/s between bursts. */
  readonly quietRate: number;
  readonly #seed: number;

  /** Use `findBursts`. */
  constructor(fields: { bursts: readonly Burst[]; blocks: BayesianBlocks; quietRate: number; seed: number }) {
    this.bursts = fields.bursts;
    this.blocks = fields.blocks;
    this.quietRate = fields.quietRate;
    this.#seed = fields.seed;
  }

  get length(): number {
    return this.bursts.length;
  }

  /** Times from each burst to the next, s; gaps may hide bursts between. */
  get intervalsSec(): Float64Array {
    const times = this.bursts.map(({ meanSec }) => meanSec);
    return Float64Array.from(times.slice(1), (time, i) => time - (times[i] as number));
  }

  /** Mean duration, s. */
  get meanDurationSec(): number {
    return mean(this.bursts.map(({ startSec, stopSec }) => stopSec - startSec));
  }

  /**
   * Mean interval with its standard error, their relative scatter, and the chance that bursts at random times are as
   * regular. At random means: waiting times are exponential after each burst's duration. NaN below three bursts.
   */
  get regularity(): { meanSec: number; meanErrSec: number; scatter: number; pValue: number } {
    const intervals = Array.from(this.intervalsSec);
    if (intervals.length < 2)
      return { meanSec: mean(intervals), meanErrSec: Number.NaN, scatter: Number.NaN, pValue: Number.NaN };
    const meanSec = mean(intervals);
    const scatter = scatterOf(intervals);
    const rng = new Rng(this.#seed);
    const wait = Math.max(meanSec - this.meanDurationSec, 1e-9);
    const trials = 9999;
    let asRegular = 0;
    for (let trial = 0; trial < trials; trial++) {
      const drawn = intervals.map(() => this.meanDurationSec + wait * rng.exponential());
      if (scatterOf(drawn) <= scatter) asRegular++;
    }
    const meanErrSec = (scatter * meanSec) / Math.sqrt(intervals.length);
    return { meanSec, meanErrSec, scatter, pValue: (1 + asRegular) / (1 + trials) };
  }

  [DISPLAY](): Record<string, string> {
    const curve = this.blocks.lightCurve;
    const origin = this.blocks.edgesSec[0] as number;
    const { meanSec, scatter, pValue } = this.regularity;
    const rhythm =
      this.length >= 3
        ? `; every ${meanSec.toPrecision(4)} s with a scatter of ${(100 * scatter).toFixed(0)} %, chance ${pValue.toPrecision(2)} for random times`
        : "";
    const text = `${countOf(this.length, "burst")} above ${this.quietRate.toPrecision(3)} counts/s${rhythm}`;
    const svg = xyPlotSvg({
      title: `${curve.name ? `${curve.name}, ` : ""}bursts`,
      x: { label: "Time since start", unit: "s" },
      y: { label: "Rate", unit: "counts/s", include: [0] },
      marks: [
        {
          kind: "spans",
          start: this.bursts.map(({ startSec }) => startSec - origin),
          stop: this.bursts.map(({ stopSec }) => stopSec - origin),
          label: "bursts",
        },
        {
          kind: "steps",
          start: curve.startSec.map((t) => t - origin),
          stop: curve.stopSec.map((t) => t - origin),
          y: curve.rate,
        },
        { kind: "rule", y: this.quietRate, dash: "4 3" },
      ],
    });
    return {
      "text/html": `<div>${svg}<div style="font-size:85%;opacity:.75">${escapeMarkup(text)}</div></div>`,
      "text/plain": `Bursts ${curve.name}: ${text}`,
    };
  }
}

/**
 * Bursts of a source, such as quasi-periodic eruptions, and how regularly they come: neighbouring Bayesian blocks whose
 * rate is `minRatio` times the quiet one. The quiet rate is that of the blocks with the lowest rates that hold half of the
 * exposure, so bursts may fill up to half of it. Few jittering cycles are better seen here than in a periodogram.
 *
 * @param options.p0 Chance of a false block. Default 0.01.
 * @throws {RangeError} If there is no good time or `minRatio` is not above 1.
 */
export function findBursts(photons: TimedPhotons, options: BurstOptions = {}): Bursts {
  const { minRatio = 2, p0 = 0.01, seed = 1 } = options;
  if (!(minRatio > 1)) {
    throw new RangeError(`Cannot find bursts: minRatio must be above 1: current value is ${minRatio}`);
  }
  const { timeSec } = goodPhotons(photons, options, "find bursts");
  const blocks = bayesianBlocks(photons, { ...options, p0 });
  const curve = blocks.lightCurve;
  const quietRate = lowerHalfRate(curve);
  const bursts: Burst[] = [];
  for (let from = 0; from < curve.length; from++) {
    if (!isBright(curve, from, minRatio * quietRate)) continue;
    let to = from + 1;
    while (to < curve.length && isBright(curve, to, minRatio * quietRate)) to++;
    bursts.push(burstOf(curve, { from, to, quietRate, timeSec }));
    from = to;
  }
  return new Bursts({ bursts, blocks, quietRate, seed });
}

function isBright(curve: LightCurve, block: number, limit: number): boolean {
  return (curve.counts[block] as number) > 0 && (curve.rate[block] as number) > limit;
}

/** Counts per exposure of the faintest blocks that hold half of it. */
function lowerHalfRate(curve: LightCurve): number {
  const order = Array.from(curve.counts.keys())
    .filter((block) => (curve.exposureSec[block] as number) > 0)
    .sort((a, b) => (curve.rate[a] as number) - (curve.rate[b] as number));
  const half = 0.5 * curve.exposureSec.reduce((a, b) => a + b, 0);
  let [counts, exposure] = [0, 0];
  for (const block of order) {
    if (exposure >= half) break;
    counts += curve.counts[block] as number;
    exposure += curve.exposureSec[block] as number;
  }
  return counts / exposure;
}

function burstOf(
  curve: LightCurve,
  { from, to, quietRate, timeSec }: { from: number; to: number; quietRate: number; timeSec: Float64Array },
): Burst {
  const startSec = curve.startSec[from] as number;
  const stopSec = curve.stopSec[to - 1] as number;
  const inside = timeSec.filter((time) => time >= startSec && time <= stopSec);
  const exposure = curve.exposureSec.subarray(from, to).reduce((a, b) => a + b, 0);
  const { gti } = curve;
  const atEdge = (time: number) => gti.startSec.includes(time) || gti.stopSec.includes(time);
  return {
    startSec,
    stopSec,
    meanSec: mean(Array.from(inside)),
    counts: inside.length,
    excess: inside.length - quietRate * exposure,
    peakRate: curve.rate.subarray(from, to).reduce((a, b) => Math.max(a, b), 0),
    cut: atEdge(startSec) || atEdge(stopSec),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Standard deviation over mean. */
function scatterOf(values: readonly number[]): number {
  const centre = mean(values);
  const variance = values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
  return Math.sqrt(variance) / centre;
}
