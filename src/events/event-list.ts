import { MissionClock } from "../dates/index.ts";
import type { SkyPlane } from "../fits/index.ts";
import { clipGti, containsTimes, exposureSec, type Gti, intersectGti, makeGti, unionGti } from "../gti/index.ts";
import { DISPLAY } from "../host/index.ts";
import type { Spectrum } from "../spectra/index.ts";
import {
  type AdaptiveLightCurveOptions,
  adaptiveLightCurve,
  type BandSpec,
  type BayesianBlocks,
  type BayesianBlocksOptions,
  type BurstOptions,
  type Bursts,
  bayesianBlocks,
  defaultBand,
  type EnergyTimeMap,
  energyTimeMap,
  epochFoldingSearch,
  type FxtOptions,
  type FxtSearch,
  findBursts,
  fxtSearch,
  type GregoryLoredo,
  type GregoryLoredoOptions,
  gregoryLoredo,
  type HardnessEvolution,
  type HardnessOptions,
  type HardnessRatio,
  hardnessEvolution,
  hardnessRatio,
  hTestSearch,
  type LightCurve,
  type LightCurveOptions,
  type LombScargle,
  type LombScargleOptions,
  lombScargle,
  type MapOptions,
  makeLightCurve,
  type PeriodSearch,
  type PeriodSearchOptions,
  type PhotonChoice,
  type PulseProfile,
  type PulseProfileOptions,
  pulseProfile,
  resolveBand,
  type UniformityTests,
  uniformityTests,
  zSquaredSearch,
} from "../timing/index.ts";
import { eventListHtml, eventListText } from "./event-list-display.ts";
import { type ExtractSpectrumOptions, extractSpectrum } from "./extract-spectrum.ts";
import { insideRegionMask, type Region } from "./region.ts";

/** Typed arrays that event columns are kept in. */
export type EventColumn = Int16Array | Int32Array | Uint8Array | Float32Array | Float64Array;

/** What the header says of the observation; unknown values are absent. */
export interface EventMeta {
  readonly telescope?: string;
  readonly instrument?: string;
  readonly detector?: string;
  readonly obsId?: string;
  readonly object?: string;
  readonly dateObs?: string;
  /** Time scale, such as "TT". */
  readonly timeSys?: string;
  /** Modified Julian day of time 0. */
  readonly mjdRef?: number;
  /** The same as a whole day and the rest, which keeps nanoseconds. */
  readonly mjdRefParts?: readonly [day: number, fraction: number];
  /** Where the clock is (TIMEREF), such as "LOCAL" or "SOLARSYSTEM". */
  readonly timeRef?: string;
  readonly dataMode?: string;
}

/** What an EventList is made of; numbers in any arrays, kept in typed ones. */
export interface EventFields {
  /** Default "". */
  readonly name?: string;
  /** Arrival times, s of mission time, in any order. */
  readonly timeSec: ArrayLike<number>;
  /** Photon energies, keV; NaN where unknown. Default: all unknown. */
  readonly energyKeV?: ArrayLike<number>;
  /** Sky coordinates, pixels. */
  readonly x?: ArrayLike<number>;
  readonly y?: ArrayLike<number>;
  readonly ccdId?: ArrayLike<number>;
  /** Grade (or XMM's and eROSITA's pattern) of each event. */
  readonly grade?: ArrayLike<number>;
  /** How x and y lie on the sky. */
  readonly sky?: SkyPlane;
  /** Further columns, one value per event. */
  readonly extra?: { readonly [name: string]: EventColumn };
  /** Default: tStartSec to tStopSec. */
  readonly gti?: Gti;
  /** Good time of each CCD where they differ. */
  readonly gtiByCcd?: ReadonlyMap<number, Gti>;
  /** Default: the first good time or photon. */
  readonly tStartSec?: number;
  /** Default: the last good time or photon. */
  readonly tStopSec?: number;
  /** Live exposure, s. Default: good time times `liveFraction`. */
  readonly exposureSec?: number;
  /** Share of good time in which photons could be recorded. Default 1. */
  readonly liveFraction?: number;
  /** Time per CCD frame, s. */
  readonly frameTimeSec?: number;
  readonly meta?: EventMeta;
  /** What was assumed or mended on the way. */
  readonly notes?: readonly string[];
}

