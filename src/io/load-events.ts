import {
  type CompositeRegion,
  type EventList,
  type ReadEventsOptions,
  readEvents,
  readRegion,
} from "../events/index.ts";
import { readFits } from "../fits/index.ts";
import { type ReadBytesOptions, readBytes } from "./read-bytes.ts";

/**
 * Loads a FITS event file, plain or .gz, from a path or an address.
 *
 * @example
 * const obs = await loadEvents("acisf23022_000N027_r0122_regevt3.fits.gz");
 * obs.lightCurve({ binSec: 300, band: "broad" })
 */
export async function loadEvents(
  source: string | URL,
  options: ReadEventsOptions & ReadBytesOptions = {},
): Promise<EventList> {
  return readEvents(readFits(await readBytes(source, options), { name: String(source) }), options);
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
