import { type Catalog, catalogFromVotable } from "../catalog/index.ts";
import { readVotable, VotableError, VotableQueryError } from "../votable/index.ts";
import { download, HttpError, type ReadBytesOptions } from "./read-bytes.ts";

/** A query to a TAP service. */
export interface TapOptions extends ReadBytesOptions {
  /** Row limit (MAXREC). Default: the service's own. */
  readonly maxRows?: number;
}

/**
 * Asks a TAP service synchronously and returns the rows.
 *
 * A result that the service cut off says so in the catalogue's `notes`.
 *
 * @param service Base address of the service, without `/sync`.
 * @param adql The query.
 * @throws {VotableQueryError} If the service reports an error, with its words.
 * @throws {Error} If it is not reachable.
 * @see https://www.ivoa.net/documents/TAP/20190927/
 */
export async function tapQuery(service: string, adql: string, options: TapOptions = {}): Promise<Catalog> {
  const { maxRows } = options;
  const form = new URLSearchParams({ REQUEST: "doQuery", LANG: "ADQL", FORMAT: "votable", QUERY: adql });
  if (maxRows !== undefined) form.set("MAXREC", String(maxRows));
  const address = `${service.replace(/\/+$/, "")}/sync`;
  const bytes = await postForm(address, form, options);
  return catalogFromVotable(readVotable(bytes, { name: address }));
}

/** Services put their errors into VOTables, also with a status other than success: then those words are shown. */
async function postForm(address: string, form: URLSearchParams, options: TapOptions): Promise<Uint8Array> {
  try {
    return await download(address, { timeoutMs: 300_000, ...options, body: form.toString() });
  } catch (error) {
    if (error instanceof HttpError) throwServiceError(error.body, address);
    throw error;
  }
}

function throwServiceError(body: Uint8Array, address: string): void {
  try {
    readVotable(body, { name: address });
  } catch (error) {
    if (error instanceof VotableQueryError) throw error;
    if (!(error instanceof VotableError)) throw error;
  }
}
