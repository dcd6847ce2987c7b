import type { PpadConfig } from "./config.ts";

/** The photons of one observation of one source, as every method sees them. */
export interface PhotonRecord {
  /** Arrival times, mission seconds, ascending. */
  readonly timeSec: Float64Array;
  /** Photon energies, keV. */
  readonly energyKeV: Float32Array;
  /** Good time intervals, sorted and disjoint. */
  readonly gti: { readonly startSec: Float64Array; readonly stopSec: Float64Array };
  /** What errors call it. */
  readonly name?: string;
  /** What is known of the background among them. Default: nothing, so that it counts as the source's. */
  readonly background?: KnownBackground | undefined;
  /** Seconds that a CCD gathers photons before it is read; where known, a source that is piled up is refused. */
  readonly frameTimeSec?: number | undefined;
}

/** Photons of a region beside a source, which say how many of the source's own region are background, at which energies. */
export interface KnownBackground {
  /** Energies of the photons in the source's good time, keV, in any order. */
  readonly energyKeV: Float32Array;
  /** What their number is multiplied by to give those expected in the source's region: the ratio of the areas. */
  readonly scale: number;
}

/**
 * A population in the form the trainer reads: events in band and in good time, one source after another, times in
 * the decoder's unit from the start of each observation. Every array is shared, so threads read it without copies.
 */
export interface PackedPopulation {
  readonly size: number;
  /** Events of source s are eventStart[s] … eventStart[s + 1] − 1. */
  readonly eventStart: Int32Array;
  readonly eventTime: Float64Array;
  readonly eventBand: Uint8Array;
  /** Exposure before each event, decoder units. */
  readonly eventLive: Float64Array;
  /** Intervals of source s are gtiStart[s] … gtiStart[s + 1] − 1. */
  readonly gtiStart: Int32Array;
  readonly gtiLow: Float64Array;
  readonly gtiHigh: Float64Array;
  /** Exposure, decoder units. */
  readonly live: Float64Array;
  /** Seconds per decoder unit. */
  readonly unitSec: Float64Array;
  /** Log of counts per unit and band that an output of 0 stands for. */
  readonly logScale: Float32Array;
  /** Known background, counts per unit, shape (size, bands). */
  readonly background: Float32Array;
}

/** What a record has left once cut to the bands and the good time. */
export interface PreparedRecord {
  readonly time: Float64Array;
  readonly band: Uint8Array;
  readonly before: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly live: number;
  readonly unitSec: number;
  /** Known background, counts per decoder unit, of each band. */
  readonly background: Float32Array;
}

/**
 * Photons per frame of which four in ten on one pixel island hide another: 1 − λ/(e^λ − 1) = 0.42. Fewer thin a rate and
 * leave its shape; one bright source must not keep a population from being fitted.
 */
const PER_FRAME = 1;

function fail(action: string, record: PhotonRecord, index: number, must: string, current: string): never {
  const name = record.name === undefined ? `source ${index}` : `source ${index} ("${record.name}")`;
  throw new RangeError(`Cannot ${action}: ${name} must have ${must}: current ${current}`);
}

/** Band of an energy in eV, or -1; a band holds its lower edge, the last one its upper edge too. */
export function bandOf(energyEv: number, edges: readonly number[]): number {
  const last = edges.length - 1;
  if (!(energyEv >= (edges[0] as number) && energyEv <= (edges[last] as number))) return -1;
  for (let band = last - 1; band > 0; band--) if (energyEv >= (edges[band] as number)) return band;
  return 0;
}

function checkIntervals(action: string, record: PhotonRecord, index: number): void {
  const { startSec, stopSec } = record.gti;
  if (startSec.length === 0 || startSec.length !== stopSec.length) {
    fail(
      action,
      record,
      index,
      "good time intervals",
      `numbers of starts and stops are ${startSec.length} and ${stopSec.length}`,
    );
  }
  let before = -Infinity;
  for (let i = 0; i < startSec.length; i++) {
    const start = startSec[i] as number;
    const stop = stopSec[i] as number;
    if (!(start >= before && stop > start && stop < Infinity)) {
      fail(
        action,
        record,
        index,
        "sorted, disjoint, finite good time intervals",
        `interval ${i} is ${start} to ${stop} s`,
      );
    }
    before = stop;
  }
}

