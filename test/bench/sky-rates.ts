import { photonsOf, type Sky } from "../../src/sky/index.ts";

interface Intervals {
  readonly startSec: Float64Array;
  readonly stopSec: Float64Array;
}

/** A simulated source's photons within 0.5–7 keV, mission times, as every method takes them. */
export function skyPhotons(sky: Sky, index: number) {
  const source = sky.sources[index]!;
  const field = sky.fields[source.field]!;
  const { timeSec, energyKeV } = photonsOf(sky, index);
  const shift = (times: Float64Array) => times.map((time) => time + field.originSec);
  const kept = Array.from(timeSec.keys()).filter((i) => energyKeV[i]! >= 0.5 && energyKeV[i]! <= 7);
  return {
    name: source.name,
    timeSec: Float64Array.from(kept, (i) => timeSec[i]!),
    energyKeV: Float32Array.from(kept, (i) => energyKeV[i]!),
    gti: { startSec: shift(field.gti.startSec), stopSec: shift(field.gti.stopSec) },
  };
}

/** Cells of equal exposure that fill the good time. */
export interface GoodGrid {
  /** Middle of each cell, mission seconds. */
  readonly timeSec: Float64Array;
  readonly gti: Intervals;
  /** Exposure, seconds. */
  readonly liveSec: number;
}

const CELLS = 4096;

/** Exposure before a time. */
function liveBefore({ startSec, stopSec }: Intervals, time: number): number {
  let live = 0;
  for (let i = 0; i < startSec.length && startSec[i]! < time; i++) live += Math.min(time, stopSec[i]!) - startSec[i]!;
  return live;
}

export function goodGrid(gti: Intervals): GoodGrid {
  const liveSec = liveBefore(gti, Infinity);
  let interval = 0;
  let before = 0;
  const timeSec = Float64Array.from({ length: CELLS }, (_, cell) => {
    const live = (liveSec * (cell + 0.5)) / CELLS;
    const width = () => gti.stopSec[interval]! - gti.startSec[interval]!;
    for (; live > before + width(); interval++) before += width();
    return gti.startSec[interval]! + live - before;
  });
  return { timeSec, gti, liveSec };
}

/** Photons in each cell. */
export function onGrid(timeSec: Float64Array, grid: GoodGrid): Float64Array {
  const counts = new Float64Array(CELLS);
  for (const time of timeSec) {
    counts[Math.min(CELLS - 1, Math.floor((CELLS * liveBefore(grid.gti, time)) / grid.liveSec))]!++;
  }
  return counts;
}

/** A stepped light curve at the cells; 0 outside its bins. */
export function stepRate(
  curve: { readonly startSec: Float64Array; readonly stopSec: Float64Array; readonly rate: Float64Array },
  grid: GoodGrid,
): Float64Array {
  return grid.timeSec.map((time) => {
    const bin = curve.stopSec.findIndex((stop) => time < stop);
    return bin >= 0 && time >= curve.startSec[bin]! && Number.isFinite(curve.rate[bin]!) ? curve.rate[bin]! : 0;
  });
}
