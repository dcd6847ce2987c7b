import { type CardSpec, type HduSpec, writeFits } from "../fits/index.ts";
import { missionDate, missionMjd } from "./dates.ts";
import { MJD_REF, type SkyField } from "./field.ts";
import { DEAD_TIME_CORRECTION, FILE_ENERGY_KEV, FRAME_TIME_SEC, PI_CHANNEL_EV, PIXEL_ARCSEC } from "./instrument.ts";
import type { Photons } from "./photons.ts";
import { CENTRE_PIXEL } from "./position.ts";
import type { SkySource } from "./source.ts";

/** Detector that all simulated sources fall on: the back-illuminated chip S3. */
const CCD_ID = 7;
const PHA_PER_EV = 1 / 4.6;

/** The archive's name of a source's event file: acisf<obsid>_<obi>N<version>_r<region>_regevt3.fits.gz. */
export function eventFileName(source: SkySource, field: SkyField): string {
  const pad = (value: number, digits: number) => String(value).padStart(digits, "0");
  return `acisf${pad(field.obsId, 5)}_000N001_r${pad(source.regionId, 4)}_regevt3.fits.gz`;
}

/**
 * A source's event file with the structure of the catalogue's `regevt3` product: an EVENTS table and its GTI table.
 * Column and keyword names are the archive's; OBJECT and CREATOR say that the photons are simulated.
 *
 * @returns The FITS file, not compressed.
 */
export function writeEventFile(source: SkySource, field: SkyField, photons: Photons): Uint8Array<ArrayBuffer> {
  const common = commonCards(field);
  const primary: HduSpec = { name: "", header: [["HDUNAME", "PRIMARY"], ...common] };
  const gti: HduSpec = {
    name: "GTI",
    header: [
      ["HDUNAME", `GTI${CCD_ID}`],
      ["HDUCLASS", "OGIP"],
      ["HDUCLAS1", "GTI"],
      ["HDUCLAS2", "STANDARD"],
      ...common,
    ],
    columns: [
      { name: "START", unit: "s", data: field.gti.startSec.map((time) => time + field.originSec) },
      { name: "STOP", unit: "s", data: field.gti.stopSec.map((time) => time + field.originSec) },
    ],
  };
  return writeFits([primary, eventsHdu(source, { field, photons, common }), gti], { checksum: true });
}

function eventsHdu(
  source: SkySource,
  { field, photons, common }: { field: SkyField; photons: Photons; common: readonly CardSpec[] },
): HduSpec {
  const n = photons.timeSec.length;
  const firstFrame = Math.round((field.originSec - field.tStartSec) / FRAME_TIME_SEC);
  const energyEV = photons.energyKeV.map((energy) => energy * 1000);
  return {
    name: "EVENTS",
    header: [
      ["HDUNAME", "EVENTS"],
      ["HDUCLASS", "OGIP"],
      ["HDUCLAS1", "EVENTS"],
      ["HDUCLAS2", "ACCEPTED"],
      ["CONTENT", "REGEVT3"],
      ...common,
      ...exposureCards(field),
      ...pointingCards(field),
      ...regionCards(source),
    ],
    columns: [
      { name: "time", unit: "s", data: photons.timeSec, comment: "S/C TT corresponding to mid-exposure" },
      { name: "ccd_id", data: new Int16Array(n).fill(CCD_ID), comment: "CCD reporting event" },
      {
        name: "expno",
        data: photons.frame.map((frame) => frame + firstFrame),
        comment: "exposure number of the frame",
      },
      { name: "x", unit: "pixel", data: photons.x, comment: "sky coordinates" },
      { name: "y", unit: "pixel", data: photons.y, comment: "sky coordinates" },
      {
        name: "pha",
        unit: "adu",
        data: Int32Array.from(energyEV, (energy) => Math.round(energy * PHA_PER_EV)),
        comment: "total pulse height of event",
        nullValue: 0,
      },
      { name: "energy", unit: "eV", data: energyEV, comment: "nominal energy of event" },
      { name: "pi", unit: "chan", data: photons.pi, comment: "pulse invariant energy of event", nullValue: 0 },
      { name: "grade", data: photons.grade, comment: "binned event grade" },
    ],
  };
}

