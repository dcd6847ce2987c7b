import { countOf } from "../array/index.ts";
import { exposureSec } from "../gti/index.ts";
import { escapeMarkup } from "../plot/index.ts";
import { lightCurveSvg, makeLightCurve } from "../timing/index.ts";
import type { EventList } from "./event-list.ts";

/** Bins of the small light curve. */
const BINS = 80;

/** A table of what the list is, and its light curve. */
export function eventListHtml(list: EventList): string {
  const named: [string, string][] = list.name ? [["Name", list.name]] : [];
  const rows = [...named, ...summary(list)].map(
    ([label, value]) =>
      `<tr><th style="text-align:left;padding:1px 10px 1px 0;font-weight:600">${escapeMarkup(label)}</th><td style="text-align:left">${escapeMarkup(value)}</td></tr>`,
  );
  const span = list.tStopSec - list.tStartSec;
  const plot = list.length > 0 && span > 0 ? smallCurve(list, span / BINS) : "";
  return `<div style="color:var(--jp-ui-font-color1,inherit)"><table style="border-collapse:collapse;margin:0 0 4px">${rows.join("")}</table>${plot}</div>`;
}

/** One line. */
export function eventListText(list: EventList): string {
  return `EventList ${list.name}: ${summary(list)
    .map(([label, value]) => `${label} ${value}`)
    .join("; ")}`;
}

function smallCurve(list: EventList, binSec: number): string {
  const curve = makeLightCurve(list, { binSec, band: "all" });
  return lightCurveSvg(curve, { originSec: list.tStartSec, title: "All photons, time since start", height: 190 });
}

function summary(list: EventList): [label: string, value: string][] {
  const { meta, gti } = list;
  const energies = energyRange(list);
  const rows: [string, string | undefined][] = [
    ["Events", countOf(list.length, "photon")],
    ["Object", meta.object],
    ["Observation", [meta.telescope, meta.instrument, meta.obsId && `ObsID ${meta.obsId}`].filter(Boolean).join(" ")],
    ["Date", meta.dateObs],
    ["Energies", energies],
    ["Time", `${list.tStartSec.toFixed(3)} to ${list.tStopSec.toFixed(3)} s${mjd(meta.mjdRef, meta.timeSys)}`],
    ["Good time", `${exposureSec(gti).toFixed(1)} s in ${countOf(gti.startSec.length, "interval")}`],
    ["Exposure", `${list.exposureSec.toFixed(1)} s`],
    // Photon counters give their clock's step here, cameras the time of a frame
    [(list.frameTimeSec ?? 0) < 1e-3 ? "Time step" : "Frame time", list.frameTimeSec?.toString().concat(" s")],
    ["Notes", list.notes.join("; ")],
  ];
  return rows.filter((row): row is [string, string] => row[1] !== undefined && row[1] !== "");
}

function mjd(mjdRef: number | undefined, timeSys: string | undefined): string {
  return mjdRef === undefined ? "" : ` since MJD ${mjdRef}${timeSys ? ` (${timeSys})` : ""}`;
}

function energyRange(list: EventList): string {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const energy of list.energyKeV) {
    if (energy < low) low = energy;
    if (energy > high) high = energy;
  }
  if (list.length === 0) return "";
  return low <= high ? `${low.toPrecision(3)} to ${high.toPrecision(3)} keV` : "not known";
}
