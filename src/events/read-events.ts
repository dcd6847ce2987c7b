import { columnPlane, FitsError, type FitsFile, type Hdu, type Header, type SkyPlane } from "../fits/index.ts";
import { type Gti, unionGti } from "../gti/index.ts";
import { type EnergyConversion, type EnergyTable, readEnergies } from "./energies.ts";
import { type EventColumn, EventList, type EventMeta, gtiOfCcds, take } from "./event-list.ts";
import { photonRows } from "./photon-rows.ts";
import { readGtis } from "./read-gti.ts";

/** How an event file is read. */
export interface ReadEventsOptions {
  /** Name of the list. Default: the file's, without folder and FITS endings. */
  readonly name?: string;
  /** EXTNAME or index of the event table. Default: the one of class EVENTS, named EVENTS, or the first with times. */
  readonly hdu?: string | number;
  /** Energy column and conversion. Default: found by name and unit, else PI by the mission's nominal channels. */
  readonly energy?: EnergyConversion;
  /** Further columns to keep in `extra`, where PI is in any case. Default none. */
  readonly columns?: readonly string[];
  /**
   * "ccd": the good time of those CCDs that recorded photons; "all": of any CCD. Default "ccd". Only files with good
   * times per CCD (keyword CCD_ID) are affected.
   */
  readonly gtiOf?: "ccd" | "all";
}

type Table = Extract<Hdu, { numRows: number }>;

/**
 * Makes an EventList from a FITS event file.
 *
 * Times are TIME + TIMEZERO in seconds of mission time, also those of GTIs, TSTART and TSTOP. The live fraction is
 * DTCOR, or LIVETIME/ONTIME, or 1. Whatever is assumed is said in the list's `notes`.
 *
 * @throws {FitsError} If there is no event table, or a keyword is not what it must be.
 */
export function readEvents(file: FitsFile, options: ReadEventsOptions = {}): EventList {
  const table = findEventTable(file, options.hdu);
  const { header } = table;
  const primary = (file.hdus[0] as Hdu).header;
  const timeZero = header.number("TIMEZERO", 0);
  const photons = photonRows(table);
  const pick = <Column extends EventColumn>(column: Column) => (photons ? take(column, photons) : column);
  const raw = pick(seconds(header, table.numbers("TIME")));
  checkTimes(table, raw);
  const timeSec = timeZero === 0 ? raw : raw.map((time) => time + timeZero);
  const meta = readMeta(header, primary);
  const energies = readEnergies(energyTable(table), `${meta.telescope ?? ""} ${meta.instrument ?? ""}`, options.energy);
  const ccdId = wholeColumn(table, DETECTOR_COLUMNS, pick);
  const grade = wholeColumn(table, GRADE_COLUMNS, pick);
  const { byCcd, gti: anyGti, notes: gtiNotes } = readGtis(file, timeZero);
  const gti = chooseGti(anyGti, byCcd, ccdId, options.gtiOf ?? "ccd");
  const liveFraction = readLiveFraction(header);
  const notes = [...file.notes, ...(energies.note ? [energies.note] : []), ...gtiNotes];
  if (photons) {
    const marks = table.numRows - photons.length;
    notes.push(`${marks} of ${table.numRows} rows are no photons by the first bit of Event: left out`);
  }
  if (timeZero !== 0) notes.push(`TIMEZERO ${timeZero} s was added to all times`);
  const bounds = readBounds(header, primary, timeZero);
  const frame = frameTimeSec(header);
  const exposure = headerExposure(header);
  return new EventList({
    name: options.name ?? baseName(file.name),
    timeSec: timeSec === raw ? raw.slice() : timeSec,
    ...(energies.energyKeV ? { energyKeV: pick(energies.energyKeV) } : {}),
    ...readSky(table, pick),
    ...(ccdId ? { ccdId } : {}),
    ...(grade ? { grade } : {}),
    extra: Object.fromEntries(
      keptColumns(table, options.columns).map((name) => [name, pick(extraColumn(table, name))]),
    ),
    ...(gti ? { gti } : {}),
    ...(byCcd.size > 0 ? { gtiByCcd: byCcd } : {}),
    ...bounds,
    ...(exposure === undefined ? {} : { exposureSec: exposure }),
    liveFraction,
    ...(frame === undefined ? {} : { frameTimeSec: frame }),
    meta,
    notes,
  });
}