/** Cards that every HDU of an observation carries. */
function commonCards(field: SkyField): CardSpec[] {
  return [
    ["ORIGIN", "photonbook"],
    ["CREATOR", "photonbook simulateSky", "simulated photons, no observation"],
    ["MISSION", "AXAF"],
    ["TELESCOP", "CHANDRA"],
    ["INSTRUME", "ACIS"],
    ["OBJECT", "SIMULATED SKY"],
    ["OBS_ID", String(field.obsId), "no real observation has this number"],
    ["OBI_NUM", 0],
    ["DATE-OBS", missionDate(field.tStartSec)],
    ["DATE-END", missionDate(field.tStopSec)],
    ["MJD-OBS", missionMjd(field.tStartSec)],
    ["TIMESYS", "TT"],
    ["MJDREF", MJD_REF, "[d] MJD zero point for times"],
    ["TIMEZERO", 0, "[s] clock correction"],
    ["TIMEUNIT", "s"],
    ["TSTART", field.tStartSec, "[s] observation start time"],
    ["TSTOP", field.tStopSec, "[s] observation end time"],
  ];
}

function exposureCards({ onTimeSec }: SkyField): CardSpec[] {
  const live = onTimeSec * DEAD_TIME_CORRECTION;
  return [
    ["DETNAM", `ACIS-${CCD_ID}`],
    ["GRATING", "NONE"],
    ["DATAMODE", "FAINT"],
    ["READMODE", "TIMED"],
    ["TIMEDEL", FRAME_TIME_SEC, "[s] time between frames"],
    ["TIMEPIXR", 0.5, "times are the middles of frames"],
    ["EXPTIME", 3.1, "[s] frame time"],
    ["ONTIME", onTimeSec, "[s] sum of GTIs"],
    ["LIVETIME", live, "[s] live time"],
    ["EXPOSURE", live, "[s] exposure time"],
    ["DTCOR", DEAD_TIME_CORRECTION, "dead time correction"],
  ];
}

/** Pointing, and the tangential projection of columns 4 and 5 (x, y). */
function pointingCards({ raNomDeg, decNomDeg, rollDeg }: SkyField): CardSpec[] {
  const scale = PIXEL_ARCSEC / 3600;
  return [
    ["RA_NOM", raNomDeg, "[deg] nominal RA"],
    ["DEC_NOM", decNomDeg, "[deg] nominal Dec"],
    ["ROLL_NOM", rollDeg, "[deg] nominal roll"],
    ["RADESYS", "ICRS"],
    ["TCTYP4", "RA---TAN"],
    ["TCRVL4", raNomDeg],
    ["TCRPX4", CENTRE_PIXEL],
    ["TCDLT4", -scale],
    ["TCUNI4", "deg"],
    ["TCTYP5", "DEC--TAN"],
    ["TCRVL5", decNomDeg],
    ["TCRPX5", CENTRE_PIXEL],
    ["TCDLT5", scale],
    ["TCUNI5", "deg"],
    ["TLMIN8", 1],
    ["TLMAX8", 1024],
    ["TLMIN7", FILE_ENERGY_KEV[0] * 1000],
    ["TLMAX7", FILE_ENERGY_KEV[1] * 1000],
    ["PI_WIDTH", PI_CHANNEL_EV, "[eV] width of a PI channel"],
  ];
}

function regionCards(source: SkySource): CardSpec[] {
  return [
    ["REGIONID", String(source.regionId).padStart(4, "0")],
    ["SRC_NAME", source.name, "catalogue designation"],
    ["SRC_RA", source.raDeg, "[deg] source position"],
    ["SRC_DEC", source.decDeg, "[deg] source position"],
    ["SRC_X", source.x, "[pixel] centre of the source region"],
    ["SRC_Y", source.y, "[pixel] centre of the source region"],
    ["SRC_R", source.radiusPx, "[pixel] radius of the source region"],
    ["THETA", source.thetaArcmin, "[arcmin] off-axis angle"],
    ["BKGRATE", source.backgroundRate, "[count/s] background here, 0.5-7 keV"],
  ];
}
