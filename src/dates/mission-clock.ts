import { formatIso, parseIso } from "./iso-date.ts";
import { type DayTime, dayLengthSec, fromTt, normalised, type TimeScale, toTt } from "./time-scale.ts";

const DAY_SEC = 86_400;

/**
 * A mission's clock: seconds since a reference day, and the dates they stand for.
 *
 * Days and fractions are kept apart, so nanoseconds of mission time survive. Dates name moments where the clock is: at
 * the spacecraft, or at the Solar System's barycentre for barycentred times. Nothing is corrected for light travel.
 *
 * @example
 * const clock = new MissionClock({ mjdRef: [50814, 0], timeSys: "TT" });   // Chandra
 * clock.date(705_955_015.8)                                                // "2020-05-15T18:35:46.616" UTC
 */
export class MissionClock {
  /** Modified Julian day of time 0 and its fraction, in `scale`. */
  readonly mjdRef: readonly [day: number, fraction: number];
  /** Time scale that the clock counts and `mjdRef` is in. */
  readonly scale: TimeScale;
  readonly #epoch: DayTime;

  /**
   * @param options.mjdRef MJDREFI and MJDREFF (or MJDREF and 0).
   * @param options.timeSys TIMESYS: TT, TDB, UTC or TAI, or the older names TDT and ET (TT), IAT (TAI) and GMT (UTC).
   * @throws {RangeError} If the reference is not finite or the time scale is another one.
   */
  constructor(options: { mjdRef: readonly [day: number, fraction: number]; timeSys: string }) {
    this.mjdRef = options.mjdRef;
    this.scale = scaleOf(options.timeSys);
    const [days, fraction] = options.mjdRef;
    if (!Number.isFinite(days + fraction)) {
      throw new RangeError(
        `Cannot make a mission clock: mjdRef must be finite: current value is ${days} + ${fraction}`,
      );
    }
    const day = Math.floor(days);
    const epoch = normalised({ day, sec: (days - day + fraction) * DAY_SEC });
    // UTC days differ in length: such a clock counts seconds of TAI since its reference
    this.#epoch = this.scale === "utc" ? fromTt(toTt(epoch, "utc"), "tai") : epoch;
  }

  /**
   * The date of a mission time, such as "2020-05-15T18:35:46.616".
   *
   * @param options.scale Default "utc".
   * @param options.digits Digits after the second; the rest is cut off. Default 3.
   */
  date(timeSec: number, options: { scale?: TimeScale; digits?: number } = {}): string {
    return formatIso(this.#at(timeSec, options.scale ?? "utc"), options.digits ?? 3);
  }

  /**
   * The modified Julian date of a mission time.
   *
   * @param scale Default the clock's own.
   * @returns MJD as one number, which resolves about a microsecond. A UTC day with a leap second is stretched evenly.
   */
  mjd(timeSec: number, scale: TimeScale = this.scale): number {
    const { day, sec } = this.#at(timeSec, scale);
    return day + sec / dayLengthSec(day, scale);
  }

  /**
   * The mission time of a date.
   *
   * @param date "2020-05-15T18:35:46.616", or a modified Julian date.
   * @param scale Time scale of the date. Default "utc".
   */
  timeSec(date: string | number, scale: TimeScale = "utc"): number {
    const given = typeof date === "string" ? parseIso(date) : ofMjd(date, scale);
    const { day, sec } = fromTt(toTt(given, scale), this.#counted);
    return (day - this.#epoch.day) * DAY_SEC + (sec - this.#epoch.sec);
  }

  /** The scale that is counted, in which days have equal length. */
  get #counted(): TimeScale {
    return this.scale === "utc" ? "tai" : this.scale;
  }

  #at(timeSec: number, scale: TimeScale): DayTime {
    if (!Number.isFinite(timeSec)) {
      throw new RangeError(`Cannot give the date of a mission time: it must be finite: current value is ${timeSec}`);
    }
    const counted = normalised({ day: this.#epoch.day, sec: this.#epoch.sec + timeSec });
    return scale === this.#counted ? counted : fromTt(toTt(counted, this.#counted), scale);
  }
}

function ofMjd(mjd: number, scale: TimeScale): DayTime {
  const day = Math.floor(mjd);
  return { day, sec: (mjd - day) * dayLengthSec(day, scale) };
}

function scaleOf(timeSys: string): TimeScale {
  const names: Record<string, TimeScale> = {
    TT: "tt",
    TDT: "tt",
    ET: "tt",
    TDB: "tdb",
    UTC: "utc",
    GMT: "utc",
    TAI: "tai",
    IAT: "tai",
  };
  const scale = names[timeSys.trim().toUpperCase()];
  if (scale) return scale;
  throw new RangeError(
    `Cannot make a mission clock: timeSys must be one of ${Object.keys(names).join(", ")}: current value is "${timeSys}"`,
  );
}
