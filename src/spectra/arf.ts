import type { BinaryTable, FitsFile } from "../fits/index.ts";
import { findTable, numberOr } from "./keywords.ts";

/** Bins of energy, keV, in ascending order; bin i is [loKeV[i], hiKeV[i]). */
export interface EnergyGrid {
  readonly loKeV: Float64Array;
  readonly hiKeV: Float64Array;
}

/** An effective area curve (OGIP ancillary response). */
export interface Arf extends EnergyGrid {
  readonly name: string;
  /** Effective area per bin, cm², shape (nEnergies,). */
  readonly areaCm2: Float64Array;
  /** Exposure the file states, s; 0 where it states none. */
  readonly exposureSec: number;
}

/**
 * Reads an ARF: the first table with a SPECRESP column.
 *
 * @throws {FitsError} If there is none, or an energy bin has no width.
 * @see OGIP CAL/GEN/92-002, section 4
 */
export function readArf(file: FitsFile): Arf {
  const table = findTable(file, "an ARF", ["ENERG_LO", "ENERG_HI", "SPECRESP"]);
  return {
    name: file.name,
    ...readGrid(table),
    areaCm2: table.numbers("SPECRESP"),
    exposureSec: numberOr(table, "EXPOSURE", 0),
  };
}

/** ENERG_LO and ENERG_HI; bins must ascend, or the folded counts would be meaningless; bins without width occur (ROSAT) and stay empty. */
export function readGrid(table: BinaryTable): EnergyGrid {
  const loKeV = table.numbers("ENERG_LO");
  const hiKeV = table.numbers("ENERG_HI");
  for (let bin = 0; bin < loKeV.length; bin++) {
    if (hiKeV[bin] >= loKeV[bin] && (bin === 0 || loKeV[bin] >= loKeV[bin - 1])) continue;
    throw table.header.error(
      "ENERG_LO",
      `must ascend and stay below ENERG_HI: current bin in row ${bin + 1} is ${loKeV[bin]}–${hiKeV[bin]} keV`,
    );
  }
  return { loKeV, hiKeV };
}

/**
 * The area on another grid: the mean over each target bin, so that a coarser or shifted RMF keeps the photons.
 * Outside the ARF the area is 0.
 */
export function areaOnGrid(arf: Arf, grid: EnergyGrid): Float64Array {
  const area = new Float64Array(grid.loKeV.length);
  let first = 0;
  for (let bin = 0; bin < area.length; bin++) {
    const lo = grid.loKeV[bin];
    const hi = grid.hiKeV[bin];
    while (first < arf.hiKeV.length && arf.hiKeV[first] <= lo) first++;
    let sum = 0;
    for (let source = first; source < arf.loKeV.length && arf.loKeV[source] < hi; source++) {
      sum += arf.areaCm2[source] * (Math.min(hi, arf.hiKeV[source]) - Math.max(lo, arf.loKeV[source]));
    }
    area[bin] = hi > lo ? sum / (hi - lo) : 0;
  }
  return area;
}

/** Whether two grids agree to a hundred-thousandth, the precision of single-precision files. */
export function sameGrid(a: EnergyGrid, b: EnergyGrid): boolean {
  if (a.loKeV.length !== b.loKeV.length) return false;
  return a.loKeV.every(
    (lo, bin) =>
      Math.abs(lo - b.loKeV[bin]) <= 1e-5 * a.hiKeV[bin] &&
      Math.abs(a.hiKeV[bin] - b.hiKeV[bin]) <= 1e-5 * a.hiKeV[bin],
  );
}
