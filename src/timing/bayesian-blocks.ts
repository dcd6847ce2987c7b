import { countOf } from "../array/index.ts";
import { goodTimeBefore, timeAfterGood } from "../gti/index.ts";
import { DISPLAY } from "../host/index.ts";
import { escapeMarkup, formatNumber } from "../plot/index.ts";
import { bandLabel, type TimedPhotons } from "./bands.ts";
import { partitionBlocks } from "./block-partition.ts";
import { type GoodPhotons, goodPhotons, type PhotonChoice } from "./good-photons.ts";
import { type LightCurve, lightCurveOnEdges } from "./light-curve.ts";
import { lightCurveSvg } from "./light-curve-display.ts";

/** How blocks are found. */
export interface BayesianBlocksOptions extends PhotonChoice {
  /** Chance of a false change point anywhere in a constant source, 0–1. Default 0.05. */
  readonly p0?: number;
  /** Penalty per change point, in ln likelihood; overrides `p0`. Default: from `p0`. */
  readonly ncpPrior?: number;
  /**
   * Where the first block begins and the last ends: the good time, or the first and last photon, as astropy has it.
   * Default "good time".
   */
  readonly extent?: "good time" | "photons";
}

/** Blocks of constant rate: the times at which a source changed. */
export class BayesianBlocks {
  /** Edges of the blocks, s of mission time, one more than blocks. */
  readonly edgesSec: Float64Array;
  /** Counts, exposure, rates and limits of the blocks. */
  readonly lightCurve: LightCurve;
  /** The penalty per change point that was used. */
  readonly ncpPrior: number;

  constructor(edgesSec: Float64Array, lightCurve: LightCurve, ncpPrior: number) {
    this.edgesSec = edgesSec;
    this.lightCurve = lightCurve;
    this.ncpPrior = ncpPrior;
  }

  /** Number of blocks; 1 means no change. */
  get length(): number {
    return this.edgesSec.length - 1;
  }

  /** The times at which the rate changed, s of mission time: the inner edges. */
  get changesSec(): Float64Array {
    return this.edgesSec.slice(1, -1);
  }

  [DISPLAY](): Record<string, string> {
    const { lightCurve: curve, edgesSec } = this;
    const originSec = edgesSec[0] as number;
    const blocks = countOf(this.length, "block");
    const band = curve.band ? bandLabel(curve.band) : "all energies";
    const title = `${curve.name ? `${curve.name}, ` : ""}Bayesian blocks, ${band}`;
    const svg = lightCurveSvg(curve, { originSec, title });
    const since = Array.from(this.changesSec, (time) => formatNumber(time - originSec)).join(", ");
    const text = `${blocks} from ${countOf(curve.totalCounts, "count")}${since ? `; changes at ${since} s` : ""}; penalty ${this.ncpPrior.toFixed(3)} per change`;
    return {
      "text/html": `<div>${svg}<div style="font-size:85%;opacity:.75">${escapeMarkup(text)}; time since ${originSec.toFixed(3)} s</div></div>`,
      "text/plain": `BayesianBlocks ${curve.name}: ${text}`,
    };
  }
}

/**
 * Penalty per change point that leaves a chance `p0` of a false one among n photons of a constant source.
 *
 * 4 − ln(73.53 p0 n^−0.478), a fit to simulations (p0 from 0.05 down to 0.01, n from 10 on).
 *
 * @see Scargle et al. 2013, ApJ 764, 167, eq. 21
 */
export function blockPrior(p0: number, n: number): number {
  if (!(p0 > 0 && p0 <= 1)) {
    throw new RangeError(`Cannot find Bayesian blocks: p0 must be above 0 and at most 1: current value is ${p0}`);
  }
  return 4 - Math.log(73.53 * p0 * Math.max(n, 1) ** -0.478);
}

/**
 * Bayesian blocks of photon arrival times on their good time.
 *
 * Gaps are taken out before the blocks are found, so that no block begins because of one, and put back into the edges;
 * an edge that falls on a gap is where the gap begins. Each photon has a cell that reaches half-way to its neighbours;
 * photons of the same time (CCD frames) share one. Exact optimum, about O(n); see `partitionBlocks`.
 *
 * @throws {RangeError} If there is no good time or `p0` is not a chance.
 * @see Scargle et al. 2013, ApJ 764, 167
 * @example
 * bayesianBlocks(events, { p0: 0.01 }).changesSec;
 */
export function bayesianBlocks(photons: TimedPhotons, options: BayesianBlocksOptions = {}): BayesianBlocks {
  const chosen = goodPhotons(photons, options, "find Bayesian blocks");
  const prior = options.ncpPrior ?? blockPrior(options.p0 ?? 0.05, chosen.timeSec.length);
  const edges = blockEdges(chosen, prior, options.extent ?? "good time");
  return new BayesianBlocks(edges, lightCurveOnEdges(chosen, edges), prior);
}

/** Edges of the blocks, s of mission time. */
export function blockEdges(chosen: GoodPhotons, ncpPrior: number, extent: "good time" | "photons"): Float64Array {
  const { gti, onTimeSec, timeSec } = chosen;
  const ends = Float64Array.of(gti.startSec[0] as number, gti.stopSec.at(-1) as number);
  if (timeSec.length === 0) return ends;
  const { times, counts } = distinct(goodTimeBefore(gti, timeSec));
  const whole = extent === "good time";
  const first = whole ? 0 : (times[0] as number);
  const last = whole ? onTimeSec : (times.at(-1) as number);
  // A single moment has no length to find blocks in
  if (!(last > first)) return ends;
  const cells = cellEdges(times, first, last);
  const lengths = Float64Array.from(counts, (_, i) => (cells[i + 1] as number) - (cells[i] as number));
  const starts = partitionBlocks(counts, lengths, ncpPrior);
  const inner = Float64Array.from(starts.subarray(1), (cell) => cells[cell] as number);
  const edges = timeAfterGood(gti, inner);
  if (whole) return Float64Array.of(ends[0] as number, ...edges, ends[1] as number);
  return Float64Array.of(timeSec[0] as number, ...edges, timeSec.at(-1) as number);
}

/** Each time once, with how often it occurs. */
function distinct(sorted: Float64Array): { times: Float64Array; counts: Uint32Array } {
  const times = new Float64Array(sorted.length);
  const counts = new Uint32Array(sorted.length);
  let n = 0;
  for (const time of sorted) {
    if (n === 0 || time !== times[n - 1]) times[n++] = time;
    counts[n - 1] = (counts[n - 1] as number) + 1;
  }
  return { times: times.subarray(0, n), counts: counts.subarray(0, n) };
}

/** Edges half-way between times, and at the ends. */
function cellEdges(times: Float64Array, first: number, last: number): Float64Array {
  const edges = new Float64Array(times.length + 1);
  edges[0] = first;
  edges[times.length] = last;
  for (let i = 1; i < times.length; i++) edges[i] = 0.5 * ((times[i - 1] as number) + (times[i] as number));
  return edges;
}
