import { kernelHost, progressDisplay } from "../host/index.ts";
import type { ShownJobOptions } from "../jobs/index.ts";
import type { PhotonRecord } from "../ppad/index.ts";
import { openPhotons, type PhotonStore, type StoreWriter, writeStore } from "../store/index.ts";
import { eventLists, type LoadPopulationOptions } from "./load-population.ts";
import { SampleSky } from "./sample-sky.ts";

/** Records between two reports of progress, where their number is not known. */
const REPORT_EVERY = 256;

/** Which photons are saved, and how to watch it. */
export interface SavePhotonsOptions extends LoadPopulationOptions, ShownJobOptions {}

/** Observations that are in memory or made one by one: an array, a generator, a store. */
type Records = Iterable<PhotonRecord> | AsyncIterable<PhotonRecord>;

function isFiles(from: SampleSky | readonly string[] | Records): from is SampleSky | readonly string[] {
  return from instanceof SampleSky || (Array.isArray(from) && typeof from[0] === "string");
}

/** Passes records on, in band and bright enough, and says how many there were. */
async function* chosenRecords(records: Records, options: LoadPopulationOptions): AsyncGenerator<PhotonRecord> {
  const { minCounts = 0, energyKeV } = options;
  const total = Array.isArray(records) ? records.length : 0;
  let done = 0;
  for await (const record of records) {
    options.signal?.throwIfAborted();
    const kept = energyKeV ? within(record, energyKeV) : record;
    if (kept.timeSec.length >= minCounts) yield kept;
    done++;
    if (done % REPORT_EVERY === 0) options.onProgress?.({ done, total, message: `saved ${done} observations` });
  }
}

/** Photons from `low` (inclusive) to `high` (exclusive) keV. */
function within(record: PhotonRecord, [low, high]: readonly [number, number]): PhotonRecord {
  const { timeSec, energyKeV, gti, name, background } = record;
  const mask = Array.from(energyKeV, (energy) => energy >= low && energy < high);
  return {
    timeSec: timeSec.filter((_, i) => mask[i]),
    energyKeV: energyKeV.filter((_, i) => mask[i]),
    gti,
    ...(name !== undefined && { name }),
    ...(background !== undefined && { background }),
  };
}

async function addAll(writer: StoreWriter, records: Records): Promise<void> {
  let i = 0;
  for await (const record of records) {
    const { timeSec, energyKeV, gti } = record;
    if (record.background) {
      throw new RangeError(
        `Cannot save photons: a store holds no backgrounds: source ${i} ("${record.name ?? ""}") has one: fit such records in memory`,
      );
    }
    await writer.add({ name: record.name || `source ${i}`, timeSec, energyKeV, gti });
    i++;
  }
}

/**
 * Saves the photons of many observations to one file that `ppad.fit` and `ppad.embed` read by and by, so that a
 * population may be larger than memory. About 1.5 ms per small event file; the store has 12 bytes a photon.
 *
 * The file appears when it is whole; Stop, or aborting `signal`, leaves none. It is in the safetensors format, which
 * other programs map into memory.
 *
 * @param path Where to write, such as "sky.photons".
 * @param from A sample sky, paths of FITS event files, or records: arrays, (asynchronous) generators, another store.
 * @throws {RangeError} Naming the record whose arrays do not fit one another or whose times are out of order.
 * @example
 * const store = await savePhotons("sky.photons", await sampleSky(), { minCounts: 10, energyKeV: [0.5, 7] });
 * const model = await ppad.fit(store, { checkpoint: "run.ppad" });
 */
export async function savePhotons(
  path: string,
  from: SampleSky | readonly string[] | Records,
  options: SavePhotonsOptions = {},
): Promise<PhotonStore> {
  const shown = options.display === false ? undefined : progressDisplay("Photon store");
  const stop = new AbortController();
  const removeInterrupt = kernelHost()?.onInterrupt(() => stop.abort());
  const watched: LoadPopulationOptions = {
    ...options,
    signal: options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal,
    onProgress(progress) {
      shown?.update(progress);
      options.onProgress?.(progress);
    },
  };
  try {
    const records = isFiles(from) ? eventLists(from, watched) : chosenRecords(from, watched);
    await writeStore(path, (writer) => addAll(writer, records));
    shown?.finish("done");
  } catch (error) {
    shown?.finish(stop.signal.aborted || options.signal?.aborted ? "stopped" : "failed");
    throw error;
  } finally {
    removeInterrupt?.();
  }
  return openPhotons(path);
}