/** The events of a record that count: finite, ascending, in a band, inside the good time. */
function selectEvents(action: string, record: PhotonRecord, index: number, edges: readonly number[]) {
  const { timeSec, energyKeV, gti } = record;
  if (timeSec.length !== energyKeV.length) {
    fail(
      action,
      record,
      index,
      "one energy per time",
      `numbers are ${timeSec.length} times and ${energyKeV.length} energies`,
    );
  }
  const times = new Float64Array(timeSec.length);
  const bands = new Uint8Array(timeSec.length);
  let kept = 0;
  let interval = 0;
  for (let i = 0; i < timeSec.length; i++) {
    const time = timeSec[i] as number;
    const energy = energyKeV[i] as number;
    if (!Number.isFinite(time) || Number.isNaN(energy)) {
      fail(action, record, index, "finite times and energies", `photon ${i} is at ${time} s with ${energy} keV`);
    }
    if (i > 0 && time < (timeSec[i - 1] as number)) {
      fail(action, record, index, "ascending times", `photon ${i} is at ${time} s after ${timeSec[i - 1]} s`);
    }
    while (interval < gti.stopSec.length && time > (gti.stopSec[interval] as number)) interval++;
    if (interval === gti.stopSec.length) break;
    if (time < (gti.startSec[interval] as number)) continue;
    // Energies are float32 keV: 7 keV and 0.5 keV are exact, other edges within a millionth.
    const band = bandOf(Math.round(energy * 1e6) / 1e3, edges);
    if (band < 0) continue;
    times[kept] = time;
    bands[kept++] = band;
  }
  return { times: times.subarray(0, kept), bands: bands.subarray(0, kept) };
}

/** Counts per decoder unit of each band that a record's background says. */
function backgroundRates(
  action: string,
  { record, index, config }: { record: PhotonRecord; index: number; config: PpadConfig },
  live: number,
): Float32Array {
  const edges = config.bandEdgesEv;
  const rates = new Float32Array(edges.length - 1);
  if (!record.background) return rates;
  const { energyKeV, scale } = record.background;
  if (!(scale > 0 && scale < Infinity)) {
    fail(action, record, index, "a background.scale above 0", `value is ${scale}`);
  }
  for (const [i, energy] of energyKeV.entries()) {
    if (Number.isNaN(energy))
      fail(action, record, index, "a background of known energies", `photon ${i} has ${energy} keV`);
    const band = bandOf(Math.round(energy * 1e6) / 1e3, edges);
    if (band >= 0) rates[band] += scale / live;
  }
  return rates;
}

/**
 * Counts of a record that are not background: at least the square root of all, one standard deviation, so that a source
 * that is lost in its background still has a brightness.
 */
export function netCounts({ time, live, background }: PreparedRecord): number {
  const known = background.reduce((sum, rate) => sum + rate * live, 0);
  return known === 0 ? time.length : Math.max(time.length - known, Math.sqrt(time.length));
}

/** Refuses what the method has no word for: fewer seconds than a wave of the time code, photons that hide others. */
function checkExtent(
  action: string,
  { record, index, config }: { record: PhotonRecord; index: number; config: PpadConfig },
  { photons, lengthSec, liveSec }: { photons: number; lengthSec: number; liveSec: number },
): void {
  const shortest = config.timeScale === "observation" ? 0 : config.timeScale * 2 ** (2 - config.frequencies);
  if (!(lengthSec > shortest)) {
    fail(
      action,
      record,
      index,
      `a length above ${shortest} s${shortest > 0 ? ", the shortest period of the decoder's time code" : ""}`,
      `length is ${lengthSec} s`,
    );
  }
  const perFrame = (photons / liveSec) * (record.frameTimeSec ?? 0);
  if (perFrame <= PER_FRAME) return;
  fail(
    action,
    record,
    index,
    `at most ${PER_FRAME} photon per frame of ${record.frameTimeSec} s, above which four in ten or more are piled up (where they spread over many pixels, leave out frameTimeSec)`,
    `number is ${perFrame.toPrecision(3)}`,
  );
}

/**
 * Checks one record and cuts it to the configuration's bands and good time.
 *
 * @param action What the caller is doing, for errors: "fit PPAD".
 * @throws {RangeError} Naming the source and what is wrong with it.
 */
