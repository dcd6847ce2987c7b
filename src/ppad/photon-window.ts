import type { PpadConfig } from "./config.ts";
import {
  allocatePopulation,
  type PackedPopulation,
  type PhotonRecord,
  packInto,
  prepareRecord,
  rateScaleOf,
} from "./population.ts";

/** Records that are read one at a time, such as those of a store on disk. */
export interface PhotonRecords {
  readonly length: number;
  record(index: number): PhotonRecord;
}

/** What is known of a population whose photons the threads of a run read as they go. */
export interface ListedPopulation {
  readonly size: number;
  /** Photons in band and good time of each source, shared. */
  readonly eventCount: Int32Array;
  /** Counts per unit of time and band that an output of 0 stands for where brightness is "latent". */
  readonly rateScale: number;
}

/** The photons of the sources that a thread has in hand. */
export interface PhotonWindow {
  /** Where they lie; another object after `load` where they needed more room. */
  readonly packed: PackedPopulation;
  /** Brings in a source as number `slot` of those in hand, behind number slot − 1; returns its number in `packed`. */
  load(source: number, slot: number): number;
}

/** The window of a population that is in memory as a whole. */
export function wholeWindow(packed: PackedPopulation): PhotonWindow {
  return { packed, load: (source) => source };
}

/** How records are cut and scaled, and what errors say of it: "fit PPAD". */
export interface RecordCut {
  readonly config: PpadConfig;
  readonly action: string;
  readonly rateScale: number;
}

/** A window that reads and prepares each record when it is asked for, so that memory holds only those in hand. */
export class RecordWindow implements PhotonWindow {
  packed: PackedPopulation;
  readonly #records: PhotonRecords;
  readonly #cut: RecordCut;

  /** @param slots Sources in hand at most. */
  constructor(records: PhotonRecords, slots: number, cut: RecordCut) {
    this.#records = records;
    this.#cut = cut;
    this.packed = allocatePopulation(slots, 0, 0, cut.config.bandEdgesEv.length - 1);
  }

  load(source: number, slot: number): number {
    const { config, action, rateScale } = this.#cut;
    const record = prepareRecord(this.#records.record(source), source, config, action);
    this.#reserve(slot, record.time.length, record.low.length);
    packInto(this.packed, slot, { record, config, rateScale });
    return slot;
  }

  #reserve(slot: number, events: number, intervals: number): void {
    const { packed } = this;
    const [event, interval] = [packed.eventStart[slot], packed.gtiStart[slot]];
    if (event + events <= packed.eventTime.length && interval + intervals <= packed.gtiLow.length) return;
    const bands = packed.background.length / packed.size;
    const grown = allocatePopulation(packed.size, 2 * (event + events), 2 * (interval + intervals), bands);
    for (const key of ["eventStart", "gtiStart", "live", "unitSec", "logScale", "background"] as const) {
      grown[key].set(packed[key]);
    }
    for (const key of ["eventTime", "eventBand", "eventLive"] as const) grown[key].set(packed[key].subarray(0, event));
    for (const key of ["gtiLow", "gtiHigh"] as const) grown[key].set(packed[key].subarray(0, interval));
    this.packed = grown;
  }
}

/**
 * Goes once through records that stay where they are: checks each, and counts its photons.
 *
 * @param options.rateScale Of the model that embeds. Default: the population's mean, or the configuration's.
 * @param options.context Where progress goes; a stop throws.
 * @throws {RangeError} Naming the source that cannot be used.
 */
export function listPopulation(
  records: PhotonRecords,
  options: {
    config: PpadConfig;
    action: string;
    rateScale?: number | undefined;
    context?: { report(progress: { done: number; total: number; message: string }): void; stopped(): boolean };
  },
): ListedPopulation {
  const { config, action, context } = options;
  const size = records.length;
  if (size === 0) throw new RangeError(`Cannot ${action}: the population must not be empty`);
  const eventCount = new Int32Array(new SharedArrayBuffer(4 * size));
  const total = { events: 0, live: 0 };
  for (let source = 0; source < size; source++) {
    const { time, live } = prepareRecord(records.record(source), source, config, action);
    eventCount[source] = time.length;
    total.events += time.length;
    total.live += live;
    if (source % 512 !== 0) continue;
    if (context?.stopped()) throw new Error(`Cannot ${action}: it was stopped before it had begun`);
    context?.report({ done: 0, total: 1, message: `counting photons: ${source} of ${size} sources` });
  }
  return { size, eventCount, rateScale: options.rateScale ?? rateScaleOf(config, total) };
}
