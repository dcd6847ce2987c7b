import { createReadStream, createWriteStream } from "node:fs";
import { appendFile, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileProblem } from "../disk/index.ts";
import { safetensorsHeader, type TensorEntry } from "../safetensors/index.ts";
import type { StoredPhotons } from "./photon-reader.ts";
import { STORE_COLUMNS, STORE_FORMAT, type StoreColumn } from "./store-index.ts";

/** Bytes of a column that are gathered before they are written. */
const BUFFER_BYTES = 1 << 20;

/** A growing column of numbers in a file of its own. */
class ColumnDraft {
  readonly path: string;
  length = 0;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  #used = 0;

  constructor(path: string) {
    this.path = path;
  }

  async add(values: Float64Array | Float32Array | Int32Array): Promise<void> {
    this.length += values.length;
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    for (let at = 0; at < bytes.length; ) {
      const part = bytes.subarray(at, at + BUFFER_BYTES - this.#used);
      this.#buffer.set(part, this.#used);
      this.#used += part.length;
      at += part.length;
      if (this.#used === BUFFER_BYTES) await this.flush();
    }
  }

  async flush(): Promise<void> {
    await appendFile(this.path, this.#buffer.subarray(0, this.#used));
    this.#used = 0;
  }
}

/** Why a record cannot be kept; undefined if it can. */
function faultOf({ timeSec, energyKeV, gti }: StoredPhotons): string | undefined {
  if (timeSec.length !== energyKeV.length) {
    return `one energy per time: numbers are ${timeSec.length} times and ${energyKeV.length} energies`;
  }
  if (gti.startSec.length !== gti.stopSec.length) {
    return `one stop per start of good time: numbers are ${gti.startSec.length} and ${gti.stopSec.length}`;
  }
  const late = timeSec.findIndex((time, i) => !(time >= (i === 0 ? -Infinity : timeSec[i - 1]!)));
  return late < 0 ? undefined : `ascending times: photon ${late} is at ${timeSec[late]} s`;
}

/** Writes a store: each column to a file of its own beside it, and in the end all into one, which appears whole. */
export class StoreWriter {
  readonly #names: string[] = [];
  readonly #path: string;
  readonly #folder: string;
  readonly #columns: ReadonlyMap<StoreColumn, ColumnDraft>;

  /** @param folder An empty folder for drafts, on the same disk as the path. */
  constructor(path: string, folder: string) {
    const names = Object.keys(STORE_COLUMNS) as StoreColumn[];
    this.#path = path;
    this.#folder = folder;
    this.#columns = new Map(names.map((name) => [name, new ColumnDraft(join(folder, name))]));
  }

  /** @throws {RangeError} Naming the record whose arrays do not fit one another or whose times are out of order. */
  async add(record: StoredPhotons): Promise<void> {
    const fault = faultOf(record);
    if (fault) {
      const which = `record ${this.#names.length} ("${record.name}")`;
      throw new RangeError(`Cannot save photons to "${this.#path}": ${which} must have ${fault}`);
    }
    const { timeSec, energyKeV, gti } = record;
    const values: Record<StoreColumn, Float64Array | Float32Array | Int32Array> = {
      time_sec: timeSec,
      energy_kev: energyKeV,
      gti_start_sec: gti.startSec,
      gti_stop_sec: gti.stopSec,
      photon_count: Int32Array.of(timeSec.length),
      gti_count: Int32Array.of(gti.startSec.length),
    };
    for (const [name, column] of this.#columns) await column.add(values[name]);
    this.#names.push(record.name);
  }

  /** Puts the columns together and gives the file its name. */
  async finish(): Promise<void> {
    const entries = new Map<StoreColumn, TensorEntry>();
    for (const [name, column] of this.#columns) {
      await column.flush();
      entries.set(name, { type: STORE_COLUMNS[name], shape: [column.length] });
    }
    const whole = join(this.#folder, "whole");
    await writeFile(whole, safetensorsHeader(entries, { format: STORE_FORMAT, names: JSON.stringify(this.#names) }));
    for (const { path } of this.#columns.values()) {
      await pipeline(createReadStream(path), createWriteStream(whole, { flags: "a", flush: true }));
    }
    await rename(whole, this.#path);
  }
}

/**
 * Writes a store of photons, which appears under its name when it is whole.
 *
 * @param fill Adds the records.
 */
export async function writeStore(path: string, fill: (writer: StoreWriter) => Promise<void>): Promise<void> {
  const whole = resolve(path);
  const folder = await mkdtemp(join(dirname(whole), `.${basename(whole)}-`)).catch((cause) => {
    throw new Error(`Cannot save photons to "${path}": ${fileProblem(cause, whole, "write")}`, { cause });
  });
  try {
    const writer = new StoreWriter(whole, folder);
    await fill(writer);
    await writer.finish();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
