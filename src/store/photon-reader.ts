import { closeSync, fstatSync, openSync } from "node:fs";
import { readRange, type StoreIndex } from "./store-index.ts";

/** One observation's photons in a store: what `ppad.fit` and `ppad.embed` take. */
export interface StoredPhotons {
  /** What catalogues and errors call it. */
  readonly name: string;
  /** Arrival times, mission seconds, ascending. */
  readonly timeSec: Float64Array;
  /** Photon energies, keV. */
  readonly energyKeV: Float32Array;
  /** Good time intervals, sorted and disjoint, mission seconds. */
  readonly gti: { readonly startSec: Float64Array; readonly stopSec: Float64Array };
}

/** Reads records of an open store, each by two ranges of the file. */
export class PhotonReader implements Disposable {
  readonly #index: StoreIndex;
  readonly #fd: number;

  /** @throws {RangeError} If the file is no longer the one that was opened. */
  constructor(index: StoreIndex) {
    this.#index = index;
    this.#fd = openSync(index.path, "r");
    const { size, mtimeMs } = fstatSync(this.#fd);
    if (size === index.byteLength && mtimeMs === index.modifiedMs) return;
    this.close();
    throw new RangeError(`Cannot read photons from "${index.path}": the file has changed since it was opened`);
  }

  get length(): number {
    return this.#index.names.length;
  }

  record(i: number): StoredPhotons {
    const { path, names, photonStart, timeAt, energyAt, gtiStart, startSec, stopSec } = this.#index;
    const name = names[i];
    if (name === undefined) {
      throw new RangeError(`Cannot read photons from "${path}": record must be 0–${this.length - 1}: current is ${i}`);
    }
    const first = photonStart[i]!;
    const timeSec = new Float64Array(photonStart[i + 1]! - first);
    const energyKeV = new Float32Array(timeSec.length);
    readRange(this.#fd, new Uint8Array(timeSec.buffer), { at: timeAt + 8 * first, path });
    readRange(this.#fd, new Uint8Array(energyKeV.buffer), { at: energyAt + 4 * first, path });
    const part = (times: Float64Array) => times.slice(gtiStart[i], gtiStart[i + 1]);
    return { name, timeSec, energyKeV, gti: { startSec: part(startSec), stopSec: part(stopSec) } };
  }

  close(): void {
    closeSync(this.#fd);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
