import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import {
  type PlacedTensor,
  readSafetensorsHeader,
  type SafetensorsHeader,
  safetensorsHeaderLength,
  type TensorType,
} from "../safetensors/index.ts";

/** What the file says of itself. */
export const STORE_FORMAT = "photonbook-photons-1";

/** Arrays of a store, in the order of the file: photons and good time of all records, one record after another. */
export const STORE_COLUMNS = {
  time_sec: "F64",
  gti_start_sec: "F64",
  gti_stop_sec: "F64",
  energy_kev: "F32",
  photon_count: "I32",
  gti_count: "I32",
} as const satisfies { readonly [name: string]: TensorType };
export type StoreColumn = keyof typeof STORE_COLUMNS;

/** Where the photons of each record lie; it survives structured cloning, which copies only the names. */
export interface StoreIndex {
  readonly path: string;
  /** Size and time of the file when it was opened: one that has changed is not read. */
  readonly byteLength: number;
  readonly modifiedMs: number;
  readonly names: readonly string[];
  /** Photons of record i are numbers photonStart[i] … photonStart[i + 1] − 1 of the columns. */
  readonly photonStart: Float64Array;
  /** Byte offsets of the columns in the file. */
  readonly timeAt: number;
  readonly energyAt: number;
  /** Intervals of record i are gtiStart[i] … gtiStart[i + 1] − 1. */
  readonly gtiStart: Float64Array;
  readonly startSec: Float64Array;
  readonly stopSec: Float64Array;
}

/** Fills a view from a place in an open file. */
export function readRange(fd: number, view: Uint8Array, options: { at: number; path: string }): void {
  const { at, path } = options;
  for (let done = 0; done < view.length; ) {
    const read = readSync(fd, view, done, view.length - done, at + done);
    if (read === 0) throw new RangeError(`Cannot read photons from "${path}": the file ends at byte ${at + done}`);
    done += read;
  }
}

/** Number of the first entry of each record, and the number of all. */
function startsOf(counts: Int32Array): Float64Array {
  const starts = new Float64Array(new SharedArrayBuffer(8 * (counts.length + 1)));
  for (let i = 0; i < counts.length; i++) starts[i + 1] = starts[i]! + counts[i]!;
  return starts;
}

function readHeader(fd: number, byteLength: number, path: string): SafetensorsHeader {
  const start = new Uint8Array(Math.min(8, byteLength));
  readRange(fd, start, { at: 0, path });
  const header = new Uint8Array(safetensorsHeaderLength(start, byteLength));
  readRange(fd, header, { at: 0, path });
  return readSafetensorsHeader(header, byteLength);
}

function columnsOf(header: SafetensorsHeader): Record<StoreColumn, PlacedTensor> {
  const { format } = header.metadata;
  if (format !== STORE_FORMAT) throw new SyntaxError(`format must be "${STORE_FORMAT}": current value is "${format}"`);
  const entries = Object.entries(STORE_COLUMNS).map(([name, type]) => {
    const tensor = header.tensors.get(name);
    if (tensor?.type !== type || tensor.shape.length !== 1) {
      throw new SyntaxError(`"${name}" must be a column of ${type}: current is ${tensor?.type ?? "nothing"}`);
    }
    return [name, tensor];
  });
  return Object.fromEntries(entries);
}

function readIndex(fd: number, path: string): StoreIndex {
  const { size: byteLength, mtimeMs: modifiedMs } = fstatSync(fd);
  const header = readHeader(fd, byteLength, path);
  const columns = columnsOf(header);
  const bytesOf = (name: StoreColumn) => {
    const { begin, end } = columns[name];
    const bytes = new Uint8Array(new SharedArrayBuffer(end - begin));
    readRange(fd, bytes, { at: begin, path });
    return bytes.buffer;
  };
  const names = JSON.parse(header.metadata.names ?? "[]") as string[];
  const photonStart = startsOf(new Int32Array(bytesOf("photon_count")));
  const gtiStart = startsOf(new Int32Array(bytesOf("gti_count")));
  const lengthOf = (name: StoreColumn) => columns[name].shape[0]!;
  const found = [names.length, gtiStart.length - 1, photonStart.at(-1), gtiStart.at(-1), lengthOf("energy_kev")];
  const wanted = [lengthOf("photon_count"), lengthOf("photon_count"), lengthOf("time_sec"), lengthOf("gti_start_sec")];
  wanted.push(lengthOf("time_sec"));
  if (found.join() !== wanted.join()) {
    throw new SyntaxError(`its index must fit its columns: numbers are ${found.join(", ")} for ${wanted.join(", ")}`);
  }
  return {
    path,
    byteLength,
    modifiedMs,
    names,
    photonStart,
    timeAt: columns.time_sec.begin,
    energyAt: columns.energy_kev.begin,
    gtiStart,
    startSec: new Float64Array(bytesOf("gti_start_sec")),
    stopSec: new Float64Array(bytesOf("gti_stop_sec")),
  };
}

/**
 * Reads the index of a store of photons, not the photons.
 *
 * @throws {SyntaxError} If the file is not such a store, or not a whole one.
 */
export function readStoreIndex(path: string): StoreIndex {
  const fd = openSync(path, "r");
  try {
    return readIndex(fd, path);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new SyntaxError(`Cannot open photons in "${path}": ${cause.message}`, { cause });
  } finally {
    closeSync(fd);
  }
}
