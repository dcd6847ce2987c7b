import type { BinaryTable, FitsFile } from "../fits/index.ts";
import { type EnergyGrid, readGrid } from "./arf.ts";
import { findTable, numberOr } from "./keywords.ts";

/** A redistribution matrix, photons of each energy → detector channels: for each energy, runs of channels and the chance to land in each of them. */
export interface Rmf extends EnergyGrid {
  readonly name: string;
  /** First run of each energy; run `runStart[i]` to `runStart[i + 1]`, shape (nEnergies + 1,). */
  readonly runStart: Int32Array;
  /** First channel (0-based index) and number of channels of each run. */
  readonly runChannel: Int32Array;
  readonly runLength: Int32Array;
  /** The runs' probabilities one after another. */
  readonly probability: Float64Array;
  /** Channel numbers and nominal energies (EBOUNDS), shape (nChannels,). */
  readonly channel: Int32Array;
  readonly channelLoKeV: Float64Array;
  readonly channelHiKeV: Float64Array;
}

/**
 * Reads an RMF (or RSP, whose matrix already contains the area).
 *
 * Runs may be fixed arrays, variable arrays or scalars. The first channel's number comes from TLMIN of F_CHAN, then
 * from EBOUNDS, then is 1, as OGIP CAL/GEN/92-002a says.
 *
 * @throws {FitsError} If a table or column is missing, or a run leaves the channels.
 */
export function readRmf(file: FitsFile): Rmf {
  const matrix = findTable(file, "an RMF", ["ENERG_LO", "ENERG_HI", "N_GRP", "F_CHAN", "N_CHAN", "MATRIX"]);
  const ebounds = findTable(file, "an EBOUNDS extension", ["CHANNEL", "E_MIN", "E_MAX"]);
  const channel = Int32Array.from(ebounds.numbers("CHANNEL"));
  const first = numberOr(matrix, `TLMIN${matrix.column("F_CHAN").index + 1}`, channel[0] ?? 1);
  return {
    name: file.name,
    ...readGrid(matrix),
    ...readRuns(matrix, first, channel.length),
    channel,
    channelLoKeV: ebounds.numbers("E_MIN"),
    channelHiKeV: ebounds.numbers("E_MAX"),
  };
}

function readRuns(matrix: BinaryTable, offset: number, nChannels: number) {
  const nEnergies = matrix.numRows;
  const nGroups = matrix.numbers("N_GRP");
  const rows = {
    channel: rowReader(matrix, "F_CHAN"),
    length: rowReader(matrix, "N_CHAN"),
    value: rowReader(matrix, "MATRIX"),
  };
  const runStart = new Int32Array(nEnergies + 1);
  const runChannel: number[] = [];
  const runLength: number[] = [];
  const parts: ArrayLike<number>[] = [];
  let size = 0;
  for (let energy = 0; energy < nEnergies; energy++) {
    const channels = rows.channel(energy);
    const lengths = rows.length(energy);
    let used = 0;
    for (let group = 0; group < nGroups[energy]; group++) {
      const first = channels[group] - offset;
      const length = lengths[group];
      if (!(first >= 0 && length >= 0 && first + length <= nChannels)) {
        throw matrix.header.error(
          "F_CHAN",
          `in row ${energy + 1} must lie in channels ${offset}–${offset + nChannels - 1}: ` +
            `current run is ${channels[group]}–${channels[group] + length - 1}`,
        );
      }
      runChannel.push(first);
      runLength.push(length);
      used += length;
    }
    const values = rows.value(energy);
    if (values.length < used) {
      throw matrix.header.error(
        "MATRIX",
        `in row ${energy + 1} must hold ${used} values, the sum of N_CHAN: current length is ${values.length}`,
      );
    }
    parts.push(values.length === used ? values : Array.prototype.slice.call(values, 0, used));
    size += used;
    runStart[energy + 1] = runChannel.length;
  }
  const probability = new Float64Array(size);
  let at = 0;
  for (const part of parts) {
    probability.set(part, at);
    at += part.length;
  }
  return { runStart, runChannel: Int32Array.from(runChannel), runLength: Int32Array.from(runLength), probability };
}

/** Cell of one row, whether the column is scalar, a fixed array or variable. */
function rowReader(table: BinaryTable, name: string): (row: number) => ArrayLike<number> {
  const column = table.column(name);
  const data = column.data as ArrayLike<number> | ArrayLike<number>[];
  if (Array.isArray(data)) return (row) => data[row] as ArrayLike<number>;
  const flat = data as Float64Array;
  const { repeat } = column;
  return (row) => flat.subarray(row * repeat, (row + 1) * repeat);
}

/**
 * Folds photons (or counts) per energy bin into channels: the sparse product with the matrix.
 *
 * @param perBin Value per energy bin, shape (nEnergies,).
 * @returns Value per channel, shape (nChannels,).
 */
export function foldRmf(rmf: Rmf, perBin: Float64Array): Float64Array {
  if (perBin.length !== rmf.loKeV.length) {
    throw new TypeError(
      `Cannot fold through "${rmf.name}": input must have ${rmf.loKeV.length} energy bins: current length is ${perBin.length}`,
    );
  }
  const out = new Float64Array(rmf.channel.length);
  let at = 0;
  for (let energy = 0; energy < perBin.length; energy++) {
    const value = perBin[energy];
    for (let run = rmf.runStart[energy]; run < rmf.runStart[energy + 1]; run++) {
      const length = rmf.runLength[run];
      if (value !== 0) {
        const first = rmf.runChannel[run];
        for (let step = 0; step < length; step++) out[first + step] += value * rmf.probability[at + step];
      }
      at += length;
    }
  }
  return out;
}
