import { type Catalog, catalogFromVotable } from "../catalog/index.ts";
import { type DownloadOptions, download } from "../net/index.ts";
import { readVotable } from "../votable/index.ts";
import { tapAddress } from "./services.ts";
import { submitTapJob, type TapWaitOptions } from "./tap-job.ts";
import { queryParameters, type TapUploads, tapRequest, withServiceErrors } from "./tap-request.ts";

/** A query to a TAP service. */
export interface TapOptions extends DownloadOptions, TapWaitOptions {
  /** Row limit (MAXREC). Default: the service's own. */
  readonly maxRows?: number;
  /** Catalogues that the query joins as `TAP_UPLOAD.<name>`. Default none. */
  readonly uploads?: TapUploads;
  /**
   * "sync" waits on one connection, five minutes at most; "async" makes a job at the service and asks how it is
   * doing. Default "sync".
   */
  readonly mode?: "sync" | "async";
}

/**
 * Asks a TAP service and returns the rows.
 *
 * A result that the service cut off says so in the catalogue's `notes`. With `cache: true` (and "sync") the answer is
 * kept and used next time; offline, what is kept is used. Stopping an "async" query ends the job at the service.
 *
 * @param service "csc21", "xsa" (XMM-Newton), "vizier", or the base address of a service, without `/sync`.
 * @param adql The query.
 * @throws {VotableQueryError} If the service reports an error, with its words.
 * @throws {Error} If it is not reachable.
 * @see https://www.ivoa.net/documents/TAP/20190927/
 * @example
 * const near = await tapQuery(service, "SELECT m.* FROM survey.sources m JOIN TAP_UPLOAD.mine u ON m.name = u.name",
 *   { uploads: { mine }, mode: "async" });
 */
export async function tapQuery(service: string, adql: string, options: TapOptions = {}): Promise<Catalog> {
  if (options.mode === "async") {
    const job = await submitTapJob(service, adql, options);
    try {
      await job.wait(options);
      return await job.result(options);
    } finally {
      await job.remove({ ...options, signal: AbortSignal.timeout(10_000) }).catch(() => undefined);
    }
  }
  const address = `${tapAddress(service)}/sync`;
  const request = tapRequest(address, queryParameters(adql, options), options.uploads);
  const bytes = await withServiceErrors(address, () => download(request, { timeoutMs: 300_000, ...options }));
  return catalogFromVotable(readVotable(bytes, { name: address }));
}

/** Tables of a TAP service: `table_name`, `description`, `table_type`, and what else its TAP_SCHEMA has. */
export function tapTables(service: string, options: DownloadOptions = {}): Promise<Catalog> {
  return tapQuery(service, "SELECT * FROM TAP_SCHEMA.tables", options);
}

/**
 * Columns of a table of a TAP service: `column_name`, `unit`, `ucd`, `description`, and what else TAP_SCHEMA has.
 *
 * @param table As `tapTables` names it.
 */
export function tapColumns(service: string, table: string, options: DownloadOptions = {}): Promise<Catalog> {
  const name = table.replaceAll("'", "''");
  return tapQuery(service, `SELECT * FROM TAP_SCHEMA.columns WHERE table_name = '${name}'`, options);
}
