import type { ColumnSpec } from "../fits/index.ts";
import { BAND_NAMES, type Band } from "./instrument.ts";
import type { BandMeasurement, Limits, Measurement } from "./measure.ts";

/** Builds table columns from a list of rows: each function names a column and says how a row fills it. */
export interface ColumnMaker<Row> {
  double(name: string, value: (row: Row) => number, unit?: string): ColumnSpec;
  float(name: string, value: (row: Row) => number, unit?: string): ColumnSpec;
  integer(name: string, value: (row: Row) => number, unit?: string): ColumnSpec;
  text(name: string, value: (row: Row) => string): ColumnSpec;
  flag(name: string, value: (row: Row) => boolean): ColumnSpec;
  /** A value and its limits, named as the catalogue does: x, x_lolim, x_hilim before the band's letter. */
  limits(stem: string, suffix: string, options: { value: (row: Row) => Limits; unit?: string }): ColumnSpec[];
}

const NULL_INTEGER = -2147483648;

/** Column makers for these rows. Integer columns write non-finite numbers as TNULL. */
export function columnMaker<Row>(rows: readonly Row[]): ColumnMaker<Row> {
  const withUnit = (unit: string | undefined) => (unit ? { unit } : {});
  const maker: ColumnMaker<Row> = {
    double: (name, value, unit) => ({ name, data: Float64Array.from(rows, value), ...withUnit(unit) }),
    float: (name, value, unit) => ({ name, data: Float32Array.from(rows, value), ...withUnit(unit) }),
    integer(name, value, unit) {
      const values = rows.map(value);
      const nulls = Uint8Array.from(values, (number) => (Number.isFinite(number) ? 0 : 1));
      const missing = nulls.includes(1) ? { nulls, nullValue: NULL_INTEGER } : {};
      return { name, data: Int32Array.from(values), ...missing, ...withUnit(unit) };
    },
    text: (name, value) => ({ name, data: rows.map(value) }),
    flag: (name, value) => ({ name, data: rows.map(value) }),
    limits: (stem, suffix, { value, unit }) => [
      maker.double(`${stem}${suffix}`, (row) => value(row).value, unit),
      maker.double(`${stem}_lolim${suffix}`, (row) => value(row).low, unit),
      maker.double(`${stem}_hilim${suffix}`, (row) => value(row).high, unit),
    ],
  };
  return maker;
}

/** Columns of one quantity in each band, in the order s, m, h, b. */
export function perBand(make: (band: Band) => ColumnSpec | readonly ColumnSpec[]): ColumnSpec[] {
  return BAND_NAMES.flatMap((band) => make(band));
}

/** Hardness ratios and spectral fits, which the master and the per-observation table share. */
export function spectralColumns<Row extends { readonly measured: Measurement }>(maker: ColumnMaker<Row>): ColumnSpec[] {
  const missing = { value: Number.NaN, low: Number.NaN, high: Number.NaN, nH: Number.NaN };
  const fitted = (key: "gamma" | "kT") => (row: Row) => row.measured.fits?.[key] ?? missing;
  return [
    ...(["hm", "hs", "ms"] as const).flatMap((pair) =>
      maker.limits(`hard_${pair}`, "", { value: (row) => row.measured.hardness[pair] }),
    ),
    ...maker.limits("powlaw_gamma", "", { value: fitted("gamma") }),
    maker.double("powlaw_nh", (row) => fitted("gamma")(row).nH / 1e20, "10**20 cm**(-2)"),
    ...maker.limits("bb_kt", "", { value: fitted("kT"), unit: "keV" }),
    maker.double("bb_nh", (row) => fitted("kT")(row).nH / 1e20, "10**20 cm**(-2)"),
  ];
}

/** One of a band's measurements, as a function of the row. */
export function inBandOf<Row extends { readonly measured: Measurement }, T>(
  band: Band,
  pick: (measured: BandMeasurement) => T,
): (row: Row) => T {
  return (row) => pick(row.measured.bands[band]);
}
