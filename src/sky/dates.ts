import { MJD_REF } from "./field.ts";

/** A mission time as a FITS date, TT, to the second. */
export function missionDate(timeSec: number): string {
  const unixDays = MJD_REF - 40587 + timeSec / 86400;
  return new Date(Math.round(unixDays * 86400) * 1000).toISOString().slice(0, 19);
}

/** A mission time as a modified Julian date. */
export function missionMjd(timeSec: number): number {
  return MJD_REF + timeSec / 86400;
}
