import { type RangedFits, readFitsRanges } from "../fits/index.ts";
import { type RequestOptions, webRanges } from "../net/index.ts";
import { localFile } from "./local-file.ts";
import { isWeb } from "./read-bytes.ts";

/**
 * Opens a FITS file of any size, on disk or on the web, and reads only its headers; what `table(name).read(…)` and
 * `load(name)` ask for is read in ranges. Compressed files have none: `loadCatalog` and `loadEvents` expand them.
 *
 * Nothing stays open: a file that changed since is refused.
 *
 * @throws {FitsError} If it is no FITS file, or compressed.
 * @throws {Error} If it is not there, or the server cannot answer ranges.
 * @example A thousand photons out of a file larger than memory
 * ```ts
 * const file = await openFits("merged_evt.fits");
 * const [time, energy] = await file.table("EVENTS").read(["time", "energy"], { rows: [0, 1000] });
 * ```
 */
export async function openFits(source: string | URL, options: RequestOptions = {}): Promise<RangedFits> {
  const name = String(source);
  return readFitsRanges(isWeb(source) ? await webRanges(name, options) : await localFile(source), { name });
}
