import { exposureSec, type Gti, goodTimeBefore, timeAfterGood } from "../../src/gti/index.ts";
import { photonsOf, type Sky } from "../../src/sky/index.ts";

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
  readonly gti: Gti;
  /** Exposure, seconds. */
  readonly liveSec: number;
}

const CELLS = 4096;

export function goodGrid(gti: Gti): GoodGrid {
  const liveSec = exposureSec(gti);
  const middles = Float64Array.from({ length: CELLS }, (_, cell) => (liveSec * (cell + 0.5)) / CELLS);
  return { timeSec: timeAfterGood(gti, middles), gti, liveSec };
}

/** Photons in each cell. */
export function onGrid(timeSec: Float64Array, grid: GoodGrid): Float64Array {
  const counts = new Float64Array(CELLS);
  for (const live of goodTimeBefore(grid.gti, timeSec)) {
    counts[Math.min(CELLS - 1, Math.floor((CELLS * live) / grid.liveSec))]!++;
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
