import { catalogFromFits } from "../catalog/index.ts";
import { readGtis } from "../events/index.ts";
import { type FitsFile, readFits } from "../fits/index.ts";
import { type Gti, unionGti } from "../gti/index.ts";
import { type LightCurve, type LightCurveTableOptions, lightCurveFromTable } from "../timing/index.ts";
import { isFits, nameOf, parseCatalog } from "./load-catalog.ts";
import { type ReadBytesOptions, readBytes } from "./read-bytes.ts";

/** How a light curve is read. */
export interface LoadLightCurveOptions extends LightCurveTableOptions, ReadBytesOptions {
  /** FITS: EXTNAME or index of the table. Default: the first with times and RATE or COUNTS. */
  readonly hdu?: string | number;
}

/**
 * Loads a light curve of counts: a FITS file as evselect and other tools write it (TIMEDEL, TIMEPIXR, TIMEZERO, RATE or
 * COUNTS, FRACEXP, good times), or a table that `curve.table()` or `photonbook lc --out` wrote, in any form.
 *
 * @throws {RangeError} If a column is missing, or the rates are not whole counts (a background was subtracted).
 * @example const curve = await loadLightCurve("PN_source_lightcurve_raw.lc", { band: [0.2, 10] });
 */
export async function loadLightCurve(source: string | URL, options: LoadLightCurveOptions = {}): Promise<LightCurve> {
  const bytes = await readBytes(source, options);
  const name = options.name ?? nameOf(source, {});
  if (!isFits(bytes)) return lightCurveFromTable(await parseCatalog(bytes, name, {}), { ...options, name });
  const file = readFits(bytes, { name });
  const { header, index } = curveTable(file, options.hdu);
  const keyword = (key: string) => {
    const value = header.get(key);
    return typeof value === "number" ? value : undefined;
  };
  const timeZeroSec = options.timeZeroSec ?? keyword("TIMEZERO") ?? 0;
  const binSec = options.binSec ?? keyword("TIMEDEL");
  const timePixel = options.timePixel ?? keyword("TIMEPIXR");
  const gti = options.gti ?? goodTimes(file, timeZeroSec);
  return lightCurveFromTable(catalogFromFits(file, { hdu: index }), {
    ...options,
    name,
    timeZeroSec,
    ...(binSec === undefined ? {} : { binSec }),
    ...(timePixel === undefined ? {} : { timePixel }),
    ...(gti ? { gti } : {}),
  });
}

function curveTable(file: FitsFile, hdu: string | number | undefined) {
  if (hdu !== undefined) return file.table(hdu);
  const found = file.tables.find(
    (table) => (table.has("TIME") || table.has("TIME_START")) && (table.has("RATE") || table.has("COUNTS")),
  );
  if (found) return found;
  const names = file.hdus.map((each) => `${each.index} "${each.name}"`).join(", ");
  throw new RangeError(
    `Cannot read light curve "${file.name}": there must be a table with TIME and RATE or COUNTS: the HDUs are ${names}`,
  );
}

/** Good times of any CCD; undefined where the file has none. */
function goodTimes(file: FitsFile, timeZeroSec: number): Gti | undefined {
  const { gti, byCcd } = readGtis(file, timeZeroSec);
  const all = [...(gti ? [gti] : []), ...byCcd.values()];
  return all.length > 0 ? unionGti(...all) : undefined;
}
