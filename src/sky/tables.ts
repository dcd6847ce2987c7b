import { type CardSpec, type ColumnSpec, writeFits } from "../fits/index.ts";
import { missionDate, missionMjd } from "./dates.ts";
import { eventFileName } from "./event-file.ts";
import { MJD_REF, type SkyField } from "./field.ts";
import { PIXEL_ARCSEC, radius90 } from "./instrument.ts";
import type { Measurement } from "./measure.ts";
import type { SkySource } from "./source.ts";
import { columnMaker, inBandOf, perBand, spectralColumns } from "./table-columns.ts";

/** One row of the tables: a source, its observation and what was measured. */
export interface MeasuredSource {
  readonly source: SkySource;
  readonly field: SkyField;
  readonly measured: Measurement;
}

/** Likelihood from which a detection is classed TRUE; between a third of it and it, MARGINAL. */
const TRUE_LIKELIHOOD = 14;

/** The master table: one row per source, with the columns and units of CSC 2.1's `master_source`. */
export function writeMasterTable(rows: readonly MeasuredSource[]): Uint8Array<ArrayBuffer> {
  const to = columnMaker(rows);
  const noneYet = () => Number.NaN;
  const columns: ColumnSpec[] = [
    to.text("name", ({ source }) => source.name),
    to.double("ra", ({ source }) => source.raDeg, "deg"),
    to.double("dec", ({ source }) => source.decDeg, "deg"),
    to.float("err_ellipse_r0", positionError, "arcsec"),
    to.float("err_ellipse_r1", positionError, "arcsec"),
    to.float("err_ellipse_ang", () => 0, "deg"),
    to.float(
      "significance",
      inBandOf("b", (band) => band.significance),
    ),
    to.float(
      "likelihood",
      inBandOf("b", (band) => band.likelihood),
    ),
    to.text("likelihood_class", (row) => likelihoodClass(row.measured.bands.b.likelihood)),
    ...["conf_flag", "extent_flag", "pileup_flag", "sat_src_flag", "streak_src_flag"].map((name) =>
      to.flag(name, () => false),
    ),
    to.flag("var_flag", isVariable),
    to.flag("var_inter_hard_flag", () => false),
    ...perBand((band) =>
      to.limits("flux_aper", `_${band}`, { value: inBandOf(band, ({ flux }) => flux), unit: "erg/s/cm**2" }),
    ),
    ...spectralColumns(to),
    ...perBand((band) => [
      to.integer(
        `var_intra_index_${band}`,
        inBandOf(band, ({ variability }) => variability.index),
      ),
      to.double(
        `var_intra_prob_${band}`,
        inBandOf(band, ({ variability }) => variability.probability),
      ),
      // One observation per source: nothing is known between observations.
      to.integer(`var_inter_index_${band}`, noneYet),
      to.double(`var_inter_prob_${band}`, noneYet),
      to.double(`var_inter_sigma_${band}`, noneYet, "photon/s/cm**2"),
    ]),
    to.integer("acis_num", () => 1),
    to.integer("hrc_num", () => 0),
    to.double("acis_time", (row) => row.measured.liveTimeSec, "s"),
  ];
  return writeTable("MASTER_SOURCE", columns);
}

