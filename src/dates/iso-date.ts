import type { DayTime } from "./time-scale.ts";

const UNIX_EPOCH_MJD = 40_587;
const DAY_MS = 86_400_000;

/** A day and time as "2020-05-15T18:36:55.827"; a leap second is 23:59:60. */
export function formatIso({ day, sec }: DayTime, digits: number): string {
  const ticks = 10 ** digits;
  // Truncated, not rounded, so that a date never names a second, day or year that has not begun
  const total = Math.floor(sec * ticks + 1e-4);
  const whole = Math.floor(total / ticks);
  const minute = Math.min(Math.floor(whole / 60), 1439);
  const clock = [Math.floor(minute / 60), minute % 60, whole - minute * 60].map((part) =>
    String(part).padStart(2, "0"),
  );
  const fraction = digits > 0 ? `.${String(total % ticks).padStart(digits, "0")}` : "";
  return `${isoDay(day)}T${clock.join(":")}${fraction}`;
}

function isoDay(mjd: number): string {
  return new Date((mjd - UNIX_EPOCH_MJD) * DAY_MS).toISOString().slice(0, 10);
}

/**
 * Reads a date such as "2020-05-15", "2020-05-15T18:36" or "2020-05-15T18:36:55.827" (a blank may stand for the T).
 *
 * @throws {SyntaxError} If the text is no such date, or the calendar does not have it.
 */
export function parseIso(text: string): DayTime {
  const found = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d(?:\.\d*)?))?Z?)?$/.exec(text.trim());
  const ms = Date.parse(`${found?.[1]}T00:00:00Z`);
  const [hours, minutes, seconds] = [found?.[2], found?.[3], found?.[4]].map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
  ];
  const day = ms / DAY_MS + UNIX_EPOCH_MJD;
  if (!found || Number.isNaN(ms) || isoDay(day) !== found[1] || hours > 23 || minutes > 59 || seconds >= 61) {
    throw new SyntaxError(
      `Cannot read date: it must be like "2020-05-15T18:36:55.8": current value is ${JSON.stringify(text)}`,
    );
  }
  return { day, sec: hours * 3600 + minutes * 60 + seconds };
}