/** The same with its columns in the arrays in which they are kept. */
interface TypedFields extends EventFields {
  readonly timeSec: Float64Array;
  readonly energyKeV?: Float32Array;
  readonly x?: Float32Array;
  readonly y?: Float32Array;
  readonly ccdId?: Int16Array;
  readonly grade?: Int16Array;
}

/** Which photons stay; conditions add up. */
export interface EventFilter {
  /** A CSC band by name or letter, or [low, high] in keV (low inside, high not). */
  readonly energyKeV?: BandSpec;
  /** Mission time from (inclusive) to (inclusive), s; good time is cut to it. */
  readonly timeSec?: readonly [number, number];
  /** Good time is cut to what these have in common with it. */
  readonly gti?: Gti;
  /** Sky pixels; see `readRegion`. Good time becomes that of the CCDs whose photons remain. */
  readonly region?: Region;
  readonly ccdId?: number | readonly number[];
  /** Grades or patterns to keep, such as [0, 2, 3, 4, 6]; the list must have been read with one. */
  readonly grade?: number | readonly number[];
  /** 1 (or true) per event that stays, or a test of the event's index. */
  readonly mask?: ArrayLike<number | boolean> | ((index: number) => boolean);
}

/**
 * Photons of one observation in order of arrival, with the times at which they could arrive.
 *
 * Nothing is dropped on construction: unsorted times are sorted with their columns, photons outside the good time
 * stay in the list (light curves do not count them and say so).
 */
export class EventList {
  readonly name: string;
  readonly timeSec: Float64Array;
  readonly energyKeV: Float32Array;
  readonly x: Float32Array | undefined;
  readonly y: Float32Array | undefined;
  readonly ccdId: Int16Array | undefined;
  readonly grade: Int16Array | undefined;
  readonly sky: SkyPlane | undefined;
  readonly extra: { readonly [name: string]: EventColumn };
  readonly gti: Gti;
  readonly gtiByCcd: ReadonlyMap<number, Gti> | undefined;
  readonly tStartSec: number;
  readonly tStopSec: number;
  readonly exposureSec: number;
  readonly liveFraction: number;
  readonly frameTimeSec: number | undefined;
  readonly meta: EventMeta;
  readonly notes: readonly string[];

  constructor(given: EventFields) {
    const fields = sorted(typed(given));
    const { timeSec, notes = [] } = fields;
    this.name = fields.name ?? "";
    this.timeSec = timeSec;
    this.energyKeV = fields.energyKeV ?? new Float32Array(timeSec.length).fill(Number.NaN);
    this.x = fields.x;
    this.y = fields.y;
    this.ccdId = fields.ccdId;
    this.grade = fields.grade;
    this.sky = fields.sky;
    this.extra = fields.extra ?? {};
    checkLengths(this);
    const known = fields.gti ?? (fields.gtiByCcd ? unionGti(...fields.gtiByCcd.values()) : undefined);
    this.tStartSec = fields.tStartSec ?? known?.startSec[0] ?? timeSec[0] ?? 0;
    this.tStopSec = fields.tStopSec ?? known?.stopSec.at(-1) ?? timeSec.at(-1) ?? this.tStartSec;
    this.gti = known ?? makeGti([this.tStartSec], [this.tStopSec]);
    this.gtiByCcd = fields.gtiByCcd;
    this.liveFraction = fields.liveFraction ?? 1;
    this.exposureSec = fields.exposureSec ?? exposureSec(this.gti) * this.liveFraction;
    this.frameTimeSec = fields.frameTimeSec;
    this.meta = fields.meta ?? {};
    this.notes = known ? notes : [...notes, "no good time intervals: tStartSec to tStopSec is taken as good"];
  }

