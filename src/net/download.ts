import { readFile } from "node:fs/promises";
import { type CachedFileOptions, cachedFile } from "./cached-file.ts";
import { bytesOf, type HttpRequest, isOffline, send, stoppable } from "./send.ts";

/** How bytes are fetched. */
export interface DownloadOptions extends CachedFileOptions {
  /** True keeps the answer in the cache and takes it from there next time. Default false. */
  readonly cache?: boolean;
}

/**
 * Fetches an address, or the answer to a request, into memory. Offline, what the cache has is used.
 *
 * @throws {HttpError} If the server answers other than with success.
 * @throws {Error} If it is not reachable.
 */
export async function download(
  source: string | URL | HttpRequest,
  options: DownloadOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const request = typeof source === "string" || source instanceof URL ? { address: String(source) } : source;
  if (options.cache || isOffline(options)) {
    const bytes = await readFile((await cachedFile(request, options)).path);
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  return stoppable(options, async (stopped) => bytesOf(await send(request, stopped)));
}
