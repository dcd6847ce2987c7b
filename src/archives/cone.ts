import { type Catalog, catalogFromVotable } from "../catalog/index.ts";
import { type DownloadOptions, download } from "../net/index.ts";
import { readVotable, VotableQueryError } from "../votable/index.ts";
import { coneAddress } from "./services.ts";
import { withServiceErrors } from "./tap-request.ts";

/** A circle on the sky, ICRS. */
export interface Cone {
  readonly raDeg: number;
  readonly decDeg: number;
  readonly radiusArcsec: number;
}

/** A cone search. */
export interface ConeOptions extends DownloadOptions {
  /** How many columns: 1 few, 2 some, 3 all (VERB). Default: the service's own. */
  readonly verbosity?: 1 | 2 | 3;
  /** Row limit (MAXREC). Default: the service's own. */
  readonly maxRows?: number;
}

/**
 * Sources within a circle, from a Simple Cone Search service.
 *
 * @param service Its address, whose parameters are kept; or "csc21", "erass1", "erass1-hard", "vizier:" and a table.
 * @throws {VotableQueryError} If the service reports an error, with its words.
 * @throws {RangeError} If the circle or the address is none.
 * @see https://www.ivoa.net/documents/REC/DAL/ConeSearch-20080222.html
 * @example await coneSearch("vizier:IX/69/xmm4d13s", { raDeg: 187.278, decDeg: 2.052, radiusArcsec: 15 });
 */
export async function coneSearch(service: string, cone: Cone, options: ConeOptions = {}): Promise<Catalog> {
  checkCone(cone);
  const address = new URL(coneAddress(service));
  address.searchParams.set("RA", String(cone.raDeg));
  address.searchParams.set("DEC", String(cone.decDeg));
  address.searchParams.set("SR", String(cone.radiusArcsec / 3600));
  if (options.verbosity !== undefined) address.searchParams.set("VERB", String(options.verbosity));
  if (options.maxRows !== undefined) address.searchParams.set("MAXREC", String(options.maxRows));
  const name = `${address.origin}${address.pathname}`;
  const file = await withServiceErrors(name, async () => readVotable(await download(address, options), { name }));
  // The standard's own way to say what went wrong, older than QUERY_STATUS
  const error = [...file.infos, ...file.params].find((info) => info.name === "Error");
  if (error) throw new VotableQueryError(name, error.value || error.text);
  return catalogFromVotable(file);
}

/** @throws {RangeError} If a circle is none. */
export function checkCone({ raDeg, decDeg, radiusArcsec }: Cone): void {
  if (raDeg >= 0 && raDeg <= 360 && Math.abs(decDeg) <= 90 && radiusArcsec > 0 && radiusArcsec <= 648_000) return;
  throw new RangeError(
    `Cannot search a cone: raDeg must be 0–360, decDeg −90–90, radiusArcsec above 0 and at most 648000: current values are ${raDeg}, ${decDeg}, ${radiusArcsec}`,
  );
}
