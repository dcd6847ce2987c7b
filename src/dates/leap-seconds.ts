/**
 * MJD (UTC) from which TAI − UTC has a value, and that value, s: all steps since 1972.
 *
 * The International Earth Rotation Service has announced none after the one of 2017-01-01 (checked against
 * astropy-iers-data 0.2026.11.2 in the tests).
 */
const STEPS: readonly (readonly [mjd: number, taiMinusUtc: number])[] = [
  [41317, 10],
  [41499, 11],
  [41683, 12],
  [42048, 13],
  [42413, 14],
  [42778, 15],
  [43144, 16],
  [43509, 17],
  [43874, 18],
  [44239, 19],
  [44786, 20],
  [45151, 21],
  [45516, 22],
  [46247, 23],
  [47161, 24],
  [47892, 25],
  [48257, 26],
  [48804, 27],
  [49169, 28],
  [49534, 29],
  [50083, 30],
  [50630, 31],
  [51179, 32],
  [53736, 33],
  [54832, 34],
  [56109, 35],
  [57204, 36],
  [57754, 37],
];

/**
 * TAI − UTC on a day, s.
 *
 * @param mjd Modified Julian day in UTC.
 * @throws {RangeError} Before 1972, when UTC had no leap seconds.
 */
export function taiMinusUtc(mjd: number): number {
  const step = STEPS.findLast(([from]) => from <= mjd);
  if (step) return step[1];
  throw new RangeError(`Cannot give a date in UTC: it must be in 1972 or later: the modified Julian day is ${mjd}`);
}