/** The columns asked for, and PI, by which spectra are extracted. */
function keptColumns(table: Table, asked: readonly string[] = []): readonly string[] {
  const hasPi = table.has("PI") && table.column("PI").shape.length === 0;
  return hasPi && !asked.some((name) => name.toUpperCase() === "PI") ? [...asked, "PI"] : asked;
}

function energyTable(table: Table): EnergyTable {
  return {
    has: (name) => table.has(name),
    numbers: (name) => table.numbers(name),
    unit: (name) => table.column(name).unit,
  };
}

/** Which CCD or camera recorded a photon: Chandra, XMM, eROSITA (telescope module). */
const DETECTOR_COLUMNS = ["CCD_ID", "CCDNR", "TM_NR"];
/** How a photon's charge lies over pixels: Chandra, NuSTAR and Swift, XMM, eROSITA. */
const GRADE_COLUMNS = ["GRADE", "PATTERN", "PAT_TYP"];

/** Keeps the rows that are photons. */
type KeepPhotons = <Column extends EventColumn>(column: Column) => Column;

function wholeColumn(table: Table, names: readonly string[], pick: KeepPhotons): Int16Array | undefined {
  const name = names.find((candidate) => table.has(candidate) && table.column(candidate).shape.length === 0);
  return name === undefined ? undefined : Int16Array.from(pick(table.numbers(name)));
}

/** TIMEDEL, s, or XMM's FRMTIME, ms. */
function frameTimeSec(header: Header): number | undefined {
  const [step, frame] = [header.get("TIMEDEL"), header.get("FRMTIME")];
  if (typeof step === "number" && step > 0) return step;
  return typeof frame === "number" && frame > 0 ? frame / 1000 : undefined;
}

function findEventTable(file: FitsFile, wanted: string | number | undefined): Table {
  const tables = file.tables;
  const found =
    wanted !== undefined
      ? file.table(wanted)
      : (tables.find((table) => table.header.get("HDUCLAS1") === "EVENTS" && table.has("TIME")) ??
        tables.find((table) => table.name.toUpperCase() === "EVENTS" && table.has("TIME")) ??
        tables.find((table) => table.has("TIME") && !/GTI|RATE/i.test(table.name) && !isLightCurve(table)));
  if (found && !isLightCurve(found)) return found;
  const hdus = file.hdus.map((hdu) => `${hdu.index} "${hdu.name}"`).join(", ");
  const curve = found ?? tables.find(isLightCurve);
  const hint = curve ? ` ("${curve.name}" is a light curve, which loadLightCurve reads)` : "";
  throw new FitsError(
    { file: file.name },
    `there must be an event table with a TIME column: the HDUs are ${hdus}${hint}`,
  );
}

/** Columns that bins have and photons have not. */
const RATE_COLUMNS = ["RATE", "COUNT_RATE", "NET_RATE", "COUNTS"];

/** Whether the rows of a table are bins of time: their times taken for those of photons would be a false event list. */
function isLightCurve(table: Table): boolean {
  return table.header.get("HDUCLAS1") === "LIGHTCURVE" || RATE_COLUMNS.some((name) => table.has(name));
}

/** A photon without a time could be put nowhere. */
function checkTimes(table: Table, times: Float64Array): void {
  const row = times.findIndex((time) => !Number.isFinite(time));
  if (row < 0) return;
  throw table.header.error("TIME", `must be finite in every row: the value in row ${row + 1} is ${times[row]}`);
}

/** Times in seconds, by TIMEUNIT. */
function seconds(header: Header, times: Float64Array): Float64Array {
  const unit = header.string("TIMEUNIT", "s").trim().toLowerCase();
  const factor = unit === "" || unit === "s" || unit.startsWith("sec") ? 1 : unit === "d" ? 86_400 : undefined;
  if (factor === undefined) throw header.error("TIMEUNIT", `must be "s" or "d": current value is "${unit}"`);
  return factor === 1 ? times : times.map((time) => time * factor);
}

