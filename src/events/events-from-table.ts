import type { Catalog } from "../catalog/index.ts";
import type { Gti } from "../gti/index.ts";
import { type EnergyConversion, readEnergies } from "./energies.ts";
import { EventList } from "./event-list.ts";

/** Which columns of a table are what; they are found by their names where nothing is said. */
export interface EventTableOptions {
  /** Shown in displays and errors. Default: the table's name. */
  readonly name?: string;
  /** Column of arrival times, s. Default: TIME, Time, time, T or t. */
  readonly time?: string;
  /** Energy column and conversion. Default: ENERGY or energy in its unit, without one by its size (eV above 100). */
  readonly energy?: EnergyConversion;
  /** Columns of sky pixels. Default: X or x, and Y or y. */
  readonly x?: string;
  readonly y?: string;
  /** Further columns to keep in `extra`. Default none. */
  readonly columns?: readonly string[];
  /** Good time. Default: from the first photon to the last, which the notes say. */
  readonly gti?: Gti;
  /** Time per CCD frame, s. Default: not known. */
  readonly frameTimeSec?: number;
}

const TIMES = ["TIME", "Time", "time", "T", "t"];

/**
 * Makes an EventList of a table of photons, such as a CSV file has.
 *
 * @throws {RangeError} If there is no column of times, or a time is missing.
 * @example eventsFromTable(await loadCatalog("photons.csv"), { time: "t", energy: { column: "energy", perUnitKeV: 1e-3 } })
 */
export function eventsFromTable(table: Catalog, options: EventTableOptions = {}): EventList {
  const { gti, frameTimeSec } = options;
  const name = options.name ?? table.name;
  const time = options.time ?? TIMES.find((known) => table.has(known));
  if (time === undefined) {
    const names = table.columns.map((column) => `"${column.name}"`).join(", ");
    throw new RangeError(
      `Cannot make event list "${name}": there must be a column ${TIMES.join(", ")}, or option time names it: the columns are ${names}`,
    );
  }
  const timeSec = table.numbers(time);
  const missing = timeSec.findIndex((value) => !Number.isFinite(value));
  if (missing >= 0) {
    throw new RangeError(
      `Cannot make event list "${name}": column "${time}" must be finite in every row: the value in row ${missing + 1} is ${timeSec[missing]}`,
    );
  }
  const energies = readEnergies(table, "", options.energy);
  const x = options.x ?? ["X", "x"].find((known) => table.has(known));
  const y = options.y ?? ["Y", "y"].find((known) => table.has(known));
  return new EventList({
    name,
    timeSec,
    ...(energies.energyKeV ? { energyKeV: energies.energyKeV } : {}),
    ...(x !== undefined && y !== undefined ? { x: table.numbers(x), y: table.numbers(y) } : {}),
    extra: Object.fromEntries((options.columns ?? []).map((column) => [column, table.numbers(column)])),
    ...(gti ? { gti } : {}),
    ...(frameTimeSec === undefined ? {} : { frameTimeSec }),
    notes: [...table.notes, ...(energies.note ? [energies.note] : [])],
  });
}
