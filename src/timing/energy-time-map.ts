import { countOf, type Matrix, type NdArray } from "../array/index.ts";
import { DISPLAY } from "../host/index.ts";
import { escapeMarkup, xyPlotSvg } from "../plot/index.ts";
import { type BandSpec, defaultBand, resolveBand, type TimedPhotons } from "./bands.ts";

/** Extents of energy–time maps and cubes. */
export interface MapOptions {
  /** Default 24. */
  readonly timeBins?: number;
  /** Default 16. */
  readonly energyBins?: number;
  /** Default 16; cubes only. */
  readonly intervalBins?: number;
  /** Energies that count; photons at both limits do. Default [0.5, 7] keV. */
  readonly band?: BandSpec;
}

/**
 * Counts over normalised time and log energy, shape (timeBins, energyBins).
 *
 * @see Dillmann et al. 2025, MNRAS 537, 931
 */
export class EnergyTimeMap implements Matrix {
  readonly data: Float64Array;
  readonly shape: readonly [number, number];
  /** Edges of τ = (t − t₀)/(t_N − t₀), 0 to 1. */
  readonly timeEdges: Float64Array;
  /** Edges in energy, keV, equal steps in the logarithm. */
  readonly energyEdgesKeV: Float64Array;
  readonly name: string;

  constructor(data: Float64Array, timeEdges: Float64Array, energyEdgesKeV: Float64Array, name: string) {
    this.data = data;
    this.shape = [timeEdges.length - 1, energyEdgesKeV.length - 1];
    this.timeEdges = timeEdges;
    this.energyEdgesKeV = energyEdgesKeV;
    this.name = name;
  }

  /** Counts per time bin, all energies together. */
  get timeMarginal(): Float64Array {
    const [nTime, nEnergy] = this.shape;
    return Float64Array.from({ length: nTime }, (_, t) =>
      this.data.subarray(t * nEnergy, (t + 1) * nEnergy).reduce((sum, counts) => sum + counts, 0),
    );
  }

  [DISPLAY](): Record<string, string> {
    const total = this.data.reduce((sum, counts) => sum + counts, 0);
    const title = `${this.name ? `${this.name}, ` : ""}energy–time map, ${countOf(total, "count")}`;
    const svg = xyPlotSvg({
      title,
      x: { label: "Time since first photon / duration" },
      y: { label: "Energy", unit: "keV", scale: "log" },
      marks: [{ kind: "cells", xEdges: this.timeEdges, yEdges: this.energyEdgesKeV, values: this.transposed() }],
    });
    return { "text/html": `<div>${svg}</div>`, "text/plain": `EnergyTimeMap ${escapeMarkup(title)}` };
  }

  /** Counts row by row of energy, as drawings want them. */
  transposed(): Float64Array {
    const [nTime, nEnergy] = this.shape;
    return Float64Array.from(
      { length: nTime * nEnergy },
      (_, i) => this.data[(i % nTime) * nEnergy + Math.floor(i / nTime)] as number,
    );
  }
}

/**
 * Energy–time map: τ from the first to the last photon of the band, ε = log₁₀ E over the band.
 *
 * The last bin of each axis holds its upper edge, as numpy's histograms have it. Without photons, or with all at one
 * time, the map is zero or has everything in the first time bin.
 */
export function energyTimeMap(photons: TimedPhotons, options: MapOptions = {}): EnergyTimeMap {
  const { timeBins = 24, energyBins = 16 } = options;
  const { tau, epsilon, band } = normalised(photons, options.band ?? defaultBand(photons));
  const data = new Float64Array(timeBins * energyBins);
  for (let i = 0; i < tau.length; i++) {
    const cell = binOf(tau[i] as number, timeBins) * energyBins + binOf(epsilon[i] as number, energyBins);
    data[cell] = (data[cell] as number) + 1;
  }
  const timeEdges = Float64Array.from({ length: timeBins + 1 }, (_, i) => i / timeBins);
  const ratio = band.highKeV / band.lowKeV;
  const energyEdges = Float64Array.from({ length: energyBins + 1 }, (_, i) => band.lowKeV * ratio ** (i / energyBins));
  return new EnergyTimeMap(data, timeEdges, energyEdges, photons.name ?? "");
}

/**
 * Energy–time–interval cube, shape (timeBins, energyBins, intervalBins): as the map, with the waiting time to the next
 * photon, min–max scaled, as third axis. The last photon has no next one and is left out.
 */
export function energyTimeCube(photons: TimedPhotons, options: MapOptions = {}): NdArray {
  const { timeBins = 24, energyBins = 16, intervalBins = 16 } = options;
  const { tau, epsilon } = normalised(photons, options.band ?? defaultBand(photons));
  const n = Math.max(tau.length - 1, 0);
  const wait = Float64Array.from({ length: n }, (_, i) => (tau[i + 1] as number) - (tau[i] as number));
  const least = wait.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const most = wait.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const data = new Float64Array(timeBins * energyBins * intervalBins);
  for (let i = 0; i < n; i++) {
    const scaled = most > least ? ((wait[i] as number) - least) / (most - least) : 0;
    const plane = binOf(tau[i] as number, timeBins) * energyBins + binOf(epsilon[i] as number, energyBins);
    const cell = plane * intervalBins + binOf(scaled, intervalBins);
    data[cell] = (data[cell] as number) + 1;
  }
  return { data, shape: [timeBins, energyBins, intervalBins] };
}

/** τ and normalised ε of the photons of a band, in time order. */
function normalised(photons: TimedPhotons, spec: BandSpec) {
  const band = resolveBand(spec);
  const kept: number[] = [];
  for (let i = 0; i < photons.timeSec.length; i++) {
    const energy = photons.energyKeV[i] as number;
    if (energy >= band.lowKeV && energy <= band.highKeV) kept.push(i);
  }
  kept.sort((a, b) => (photons.timeSec[a] as number) - (photons.timeSec[b] as number));
  const times = kept.map((i) => photons.timeSec[i] as number);
  const first = times[0] ?? 0;
  const span = (times.at(-1) ?? 0) - first;
  const width = Math.log(band.highKeV / band.lowKeV);
  return {
    band,
    tau: times.map((time) => (span > 0 ? (time - first) / span : 0)),
    epsilon: kept.map((i) => Math.log((photons.energyKeV[i] as number) / band.lowKeV) / width),
  };
}

/** Bin of a value in 0…1; 1 itself belongs to the last. */
function binOf(value: number, bins: number): number {
  return Math.min(Math.max(Math.floor(value * bins), 0), bins - 1);
}
