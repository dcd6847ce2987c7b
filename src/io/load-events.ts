import {
  type CompositeRegion,
  type EventList,
  type EventTableOptions,
  eventsFromTable,
  type ReadEventsOptions,
  readEvents,
  readRegion,
} from "../events/index.ts";
import { readFits } from "../fits/index.ts";
import { isFits, nameOf, parseCatalog } from "./load-catalog.ts";
import { type ReadBytesOptions, readBytes } from "./read-bytes.ts";

/** Names of files that are meant to be FITS, so that what is wrong with them is said in its terms. */
const FITS_NAME = /\.(fits?|fit|evt?)(\.\w+)?$/i;

/**
 * Loads a FITS event file, plain or .gz, from a path or an address; or photons in any other table that `loadCatalog`
 * reads, such as CSV, whose columns are found by their names or named by options.
 *
 * @example
 * const obs = await loadEvents("acisf23022_000N027_r0122_regevt3.fits.gz");
 * obs.lightCurve({ binSec: 300, band: "broad" })
 * const hbc515 = await loadEvents("hbc515_events.csv", { energy: { column: "energy", perUnitKeV: 1e-3 } });
 */
export async function loadEvents(
  source: string | URL,
  options: ReadEventsOptions & EventTableOptions & ReadBytesOptions = {},
): Promise<EventList> {
  const bytes = await readBytes(source, options);
  if (isFits(bytes) || FITS_NAME.test(String(source)))
    return readEvents(readFits(bytes, { name: String(source) }), options);
  return eventsFromTable(await parseCatalog(bytes, nameOf(source, {}), {}), options);
}

/**
 * Loads a source region from a FITS region file.
 *
 * @param options.hdu EXTNAME such as "ECF90REGB" (CSC: 90 % of the broad-band counts). Default: the first region table.
 */
export async function loadRegion(
  source: string | URL,
  options: { readonly hdu?: string | number } & ReadBytesOptions = {},
): Promise<CompositeRegion> {
  const file = readFits(await readBytes(source, options), { name: String(source) });
  return readRegion(file, options.hdu === undefined ? {} : { hdu: options.hdu });
}