  /** Number of photons. */
  get length(): number {
    return this.timeSec.length;
  }

  /** True if the times are those at which the light passed the Solar System's barycentre (TIMEREF or TIMESYS say so). */
  get isBarycentred(): boolean {
    return /^SOLARSYSTEM$/i.test(this.meta.timeRef ?? "") || this.meta.timeSys?.toUpperCase() === "TDB";
  }

  /**
   * The mission's clock: dates of mission times and back.
   *
   * @throws {RangeError} If the file has no MJDREF or TIMESYS.
   * @example events.clock.date(events.timeSec[0])
   */
  get clock(): MissionClock {
    const { mjdRef, timeSys } = this.meta;
    const reference = referenceDay(this.meta);
    if (reference && timeSys) return new MissionClock({ mjdRef: reference, timeSys });
    throw new RangeError(
      `Cannot give dates: the event list "${this.name}" must have MJDREF and TIMESYS: current values are ${mjdRef ?? "absent"} and ${timeSys ?? "absent"}`,
    );
  }

  /**
   * Right ascension and declination of the photons, deg.
   *
   * @throws {RangeError} If the list has no positions or no plane of the sky.
   */
  positions(): { raDeg: Float64Array; decDeg: Float64Array } {
    if (this.sky && this.x && this.y) return this.sky.toSkyAll(this.x, this.y);
    throw new RangeError(
      `Cannot give positions: the event list "${this.name}" must have x, y and the plane of the sky they are on: it has ${this.x ? "no plane" : "no x and y"}`,
    );
  }

  /** Whether photon energies are known. */
  get hasEnergies(): boolean {
    return this.length === 0 || this.energyKeV.some((energy) => !Number.isNaN(energy));
  }

  /**
   * The photons that meet all conditions, as a new list.
   *
   * @throws {RangeError} If a condition needs energies, positions or CCD numbers that the list lacks, or the times are
   *   not ascending or not of the observation.
   */
  filter(conditions: EventFilter): EventList {
    this.#checkTimes(conditions.timeSec);
    const keep = this.#keep(conditions);
    const index = indicesOf(keep);
    const ccdId = this.ccdId && (take(this.ccdId, index) as Int16Array);
    const gti = this.#gtiAfter(conditions, ccdId);
    const timesChanged = !sameGti(gti, this.gti);
    return new EventList({
      ...this.#fields(),
      timeSec: take(this.timeSec, index) as Float64Array,
      energyKeV: take(this.energyKeV, index) as Float32Array,
      ...(this.x ? { x: take(this.x, index) as Float32Array } : {}),
      ...(this.y ? { y: take(this.y, index) as Float32Array } : {}),
      ...(ccdId ? { ccdId } : {}),
      ...(this.grade ? { grade: take(this.grade, index) as Int16Array } : {}),
      extra: Object.fromEntries(Object.entries(this.extra).map(([name, column]) => [name, take(column, index)])),
      gti,
      ...(this.gtiByCcd ? { gtiByCcd: mapGti(this.gtiByCcd, (each) => cut(each, conditions)) } : {}),
      ...(timesChanged ? {} : { exposureSec: this.exposureSec }),
      ...(conditions.timeSec
        ? {
            tStartSec: Math.max(this.tStartSec, conditions.timeSec[0]),
            tStopSec: Math.min(this.tStopSec, conditions.timeSec[1]),
          }
        : {}),
    });
  }

  /**
   * Light curve of these photons on their good time.
   *
   * @param options As `makeLightCurve`; the default band is "broad" (or the telescope's own), or "all" where no energies are known.
   */
  lightCurve(options: LightCurveOptions): LightCurve {
    const band = options.band ?? (this.hasEnergies ? defaultBand(this) : "all");
    if (band !== "all") this.#needEnergies("make a light curve of a band");
    return makeLightCurve(this, { ...options, band });
  }

  /** Light curve with equally many counts per bin; see `adaptiveLightCurve`. */
  adaptiveLightCurve(options: AdaptiveLightCurveOptions = {}): LightCurve {
    return adaptiveLightCurve(this, options);
  }

