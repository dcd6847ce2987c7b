import { Catalog } from "../catalog/index.ts";
import type { LightCurve } from "./light-curve.ts";

/**
 * The bins of a light curve as a table, a row each: TIME_START, TIME_STOP, COUNTS, EXPOSURE, RATE, RATE_ERR_LOW and
 * RATE_ERR_HIGH, with their units. `lightCurveFromTable` makes a light curve of it again.
 */
export function lightCurveTable(curve: LightCurve): Catalog {
  const { startSec, stopSec, counts, exposureSec, rate, rateErrLow, rateErrHigh } = curve;
  const columns = [
    { name: "TIME_START", unit: "s", data: startSec, description: "mission time" },
    { name: "TIME_STOP", unit: "s", data: stopSec, description: "mission time" },
    { name: "COUNTS", unit: "count", data: Int32Array.from(counts) },
    { name: "EXPOSURE", unit: "s", data: exposureSec, description: "good, live time in the bin" },
    { name: "RATE", unit: "count/s", data: rate },
    { name: "RATE_ERR_LOW", unit: "count/s", data: rateErrLow, description: "distance to the lower 1-sigma limit" },
    { name: "RATE_ERR_HIGH", unit: "count/s", data: rateErrHigh, description: "distance to the upper 1-sigma limit" },
  ];
  return new Catalog(columns, { name: curve.name || "light curve" });
}
