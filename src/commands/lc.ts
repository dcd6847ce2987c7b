import { existsSync } from "node:fs";
import { extname } from "node:path";
import { countOf } from "../array/index.ts";
import { type EventList, parseRegion } from "../events/index.ts";
import { figure, lightCurvePlot } from "../figures/index.ts";
import { loadEvents, loadRegion } from "../io/index.ts";
import { type BandSpec, defaultBand, type LightCurve } from "../timing/index.ts";
import { type CommandArguments, onlyFile } from "./command.ts";
import { lossOf, tableWriter } from "./table-file.ts";
import { textTable } from "./text-table.ts";

const FIGURES = [".pdf", ".svg", ".png"];

interface LcOptions {
  readonly bin?: string;
  readonly counts?: string;
  readonly blocks?: boolean;
  readonly band?: string;
  readonly region?: string;
  readonly out?: string;
  readonly json?: boolean;
}

/** `photonbook lc EVENTS`: a light curve as text, JSON, a table or a figure, and whether the source varies. */
export async function runLc(given: CommandArguments): Promise<void> {
  const values = given.values as LcOptions;
  const file = onlyFile("lc", given, "event file");
  const save = values.out === undefined ? undefined : outWriter(values.out);
  const { events, inside } = await chosenEvents(file, values.region);
  const band = bandOf(values.band, events);
  const curve = lightCurveOf(events, values, band);
  const { probability, index } = events.gregoryLoredo({ band });
  const variability = { probability, index };
  if (save) {
    await save(curve);
    process.stdout.write(`${values.out}: ${countOf(curve.length, "bin")}, ${countOf(curve.totalCounts, "count")}\n`);
  } else if (values.json) {
    process.stdout.write(`${JSON.stringify({ file, ...report(curve), variability }, undefined, 1)}\n`);
  } else {
    process.stdout.write(text(curve, `${inside}Gregory–Loredo ${probability.toFixed(3)}, variability index ${index}`));
  }
}

async function chosenEvents(file: string, region: string | undefined): Promise<{ events: EventList; inside: string }> {
  const events = await loadEvents(file);
  if (region === undefined) return { events, inside: "" };
  const shape = existsSync(region) ? await loadRegion(region) : parseRegion(region, { sky: events.sky });
  const chosen = events.filter({ region: shape });
  return { events: chosen, inside: `${chosen.length} of ${events.length} events in the region; ` };
}

/** A band's name, or "LOW-HIGH" in keV. */
function bandOf(text: string | undefined, events: EventList): BandSpec | "all" {
  if (text === undefined) return events.hasEnergies ? defaultBand(events) : "all";
  const limits = /^([\d.]+)[-–]([\d.]+)$/.exec(text);
  return limits ? [Number(limits[1]), Number(limits[2])] : (text as BandSpec | "all");
}

function lightCurveOf(events: EventList, options: LcOptions, band: BandSpec | "all"): LightCurve {
  const given = (["bin", "counts", "blocks"] as const).filter((name) => options[name] !== undefined);
  if (given.length > 1) {
    throw new RangeError(
      `Cannot make a light curve: one of --bin, --counts and --blocks may be given: current options are --${given.join(" and --")}`,
    );
  }
  if (options.blocks) return events.bayesianBlocks({ band }).lightCurve;
  if (options.bin !== undefined) return events.lightCurve({ binSec: numberOf("bin", options.bin), band });
  return events.adaptiveLightCurve({ minCounts: numberOf("counts", options.counts ?? "25"), band });
}

function numberOf(option: string, text: string): number {
  const value = Number(text);
  if (value > 0) return value;
  throw new RangeError(`Cannot make a light curve: --${option} must be a number above 0: current value is "${text}"`);
}

/** Writes to a file by the ending of its name, which is checked at once. */
function outWriter(path: string): (curve: LightCurve) => Promise<unknown> {
  if (FIGURES.includes(extname(path).toLowerCase())) {
    return (curve) => figure(lightCurvePlot(curve)).save(path);
  }
  const write = tableWriter(path, FIGURES);
  return (curve) => {
    const catalog = curve.table();
    for (const loss of lossOf(catalog, path)) process.stderr.write(`${loss}\n`);
    return write(catalog);
  };
}

/** Plain numbers; a rate without exposure is null. */
function report(curve: LightCurve) {
  const finite = (values: Float64Array) => Array.from(values, (value) => (Number.isFinite(value) ? value : null));
  return {
    name: curve.name,
    bandKeV: curve.band ? [curve.band.lowKeV, curve.band.highKeV] : null,
    eventsOutsideGti: curve.eventsOutsideGti,
    startSec: [...curve.startSec],
    stopSec: [...curve.stopSec],
    counts: [...curve.counts],
    exposureSec: [...curve.exposureSec],
    rate: finite(curve.rate),
    rateErrLow: finite(curve.rateErrLow),
    rateErrHigh: finite(curve.rateErrHigh),
  };
}

function text(curve: LightCurve, note: string): string {
  const { startSec, stopSec, counts, exposureSec, rate, rateErrLow, rateErrHigh } = curve;
  const origin = startSec[0] ?? 0;
  const since = (time: number) => (time - origin).toFixed(1);
  const shown = (value: number) => (Number.isFinite(value) ? value.toPrecision(4) : "");
  const rows = Array.from(counts, (n, bin) => [
    since(startSec[bin] as number),
    since(stopSec[bin] as number),
    String(n),
    (exposureSec[bin] as number).toFixed(1),
    shown(rate[bin] as number),
    shown(rateErrLow[bin] as number),
    shown(rateErrHigh[bin] as number),
  ]);
  const outside = curve.eventsOutsideGti > 0 ? `; ${curve.eventsOutsideGti} outside the good time left out` : "";
  const other = curve.otherEnergies > 0 ? `; ${curve.otherEnergies} of other energies left out` : "";
  return [
    `${curve.name}, ${curve.energies}: ${countOf(curve.totalCounts, "count")}, mean ${curve.meanRate.toPrecision(4)} counts/s${outside}${other}\n`,
    `${note}\n`,
    `time since ${origin.toFixed(3)} s\n`,
    textTable([["from (s)", "to (s)", "counts", "exposure (s)", "counts/s", "−", "+"], ...rows]),
  ].join("");
}
