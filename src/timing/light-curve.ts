import { countOf } from "../array/index.ts";
import type { Catalog } from "../catalog/index.ts";
import { containsTimes, exposurePerBin, type Gti } from "../gti/index.ts";
import { DISPLAY } from "../host/index.ts";
import { type Band, type BandSpec, bandLabel, defaultBand, resolveBand, type TimedPhotons } from "./bands.ts";
import type { GoodPhotons } from "./good-photons.ts";
import { lightCurveHtml } from "./light-curve-display.ts";
import { lightCurveTable } from "./light-curve-table.ts";
import { type IntervalMethod, poissonInterval } from "./poisson-interval.ts";

/** How photons are binned. */
export interface LightCurveOptions {
  /** Width of the bins, s. */
  readonly binSec: number;
  /** Energies that count. Default "broad" (0.5–7 keV; NuSTAR 3–79, RXTE 2–60); "all" takes every photon, also those without an energy. */
  readonly band?: BandSpec | "all";
  /** Where the first bin starts, s of mission time. Default: the first good time. */
  readonly startSec?: number;
  /** Where the last bin ends at the latest (it is not cut), s of mission time. Default: the last good time. */
  readonly stopSec?: number;
  /** Poisson limits: "exact" or Gehrels' "approximate" formulas. Default "exact". */
  readonly errors?: IntervalMethod;
}

/** What a LightCurve is made of. */
export interface LightCurveFields {
  readonly name: string;
  readonly binSec: number;
  readonly startSec: Float64Array;
  readonly stopSec: Float64Array;
  readonly counts: Uint32Array;
  readonly exposureSec: Float64Array;
  readonly band: Band | undefined;
  /** What is shown of the energies. Default: the band, or "all energies". */
  readonly energies?: string | undefined;
  readonly gti: Gti;
  readonly errors: IntervalMethod;
  readonly eventsOutsideGti: number;
  /** Default 0. */
  readonly otherEnergies?: number;
}

/**
 * Counts and rates in bins, of equal width or not.
 *
 * The exposure of a bin is its good time times the live fraction, so partly exposed bins have right rates; where it
 * is 0 the rate is NaN. Limits are single-sided 1σ Poisson limits (Gehrels 1986).
 */
export class LightCurve {
  readonly name: string;
  /** Width of the bins, s; NaN where it differs from bin to bin. */
  readonly binSec: number;
  /** Edges of each bin, s of mission time. */
  readonly startSec: Float64Array;
  readonly stopSec: Float64Array;
  readonly counts: Uint32Array;
  /** Good, live time in each bin, s. */
  readonly exposureSec: Float64Array;
  /** Counts per second of exposure. */
  readonly rate: Float64Array;
  /** Distance from the rate down to its lower limit and up to its upper one, counts/s. */
  readonly rateErrLow: Float64Array;
  readonly rateErrHigh: Float64Array;
  /** Energies counted; undefined where all were. */
  readonly band: Band | undefined;
  /** The energies in words. */
  readonly energies: string;
  readonly gti: Gti;
  /** How the limits were found. */
  readonly errors: IntervalMethod;
  /** Photons of the band that lie outside the good time and were not counted. */
  readonly eventsOutsideGti: number;
  /** Photons in the good time whose energy is not in the band. */
  readonly otherEnergies: number;

  constructor(fields: LightCurveFields) {
    this.name = fields.name;
    this.binSec = fields.binSec;
    this.startSec = fields.startSec;
    this.stopSec = fields.stopSec;
    this.counts = fields.counts;
    this.exposureSec = fields.exposureSec;
    this.band = fields.band;
    this.energies = fields.energies ?? (this.band ? bandLabel(this.band) : "all energies");
    this.gti = fields.gti;
    this.errors = fields.errors;
    this.eventsOutsideGti = fields.eventsOutsideGti;
    this.otherEnergies = fields.otherEnergies ?? 0;
    const n = this.counts.length;
    this.rate = new Float64Array(n);
    this.rateErrLow = new Float64Array(n);
    this.rateErrHigh = new Float64Array(n);
    for (let bin = 0; bin < n; bin++) this.#fillRate(bin);
  }

  #fillRate(bin: number): void {
    const counts = this.counts[bin] as number;
    const exposure = this.exposureSec[bin] as number;
    const [lower, upper] = poissonInterval(counts, this.errors);
    this.rate[bin] = exposure > 0 ? counts / exposure : Number.NaN;
    this.rateErrLow[bin] = exposure > 0 ? (counts - lower) / exposure : Number.NaN;
    this.rateErrHigh[bin] = exposure > 0 ? (upper - counts) / exposure : Number.NaN;
  }

  /** Number of bins. */
  get length(): number {
    return this.counts.length;
  }

  /** Middle of each bin, s of mission time. */
  get midSec(): Float64Array {
    return this.startSec.map((start, bin) => 0.5 * (start + (this.stopSec[bin] as number)));
  }

  get totalCounts(): number {
    return this.counts.reduce((sum, counts) => sum + counts, 0);
  }

  /** Counts per second of all exposure together. */
  get meanRate(): number {
    return this.totalCounts / this.exposureSec.reduce((sum, exposure) => sum + exposure, 0);
  }

  /** The bins as a table; see `lightCurveTable`. */
  table(): Catalog {
    return lightCurveTable(this);
  }

  /** Plot with error bars and shaded gaps for a notebook. */
  [DISPLAY](): Record<string, string> {
    return {
      "text/html": lightCurveHtml(this, this.energies),
      "text/plain": `LightCurve ${this.name}: ${countOf(this.length, "bin")}${binWidth(this)}, ${this.energies}, ${countOf(this.totalCounts, "count")}, mean ${this.meanRate.toPrecision(4)} counts/s`,
    };
  }
}

