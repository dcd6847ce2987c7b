import { taiMinusUtc } from "./leap-seconds.ts";

/** Time scales that dates are given in. */
export type TimeScale = "utc" | "tai" | "tt" | "tdb";

/** A moment as a day of some time scale and the seconds since its midnight, which keeps nanoseconds. */
export interface DayTime {
  /** Modified Julian day, whole. */
  readonly day: number;
  /** s since the day began; up to 86,401 on a day with a leap second in UTC. */
  readonly sec: number;
}

const DAY_SEC = 86_400;
const TT_MINUS_TAI = 32.184;

/** Seconds moved into their day. */
export function normalised({ day, sec }: DayTime): DayTime {
  const days = Math.floor(sec / DAY_SEC);
  return { day: day + days, sec: sec - days * DAY_SEC };
}

/** Length of a day, s: 86,401 in UTC where it ends in a leap second. */
export function dayLengthSec(day: number, scale: TimeScale): number {
  return scale === "utc" ? DAY_SEC + taiMinusUtc(day + 1) - taiMinusUtc(day) : DAY_SEC;
}

/** A moment given in one scale, in TT. */
export function toTt({ day, sec }: DayTime, from: TimeScale): DayTime {
  switch (from) {
    case "tt":
      return normalised({ day, sec });
    case "tai":
      return normalised({ day, sec: sec + TT_MINUS_TAI });
    case "utc":
      return normalised({ day, sec: sec + taiMinusUtc(day) + TT_MINUS_TAI });
    case "tdb":
      // The difference changes by less than 1e-12 s within its own 2 ms
      return normalised({ day, sec: sec - tdbMinusTt({ day, sec }) });
  }
}

/** A moment in TT, in another scale. */
export function fromTt({ day, sec }: DayTime, to: TimeScale): DayTime {
  switch (to) {
    case "tt":
      return normalised({ day, sec });
    case "tai":
      return normalised({ day, sec: sec - TT_MINUS_TAI });
    case "utc":
      return utcFromTai(normalised({ day, sec: sec - TT_MINUS_TAI }));
    case "tdb":
      return normalised({ day, sec: sec + tdbMinusTt({ day, sec }) });
  }
}

/** UTC of a TAI moment; in a leap second the day goes on past 86,400 s. */
function utcFromTai({ day, sec }: DayTime): DayTime {
  const sameDay = sec - taiMinusUtc(day);
  if (sameDay >= 0) return { day, sec: sameDay };
  return { day: day - 1, sec: sec + DAY_SEC - taiMinusUtc(day - 1) };
}

/**
 * TDB − TT at the geocentre, s, within 10 µs from 1600 to 2200.
 *
 * @see Kaplan 2005, US Naval Observatory Circular 179, eq. 2.6
 */
function tdbMinusTt({ day, sec }: DayTime): number {
  const t = (day - 51544.5 + sec / DAY_SEC) / 36_525;
  return (
    0.001657 * Math.sin(628.3076 * t + 6.2401) +
    0.000022 * Math.sin(575.3385 * t + 4.297) +
    0.000014 * Math.sin(1256.6152 * t + 6.1969) +
    0.000005 * Math.sin(606.9777 * t + 4.0212) +
    0.000005 * Math.sin(52.9691 * t + 0.4444) +
    0.000002 * Math.sin(21.3299 * t + 5.5431) +
    0.00001 * t * Math.sin(628.3076 * t + 4.249)
  );
}