  /** When the rate changed; see `bayesianBlocks`. */
  bayesianBlocks(options: BayesianBlocksOptions = {}): BayesianBlocks {
    return bayesianBlocks(this, options);
  }

  /** Bursts, such as quasi-periodic eruptions, and how regularly they come; see `findBursts`. */
  bursts(options: BurstOptions = {}): Bursts {
    return findBursts(this, options);
  }

  /** Whether a fast transient lit up or went out; see `fxtSearch`. */
  fxtSearch(options: FxtOptions = {}): FxtSearch {
    return fxtSearch(this, options);
  }

  /** Whether the source varies, with the CSC's probability and index; see `gregoryLoredo`. */
  gregoryLoredo(options: GregoryLoredoOptions = {}): GregoryLoredo {
    return gregoryLoredo(this, options);
  }

  /** Kolmogorov–Smirnov and Kuiper tests of constancy. */
  uniformityTests(options: PhotonChoice = {}): UniformityTests {
    return uniformityTests(this, options);
  }

  /** Lomb–Scargle periodogram of the light curve with bins of `binSec`; see `lombScargle`. */
  lombScargle(options: LombScargleOptions & LightCurveOptions): LombScargle {
    return lombScargle(this.lightCurve(options), options);
  }

  /** Z²ₙ at trial frequencies; see `zSquaredSearch`. */
  zSquaredSearch(options: PeriodSearchOptions & { readonly harmonics?: number } = {}): PeriodSearch {
    return zSquaredSearch(this, options);
  }

  /** H test at trial frequencies; see `hTestSearch`. */
  hTestSearch(options: PeriodSearchOptions & { readonly maxHarmonics?: number } = {}): PeriodSearch {
    return hTestSearch(this, options);
  }

  /** Exposure-corrected epoch folding at trial frequencies; see `epochFoldingSearch`. */
  epochFoldingSearch(options: PeriodSearchOptions & { readonly bins?: number } = {}): PeriodSearch {
    return epochFoldingSearch(this, options);
  }

  /** Photons and good time folded at a period; see `pulseProfile`. */
  pulseProfile(options: PulseProfileOptions): PulseProfile {
    return pulseProfile(this, options);
  }

  /** Hardness ratio (hard − soft)/(hard + soft) of counts, by default 2–7 against 0.5–2 keV. */
  hardnessRatio(options: HardnessOptions = {}): HardnessRatio {
    this.#needEnergies("find a hardness ratio");
    return hardnessRatio(this, options);
  }

  /** Hardness ratios in time ranges given by their edges, s of mission time. */
  hardnessEvolution(edgesSec: ArrayLike<number>, options: HardnessOptions = {}): HardnessEvolution {
    this.#needEnergies("find hardness ratios");
    return hardnessEvolution(this, edgesSec, options);
  }

  /** Counts by detector channel, with the background of a region; see `extractSpectrum`. */
  spectrum(options: ExtractSpectrumOptions): Spectrum {
    return extractSpectrum(this, options);
  }

  /** Counts over normalised time and log energy, 24 × 16. */
  energyTimeMap(options: MapOptions = {}): EnergyTimeMap {
    this.#needEnergies("make an energy–time map");
    return energyTimeMap(this, options);
  }

  /** Summary and a small light curve for a notebook. */
  [DISPLAY](): Record<string, string> {
    return { "text/html": eventListHtml(this), "text/plain": eventListText(this) };
  }