/** " of 300 s" where all bins have one width. */
function binWidth({ binSec }: LightCurve): string {
  return Number.isNaN(binSec) ? "" : ` of ${binSec} s`;
}

const MAX_BINS = 50_000_000;

/**
 * Bins photons into a light curve.
 *
 * Cost: one pass over the photons, one over bins and intervals.
 *
 * @throws {RangeError} If `binSec` is not positive or needs more than 5·10⁷ bins.
 * @example
 * const curve = makeLightCurve(events, { binSec: 300, band: "hard" });
 */
export function makeLightCurve(photons: TimedPhotons, options: LightCurveOptions): LightCurve {
  const { binSec, errors = "exact" } = options;
  const band = options.band === "all" ? undefined : resolveBand(options.band ?? defaultBand(photons));
  const { gti, timeSec, energyKeV } = photons;
  const start = options.startSec ?? gti.startSec[0] ?? 0;
  const stop = options.stopSec ?? gti.stopSec.at(-1) ?? start;
  const n = countBins(start, stop, binSec);
  const edges = Float64Array.from({ length: n + 1 }, (_, i) => start + i * binSec);
  const counts = new Uint32Array(n);
  const good = containsTimes(gti, timeSec);
  let outside = 0;
  let otherEnergies = 0;
  for (let i = 0; i < timeSec.length; i++) {
    const energy = energyKeV[i] as number;
    if (band && !(energy >= band.lowKeV && energy < band.highKeV)) {
      if (good[i]) otherEnergies++;
      continue;
    }
    const bin = binOf(timeSec[i] as number, start, stop, binSec, n);
    if (!good[i]) outside++;
    else if (bin >= 0) counts[bin] = (counts[bin] as number) + 1;
  }
  const live = photons.liveFraction ?? 1;
  return new LightCurve({
    name: photons.name ?? "",
    binSec,
    startSec: edges.slice(0, -1),
    stopSec: edges.slice(1),
    counts,
    exposureSec: exposurePerBin(gti, edges).map((seconds) => seconds * live),
    band,
    gti,
    errors,
    eventsOutsideGti: outside,
    otherEnergies,
  });
}

/**
 * Light curve of chosen photons in bins between given edges.
 *
 * A photon exactly at an edge belongs to the bin above it, one at the last edge to the last bin.
 *
 * @param edgesSec Ascending, s of mission time, one more than bins.
 */
export function lightCurveOnEdges(
  chosen: GoodPhotons,
  edgesSec: Float64Array,
  options: { errors?: IntervalMethod } = {},
): LightCurve {
  const counts = new Uint32Array(edgesSec.length - 1);
  let bin = 0;
  for (const time of chosen.timeSec) {
    if (time < (edgesSec[0] as number) || time > (edgesSec.at(-1) as number)) continue;
    while (bin < counts.length - 1 && time >= (edgesSec[bin + 1] as number)) bin++;
    counts[bin] = (counts[bin] as number) + 1;
  }
  return new LightCurve({
    name: chosen.name,
    binSec: Number.NaN,
    startSec: edgesSec.slice(0, -1),
    stopSec: edgesSec.slice(1),
    counts,
    exposureSec: exposurePerBin(chosen.gti, edgesSec).map((seconds) => seconds * chosen.liveFraction),
    band: chosen.band,
    gti: chosen.gti,
    errors: options.errors ?? "exact",
    eventsOutsideGti: chosen.outside,
    otherEnergies: chosen.otherEnergies,
  });
}

/** Bin of a time, or -1. A photon exactly at the last good time belongs to the last bin. */
function binOf(time: number, start: number, stop: number, binSec: number, n: number): number {
  const bin = Math.floor((time - start) / binSec);
  if (bin === n && time <= stop) return n - 1;
  return bin < n && bin >= 0 ? bin : -1;
}

function countBins(start: number, stop: number, binSec: number): number {
  if (!(binSec > 0 && Number.isFinite(binSec))) {
    throw new RangeError(
      `Cannot make light curve: binSec must be a positive number of seconds: current value is ${binSec}`,
    );
  }
  const span = (stop - start) / binSec;
  // A rounding error of the span makes no bin of its own
  const n = Math.max(0, Math.ceil(span - 1e-9 * Math.max(1, Math.abs(span))));
  if (n > MAX_BINS) {
    throw new RangeError(
      `Cannot make light curve: binSec must give at most ${MAX_BINS} bins: current value ${binSec} gives ${n}`,
    );
  }
  return n;
}