function chooseGti(
  any: Gti | undefined,
  byCcd: ReadonlyMap<number, Gti>,
  ccdId: Int16Array | undefined,
  of: "ccd" | "all",
): Gti | undefined {
  if (byCcd.size === 0) return any;
  const all = unionGti(...byCcd.values(), ...(any ? [any] : []));
  return of === "ccd" && ccdId?.length ? gtiOfCcds(byCcd, ccdId, all) : all;
}

function readBounds(header: Header, primary: Header, timeZero: number): { tStartSec?: number; tStopSec?: number } {
  const read = (key: string) => {
    const value = header.get(key) ?? primary.get(key);
    return typeof value === "number" ? value + timeZero : undefined;
  };
  const tStartSec = read("TSTART");
  const tStopSec = read("TSTOP");
  return { ...(tStartSec === undefined ? {} : { tStartSec }), ...(tStopSec === undefined ? {} : { tStopSec }) };
}

function readLiveFraction(header: Header): number {
  const correction = header.get("DTCOR");
  if (typeof correction === "number" && correction > 0 && correction <= 1) return correction;
  const live = header.get("LIVETIME");
  const on = header.get("ONTIME");
  return typeof live === "number" && typeof on === "number" && live > 0 && on >= live ? live / on : 1;
}

function headerExposure(header: Header): number | undefined {
  const values = [header.get("EXPOSURE"), header.get("LIVETIME")];
  return values.find((value): value is number => typeof value === "number" && value > 0);
}

function readMeta(header: Header, primary: Header): EventMeta {
  const text = (key: string) => {
    const value = header.get(key) ?? primary.get(key);
    return value === undefined || value === "" ? undefined : String(value);
  };
  const number = (key: string) => {
    const value = header.get(key) ?? primary.get(key);
    return typeof value === "number" ? value : undefined;
  };
  const whole = number("MJDREFI");
  const mjdRef = whole === undefined ? number("MJDREF") : whole + (number("MJDREFF") ?? 0);
  const mjdRefParts = whole === undefined ? undefined : ([whole, number("MJDREFF") ?? 0] as const);
  const meta = {
    telescope: text("TELESCOP"),
    instrument: text("INSTRUME"),
    detector: text("DETNAM"),
    obsId: text("OBS_ID"),
    object: text("OBJECT"),
    dateObs: text("DATE-OBS"),
    timeSys: text("TIMESYS"),
    timeRef: text("TIMEREF"),
    dataMode: text("DATAMODE"),
    mjdRef,
    mjdRefParts,
  };
  return Object.fromEntries(Object.entries(meta).filter(([, value]) => value !== undefined)) as EventMeta;
}

function readSky(table: Table, pick: KeepPhotons): { x?: Float32Array; y?: Float32Array; sky?: SkyPlane } {
  if (!table.has("X") || !table.has("Y")) return {};
  const sky = columnPlane(table);
  const [x, y] = [pick(table.numbers("X")), pick(table.numbers("Y"))];
  return { x: Float32Array.from(x), y: Float32Array.from(y), ...(sky ? { sky } : {}) };
}

function extraColumn(table: Table, name: string): EventColumn {
  const { data, nulls, shape } = table.column(name);
  if (shape.length > 0) {
    throw table.header.error(
      `TFORM${table.column(name).index + 1}`,
      `of column "${name}" must hold one value per event: its shape is (${shape.join(", ")})`,
    );
  }
  const keeps = data instanceof Int16Array || data instanceof Int32Array || data instanceof Uint8Array;
  if ((keeps && !nulls) || data instanceof Float32Array) return data.slice();
  return table.numbers(name).slice();
}

/** File name without folder and FITS endings. */
function baseName(path: string): string {
  return (path.split(/[/\\]/).at(-1) ?? path).replace(/(\.(fits?|evt|ev|gz))+$/i, "");
}