  #checkTimes(range: readonly [number, number] | undefined): void {
    if (!range) return;
    const [from, to] = range;
    const { tStartSec, tStopSec } = this;
    if (from <= to && from <= tStopSec && to >= tStartSec) return;
    throw new RangeError(
      `Cannot filter "${this.name}": timeSec must be ascending mission times that meet the observation's, [${tStartSec}, ${tStopSec}]: current value is [${from}, ${to}]`,
    );
  }

  #needEnergies(purpose: string): void {
    if (this.hasEnergies) return;
    throw new RangeError(
      `Cannot ${purpose}: the event list "${this.name}" must have photon energies: it has ${this.length} events and no energy column (give readEvents an energy conversion)`,
    );
  }

  #keep(conditions: EventFilter): Uint8Array {
    const keep = new Uint8Array(this.length).fill(1);
    const and = (mask: ArrayLike<number | boolean>) => {
      if (mask.length !== keep.length) {
        throw new RangeError(
          `Cannot filter events: mask must have ${keep.length} elements: current length is ${mask.length}`,
        );
      }
      for (let i = 0; i < keep.length; i++) if (!mask[i]) keep[i] = 0;
    };
    const { energyKeV, timeSec, gti, region, ccdId, grade, mask } = conditions;
    if (energyKeV) and(this.#inBand(energyKeV));
    if (timeSec) and(containsTimes(makeGti([timeSec[0]], [timeSec[1]]), this.timeSec));
    if (gti) and(containsTimes(gti, this.timeSec));
    if (region) and(this.#inRegion(region));
    if (ccdId !== undefined) and(isOneOf(ccdId, this.#need(this.ccdId, "CCD", "CCD numbers")));
    if (grade !== undefined) and(isOneOf(grade, this.#need(this.grade, "grade", "a column GRADE or PATTERN")));
    if (typeof mask === "function") and(Uint8Array.from(keep, (_, i) => (mask(i) ? 1 : 0)));
    else if (mask) and(mask);
    return keep;
  }

  #inBand(spec: BandSpec): Uint8Array {
    this.#needEnergies("filter by energy");
    const { lowKeV, highKeV } = resolveBand(spec);
    return Uint8Array.from(this.energyKeV, (energy) => (energy >= lowKeV && energy < highKeV ? 1 : 0));
  }

  #inRegion(region: Region): Uint8Array {
    if (this.x && this.y) return insideRegionMask(region, this.x, this.y);
    throw new RangeError(`Cannot filter by region: the event list "${this.name}" must have x and y: it has none`);
  }

  #need(column: Int16Array | undefined, by: string, what: string): Int16Array {
    if (column) return column;
    throw new RangeError(`Cannot filter by ${by}: the event list "${this.name}" must have ${what}: it has none`);
  }

  /** Good time after a filter; the same object where nothing changed. */
  #gtiAfter(conditions: EventFilter, ccdId: Int16Array | undefined): Gti {
    const chosen = conditions.ccdId !== undefined || conditions.region !== undefined;
    const own = chosen && this.gtiByCcd && ccdId?.length ? gtiOfCcds(this.gtiByCcd, ccdId, this.gti) : this.gti;
    return cut(own, conditions);
  }

  #fields(): EventFields {
    const { name, timeSec, gti, tStartSec, tStopSec, liveFraction, frameTimeSec, meta, notes } = this;
    const fields = { name, timeSec, gti, tStartSec, tStopSec, liveFraction, meta, notes };
    return {
      ...fields,
      ...(this.sky ? { sky: this.sky } : {}),
      ...(frameTimeSec === undefined ? {} : { frameTimeSec }),
    };
  }
}

/** Good time of the CCDs that occur among photons. */
export function gtiOfCcds(byCcd: ReadonlyMap<number, Gti>, ccdId: Int16Array, fallback: Gti): Gti {
  const used = [...new Set(ccdId)].map((ccd) => byCcd.get(ccd)).filter((gti) => gti !== undefined);
  return used.length > 0 ? unionGti(...used) : fallback;
}

function sameGti(a: Gti, b: Gti): boolean {
  return (
    a.startSec.length === b.startSec.length &&
    a.startSec.every((start, i) => start === b.startSec[i] && a.stopSec[i] === b.stopSec[i])
  );
}

function cut(gti: Gti, { gti: other, timeSec }: EventFilter): Gti {
  const shared = other ? intersectGti(gti, other) : gti;
  return timeSec ? clipGti(shared, timeSec[0], timeSec[1]) : shared;
}

