import type { FitsFile } from "../fits/index.ts";
import { type Gti, makeGti, unionGti } from "../gti/index.ts";

/** Good times of an event file. */
export interface FileGtis {
  /** Those of tables without a CCD number, together; undefined where there are none. */
  readonly gti: Gti | undefined;
  /** Those of tables with the keyword CCD_ID, or a number in their name (XMM's STDGTI04, eROSITA's GTI1). */
  readonly byCcd: ReadonlyMap<number, Gti>;
  readonly notes: readonly string[];
}

/**
 * Reads all GTI tables (class or name GTI, columns START and STOP).
 *
 * @param timeZero Added to all times where the GTI table has no TIMEZERO of its own, s.
 */
export function readGtis(file: FitsFile, timeZero = 0): FileGtis {
  const tables = file.tables.filter(
    (table) =>
      table.has("START") &&
      table.has("STOP") &&
      (/GTI/i.test(table.name) || String(table.header.get("HDUCLAS1") ?? "").toUpperCase() === "GTI"),
  );
  const byCcd = new Map<number, Gti>();
  const others: Gti[] = [];
  let empty = 0;
  for (const table of tables) {
    const zero = table.header.number("TIMEZERO", timeZero);
    const shift = (times: Float64Array) => times.map((time) => time + zero);
    const gti = makeGti(shift(table.numbers("START")), shift(table.numbers("STOP")));
    const ccd = table.header.get("CCD_ID") ?? numberInName(table.name);
    if (gti.startSec.length === 0) empty++;
    else if (typeof ccd !== "number") others.push(gti);
    else byCcd.set(ccd, unionGti(gti, byCcd.get(ccd) ?? makeGti([], [])));
  }
  return { gti: others.length > 0 ? unionGti(...others) : undefined, byCcd, notes: noteEmpty(empty) };
}

function numberInName(name: string): number | undefined {
  const digits = /^(?:STD)?GTI(\d{1,2})$/i.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function noteEmpty(empty: number): string[] {
  return empty === 0 ? [] : [`${empty} GTI table(s) hold no good time and were left out`];
}
