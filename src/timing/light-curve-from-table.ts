import type { Catalog } from "../catalog/index.ts";
import { type Gti, makeGti, unionGti } from "../gti/index.ts";
import { type BandSpec, resolveBand } from "./bands.ts";
import { LightCurve } from "./light-curve.ts";

/** What a table of a light curve does not say itself. */
export interface LightCurveTableOptions {
  /** Shown in displays. Default: the table's name. */
  readonly name?: string;
  /** Width of the bins, s (TIMEDEL). Default: a column TIMEDEL. */
  readonly binSec?: number;
  /** Where in its bin a time of TIME lies, from 0 (start) to 1 (TIMEPIXR). Default 0.5. */
  readonly timePixel?: number;
  /** Added to all times, s. Default 0. */
  readonly timeZeroSec?: number;
  /** Energies counted. Default: those of the file, which are not known. */
  readonly band?: BandSpec;
  /** Good time. Default: the bins with exposure. */
  readonly gti?: Gti;
}

/** A count may differ so much from a whole number by the rounding of rates in single precision. */
const ROUNDING = 1e-4;

/**
 * Makes a light curve of a table: TIME_START and TIME_STOP, or TIME and the width; COUNTS, or RATE from which they
 * follow. The exposure is EXPOSURE, or the width times FRACEXP where that is a column, so that rates are the table's.
 *
 * Limits are those of Poisson counts. A curve with its background subtracted or its rates corrected is none of counts,
 * and is refused.
 *
 * @throws {RangeError} If a column is missing, or the rates are not whole counts.
 */
export function lightCurveFromTable(table: Catalog, options: LightCurveTableOptions = {}): LightCurve {
  const { startSec, stopSec } = edgesOf(table, options);
  const exposureSec = exposureOf(table, startSec, stopSec);
  const counts = countsOf(table, exposureSec);
  const [width = Number.NaN] = startSec.map((start, bin) => (stopSec[bin] as number) - start);
  const isEven = startSec.every((start, bin) => Math.abs((stopSec[bin] as number) - start - width) < 1e-6 * width);
  return new LightCurve({
    name: options.name ?? table.name,
    binSec: isEven ? (options.binSec ?? width) : Number.NaN,
    startSec,
    stopSec,
    counts,
    exposureSec,
    band: options.band === undefined ? undefined : resolveBand(options.band),
    energies: options.band === undefined ? "energies as in the file" : undefined,
    gti: options.gti ?? exposedBins(startSec, stopSec, exposureSec),
    errors: "exact",
    eventsOutsideGti: 0,
  });
}

type Edges = { startSec: Float64Array; stopSec: Float64Array };

function edgesOf(table: Catalog, options: LightCurveTableOptions): Edges {
  const zero = options.timeZeroSec ?? 0;
  if (table.has("TIME_START") && table.has("TIME_STOP")) {
    const [start, stop] = [table.numbers("TIME_START"), table.numbers("TIME_STOP")];
    return { startSec: start.map((time) => time + zero), stopSec: stop.map((time) => time + zero) };
  }
  if (!table.has("TIME")) throw refused(table, "it must have a column TIME, or TIME_START and TIME_STOP");
  const times = table.numbers("TIME");
  const widths = table.has("TIMEDEL") ? table.numbers("TIMEDEL") : times.map(() => options.binSec ?? Number.NaN);
  const unknown = widths.findIndex((width) => !(width > 0));
  if (unknown >= 0)
    throw refused(table, `it must have TIMEDEL, or option binSec gives the width: row ${unknown + 1} has none`);
  const before = options.timePixel ?? 0.5;
  const startSec = times.map((time, bin) => time + zero - before * (widths[bin] as number));
  return { startSec, stopSec: startSec.map((start, bin) => start + (widths[bin] as number)) };
}

function exposureOf(table: Catalog, startSec: Float64Array, stopSec: Float64Array): Float64Array {
  if (table.has("EXPOSURE")) return table.numbers("EXPOSURE");
  const widths = startSec.map((start, bin) => (stopSec[bin] as number) - start);
  if (!table.has("FRACEXP")) return widths;
  const fraction = table.numbers("FRACEXP");
  return widths.map((width, bin) => width * (fraction[bin] as number));
}

/** COUNTS, or the whole numbers that RATE comes from; where there is no rate there were none. */
function countsOf(table: Catalog, exposureSec: Float64Array): Uint32Array {
  const direct = table.has("COUNTS");
  if (!direct && !table.has("RATE")) throw refused(table, "it must have a column COUNTS or RATE");
  const values = table.numbers(direct ? "COUNTS" : "RATE");
  return Uint32Array.from(values, (value, bin) => {
    const exposure = exposureSec[bin] as number;
    if (Number.isNaN(value) && (!direct || !(exposure > 0))) return 0;
    const count = direct ? value : value * exposure;
    const whole = Math.round(count);
    if (whole >= 0 && Math.abs(count - whole) <= ROUNDING * Math.max(1, whole)) return whole;
    throw refused(
      table,
      `${direct ? "COUNTS" : "RATE times exposure"} must be whole counts, as they are before a background is subtracted or rates are corrected: row ${bin + 1} gives ${count} (loadCatalog reads it as a table)`,
    );
  });
}

function exposedBins(startSec: Float64Array, stopSec: Float64Array, exposureSec: Float64Array): Gti {
  const exposed = Array.from(startSec.keys()).filter((bin) => (exposureSec[bin] as number) > 0);
  return unionGti(
    makeGti(
      exposed.map((bin) => startSec[bin] as number),
      exposed.map((bin) => stopSec[bin] as number),
    ),
  );
}

function refused(table: Catalog, problem: string): RangeError {
  return new RangeError(`Cannot make a light curve of table "${table.name}": ${problem}`);
}