function mapGti(byCcd: ReadonlyMap<number, Gti>, change: (gti: Gti) => Gti): Map<number, Gti> {
  return new Map(Array.from(byCcd, ([ccd, gti]) => [ccd, change(gti)]));
}

/** The day of time 0 as a whole day and the rest; undefined where the file gives none. */
export function referenceDay({ mjdRef, mjdRefParts }: EventMeta): readonly [day: number, fraction: number] | undefined {
  return mjdRefParts ?? (mjdRef === undefined ? undefined : [mjdRef, 0]);
}

/** 1 where a value is the one wanted, or one of them. */
function isOneOf(wanted: number | readonly number[], column: Int16Array): Uint8Array {
  const allowed = new Set(typeof wanted === "number" ? [wanted] : wanted);
  return Uint8Array.from(column, (value) => (allowed.has(value) ? 1 : 0));
}

function indicesOf(keep: Uint8Array): Int32Array {
  const out = new Int32Array(keep.reduce((sum, kept) => sum + kept, 0));
  for (let i = 0, n = 0; i < keep.length; i++) if (keep[i]) out[n++] = i;
  return out;
}

/** The elements at some indices, in an array of the same type. */
export function take<Column extends EventColumn>(column: Column, index: Int32Array): Column {
  const out = column.slice(0, index.length) as Column;
  for (let i = 0; i < index.length; i++) out[i] = column[index[i] as number] as number;
  return out;
}

/** The fields in typed arrays, which are the caller's where they are of the right type. */
function typed(fields: EventFields): TypedFields {
  const floats = (values: ArrayLike<number>) => (values instanceof Float32Array ? values : Float32Array.from(values));
  const integers = (values: ArrayLike<number>) => (values instanceof Int16Array ? values : Int16Array.from(values));
  const { timeSec, energyKeV, x, y, ccdId, grade } = fields;
  return {
    ...fields,
    timeSec: timeSec instanceof Float64Array ? timeSec : Float64Array.from(timeSec),
    ...(energyKeV ? { energyKeV: floats(energyKeV) } : {}),
    ...(x ? { x: floats(x) } : {}),
    ...(y ? { y: floats(y) } : {}),
    ...(ccdId ? { ccdId: integers(ccdId) } : {}),
    ...(grade ? { grade: integers(grade) } : {}),
  } as TypedFields;
}

/** The fields in order of time; equal times keep their order. */
function sorted(fields: TypedFields): TypedFields {
  const { timeSec } = fields;
  if (timeSec.every((time, i) => i === 0 || time >= (timeSec[i - 1] as number))) return fields;
  const order = Int32Array.from(timeSec, (_, i) => i).sort((a, b) => {
    const difference = (timeSec[a] as number) - (timeSec[b] as number);
    return difference !== 0 ? difference : a - b;
  });
  const { energyKeV, x, y, ccdId, grade, extra = {}, notes = [] } = fields;
  return {
    ...fields,
    timeSec: take(timeSec, order) as Float64Array,
    ...(energyKeV ? { energyKeV: take(energyKeV, order) as Float32Array } : {}),
    ...(x ? { x: take(x, order) as Float32Array } : {}),
    ...(y ? { y: take(y, order) as Float32Array } : {}),
    ...(ccdId ? { ccdId: take(ccdId, order) as Int16Array } : {}),
    ...(grade ? { grade: take(grade, order) as Int16Array } : {}),
    extra: Object.fromEntries(Object.entries(extra).map(([name, column]) => [name, take(column, order)])),
    notes: [...notes, "the photons were not in order of time and have been sorted"],
  };
}

function checkLengths(list: EventList): void {
  const { energyKeV, x, y, ccdId, grade, extra } = list;
  for (const [name, column] of Object.entries({ energyKeV, x, y, ccdId, grade, ...extra })) {
    if (column === undefined || column.length === list.length) continue;
    throw new TypeError(
      `Cannot make event list: "${name}" must have one value per photon (${list.length}): current length is ${column.length}`,
    );
  }
}