export function prepareRecord(record: PhotonRecord, index: number, config: PpadConfig, action: string): PreparedRecord {
  checkIntervals(action, record, index);
  const { times, bands } = selectEvents(action, record, index, config.bandEdgesEv);
  if (times.length === 0) {
    const edges = config.bandEdgesEv;
    const range = `${(edges[0] as number) / 1000}–${(edges[edges.length - 1] as number) / 1000} keV`;
    fail(action, record, index, `a photon at ${range} inside its good time`, `number is 0 of ${record.timeSec.length}`);
  }
  const { startSec, stopSec } = record.gti;
  const origin = startSec[0] as number;
  const last = times[times.length - 1] as number;
  const end = config.end === "lastEvent" ? last : (stopSec[stopSec.length - 1] as number);
  const unitSec = config.timeScale === "observation" ? end - origin : config.timeScale;
  const whole = config.exposure === "span";
  const low: number[] = [];
  const high: number[] = [];
  for (let i = 0; i < (whole ? 1 : startSec.length); i++) {
    const start = startSec[i] as number;
    const stop = whole ? end : Math.min(end, stopSec[i] as number);
    if (stop <= start) continue;
    low.push((start - origin) / unitSec);
    high.push((stop - origin) / unitSec);
  }
  const time = new Float64Array(times.length);
  for (let i = 0; i < time.length; i++) time[i] = (times[i] - origin) / unitSec;
  const before = new Float64Array(time.length);
  let live = 0;
  for (let i = 0, event = 0; i < low.length; i++) {
    const upTo = i + 1 < low.length ? low[i + 1] : Infinity;
    for (; event < time.length && time[event] < upTo; event++) {
      before[event] = live + Math.max(0, Math.min(time[event], high[i]) - low[i]);
    }
    live += high[i] - low[i];
  }
  checkExtent(
    action,
    { record, index, config },
    { photons: time.length, lengthSec: end - origin, liveSec: live * unitSec },
  );
  return {
    time,
    band: bands,
    before,
    low: Float64Array.from(low),
    high: Float64Array.from(high),
    live,
    unitSec,
    background: backgroundRates(action, { record, index, config }, live),
  };
}

function shared<T>(make: new (buffer: SharedArrayBuffer) => T, bytes: number, length: number): T {
  return new make(new SharedArrayBuffer(bytes * length));
}

/** Room for so many sources, events and intervals in all, and so many bands of each source. */
export function allocatePopulation(size: number, events: number, intervals: number, bands: number): PackedPopulation {
  return {
    size,
    eventStart: shared(Int32Array, 4, size + 1),
    eventTime: shared(Float64Array, 8, events),
    eventBand: shared(Uint8Array, 1, events),
    eventLive: shared(Float64Array, 8, events),
    gtiStart: shared(Int32Array, 4, size + 1),
    gtiLow: shared(Float64Array, 8, intervals),
    gtiHigh: shared(Float64Array, 8, intervals),
    live: shared(Float64Array, 8, size),
    unitSec: shared(Float64Array, 8, size),
    logScale: shared(Float32Array, 4, size),
    background: shared(Float32Array, 4, size * bands),
  };
}

/**
 * Writes a record as source `s` of a population, behind source s − 1.
 *
 * @param options.rateScale Counts per unit and band where brightness is "latent".
 */
export function packInto(
  packed: PackedPopulation,
  s: number,
  options: { record: PreparedRecord; config: PpadConfig; rateScale: number },
): void {
  const { record, config, rateScale } = options;
  const bands = config.bandEdgesEv.length - 1;
  const [event, interval] = [packed.eventStart[s], packed.gtiStart[s]];
  packed.eventTime.set(record.time, event);
  packed.eventBand.set(record.band, event);
  packed.eventLive.set(record.before, event);
  packed.gtiLow.set(record.low, interval);
  packed.gtiHigh.set(record.high, interval);
  packed.live[s] = record.live;
  packed.unitSec[s] = record.unitSec;
  packed.eventStart[s + 1] = event + record.time.length;
  packed.gtiStart[s + 1] = interval + record.low.length;
  packed.logScale[s] = Math.log(config.brightness === "latent" ? rateScale : netCounts(record) / (record.live * bands));
  packed.background.set(record.background, s * bands);
}

/** Counts per unit of time and band that an output of 0 stands for, given a population's photons and exposure. */
export function rateScaleOf(config: PpadConfig, total: { events: number; live: number }): number {
  const bands = config.bandEdgesEv.length - 1;
  return config.rateScale === "population" ? total.events / (total.live * bands) : config.rateScale;
}

/**
 * Packs a population for training or embedding.
 *
 * @param options.config What to cut and scale by.
 * @param options.action For errors: "fit PPAD".
 * @param options.rateScale Counts per unit and band where brightness is "latent"; default: the population's mean.
 */
export function packPopulation(
  population: readonly PhotonRecord[],
  options: { config: PpadConfig; action: string; rateScale?: number },
): { packed: PackedPopulation; rateScale: number } {
  const { config, action } = options;
  if (population.length === 0) throw new RangeError(`Cannot ${action}: the population must not be empty`);
  const records = population.map((record, index) => prepareRecord(record, index, config, action));
  const total = { events: 0, intervals: 0, live: 0 };
  for (const { time, low, live } of records) {
    total.events += time.length;
    total.intervals += low.length;
    total.live += live;
  }
  const rateScale = options.rateScale ?? rateScaleOf(config, total);
  const packed = allocatePopulation(records.length, total.events, total.intervals, config.bandEdgesEv.length - 1);
  for (const [s, record] of records.entries()) packInto(packed, s, { record, config, rateScale });
  return { packed, rateScale };
}