/** The per-observation table: one row per detection, in the order of the master table. */
export function writeObservationTable(rows: readonly MeasuredSource[]): Uint8Array<ArrayBuffer> {
  const to = columnMaker(rows);
  const columns: ColumnSpec[] = [
    to.text("name", ({ source }) => source.name),
    to.integer("obsid", ({ field }) => field.obsId),
    to.integer("obi", () => 0),
    to.integer("region_id", ({ source }) => source.regionId),
    to.text("instrument", () => "ACIS"),
    to.text("detector", () => "ACIS-7"),
    to.double("ra", ({ source }) => source.raDeg, "deg"),
    to.double("dec", ({ source }) => source.decDeg, "deg"),
    to.float("theta", ({ source }) => source.thetaArcmin, "arcmin"),
    to.float("phi", ({ source }) => source.phiDeg, "deg"),
    ...timeColumns(rows),
    to.double("src_area_b", regionArea, "arcsec**2"),
    ...perBand((band) => [
      to.integer(
        `cnts_aper_${band}`,
        inBandOf(band, ({ counts }) => counts),
        "count",
      ),
      to.integer(
        `cnts_aperbkg_${band}`,
        inBandOf(band, ({ backgroundCounts }) => backgroundCounts),
        "count",
      ),
      ...to.limits("src_cnts_aper", `_${band}`, { value: inBandOf(band, ({ netCounts }) => netCounts), unit: "count" }),
      ...to.limits("src_rate_aper", `_${band}`, { value: inBandOf(band, ({ rate }) => rate), unit: "count/s" }),
      ...to.limits("photflux_aper", `_${band}`, {
        value: inBandOf(band, ({ photonFlux }) => photonFlux),
        unit: "photon/s/cm**2",
      }),
      ...to.limits("flux_aper", `_${band}`, { value: inBandOf(band, ({ flux }) => flux), unit: "erg/s/cm**2" }),
      to.double(
        `flux_significance_${band}`,
        inBandOf(band, ({ significance }) => significance),
      ),
      to.double(
        `likelihood_${band}`,
        inBandOf(band, ({ likelihood }) => likelihood),
      ),
    ]),
    ...spectralColumns(to),
    ...perBand((band) => [
      to.integer(
        `var_index_${band}`,
        inBandOf(band, ({ variability }) => variability.index),
      ),
      to.double(
        `var_prob_${band}`,
        inBandOf(band, ({ variability }) => variability.probability),
      ),
      to.double(
        `ks_prob_${band}`,
        inBandOf(band, ({ ksProbability }) => ksProbability),
      ),
      to.double(
        `kp_prob_${band}`,
        inBandOf(band, ({ kuiperProbability }) => kuiperProbability),
      ),
      ...(["mean", "sigma", "min", "max"] as const).map((name) =>
        to.double(
          `var_${name}_${band}`,
          inBandOf(band, ({ variability }) => variability[name]),
          "count/s",
        ),
      ),
    ]),
    to.text("filename", ({ source, field }) => eventFileName(source, field)),
  ];
  return writeTable("OBSERVATION_SOURCE", columns);
}

function timeColumns(rows: readonly MeasuredSource[]): ColumnSpec[] {
  const to = columnMaker(rows);
  const start = ({ field }: MeasuredSource) => field.originSec;
  const stop = ({ field }: MeasuredSource) => field.originSec + field.gti.stopSec[field.gti.stopSec.length - 1]!;
  return [
    to.double("livetime", (row) => row.measured.liveTimeSec, "s"),
    to.double("gti_start", start, "s"),
    to.double("gti_stop", stop, "s"),
    to.double("gti_elapse", (row) => stop(row) - start(row), "s"),
    to.text("gti_obs", (row) => missionDate(start(row))),
    to.text("gti_end", (row) => missionDate(stop(row))),
    to.double("gti_mjd_obs", (row) => missionMjd(start(row)), "d"),
    to.double("mjd_ref", () => MJD_REF, "d"),
  ];
}

function writeTable(name: string, columns: readonly ColumnSpec[]): Uint8Array<ArrayBuffer> {
  const header: CardSpec[] = [
    ["ORIGIN", "photonbook"],
    ["CREATOR", "photonbook simulateSky", "simulated sources, no catalogue"],
    ["COMMENT", "Columns follow the Chandra Source Catalog 2.1; values are measured on simulated photons."],
  ];
  return writeFits([{ name, header, columns }], { checksum: true });
}

function isVariable({ measured }: MeasuredSource): boolean {
  return Object.values(measured.bands).some(({ variability }) => variability.index > 2);
}

function likelihoodClass(likelihood: number): string {
  return likelihood >= TRUE_LIKELIHOOD ? "TRUE" : likelihood >= TRUE_LIKELIHOOD / 3 ? "MARGINAL" : "FALSE";
}

/** 95 % position error, arcseconds: the image's width over √N, and 0.2″ of aspect. */
function positionError({ source, measured }: MeasuredSource): number {
  const sigma = radius90(source.thetaArcmin) / Math.sqrt(2 * Math.LN10);
  return 2.45 * Math.hypot(sigma / Math.sqrt(Math.max(1, measured.bands.b.counts)), 0.08);
}

function regionArea({ source }: MeasuredSource): number {
  return Math.PI * (source.radiusPx * PIXEL_ARCSEC) ** 2;
}
