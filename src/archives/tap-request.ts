import { createHash } from "node:crypto";
import { type Catalog, votableFromCatalog } from "../catalog/index.ts";
import { HttpError, type HttpRequest } from "../net/index.ts";
import { readVotable, VotableError, VotableQueryError, writeVotable } from "../votable/index.ts";

/** Tables that travel with a query, by the name it calls them (`TAP_UPLOAD.<name>`). */
export type TapUploads = { readonly [name: string]: Catalog };

/** A request with TAP parameters: a form, or several parts where tables travel along. */
export function tapRequest(
  address: string,
  parameters: { readonly [name: string]: string },
  uploads: TapUploads = {},
): HttpRequest {
  const names = Object.keys(uploads);
  if (names.length === 0) return { address, body: new URLSearchParams(parameters).toString() };
  for (const name of names) {
    if (/^[A-Za-z]\w*$/.test(name)) continue;
    throw new RangeError(`Cannot upload a table: its name must be letters, digits and _: current value is "${name}"`);
  }
  const upload = names.map((name) => `${name},param:${name}`).join(";");
  const fields = Object.entries({ ...parameters, UPLOAD: upload });
  const files = names.map((name) => [name, writeVotable(votableFromCatalog(uploads[name] as Catalog))] as const);
  // The same query makes the same bytes, so that its answer can be kept under them
  const boundary = `photonbook-${createHash("sha256").update(JSON.stringify(fields)).digest("hex").slice(0, 24)}`;
  const parts = [
    ...fields.map(([name, value]) => part(boundary, `form-data; name="${name}"`, undefined, value)),
    ...files.map(([name, table]) => {
      const disposition = `form-data; name="${name}"; filename="${name}.vot"`;
      return part(boundary, disposition, "application/x-votable+xml", table);
    }),
    Buffer.from(`--${boundary}--\r\n`),
  ];
  const body = new Uint8Array(Buffer.concat(parts));
  return { address, body, contentType: `multipart/form-data; boundary=${boundary}` };
}

function part(boundary: string, disposition: string, type: string | undefined, content: string | Uint8Array): Buffer {
  const head = `--${boundary}\r\nContent-Disposition: ${disposition}\r\n${type ? `Content-Type: ${type}\r\n` : ""}\r\n`;
  return Buffer.concat([Buffer.from(head), Buffer.from(content as Uint8Array), Buffer.from("\r\n")]);
}

/** Runs a request; where the service's answer is an error in a VOTable, its words are thrown. */
export async function withServiceErrors<T>(address: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof HttpError) throwServiceError(error.body, address);
    throw error;
  }
}

/** Throws what a VOTable says went wrong; does nothing for other documents. */
export function throwServiceError(body: Uint8Array, address: string): void {
  try {
    readVotable(body, { name: address });
  } catch (error) {
    if (error instanceof VotableQueryError || !(error instanceof VotableError)) throw error;
  }
}

/** What a query is sent with. */
export function queryParameters(adql: string, { maxRows }: { readonly maxRows?: number }): Record<string, string> {
  const limit: Record<string, string> = maxRows === undefined ? {} : { MAXREC: String(maxRows) };
  return { REQUEST: "doQuery", LANG: "ADQL", FORMAT: "votable", QUERY: adql, ...limit };
}
