/**
 * Downloads: polite, cached with size and checksum, taken up again where they stopped, offline from the cache.
 *
 * @module
 */
export { cacheDir } from "./cache-dir.ts";
export { type CachedFile, type CachedFileOptions, type CacheEntry, cachedFile } from "./cached-file.ts";
export { type DownloadOptions, download } from "./download.ts";
export type { DownloadProgress } from "./download-to.ts";
export { HttpError } from "./http-error.ts";
export { bytesOf, type HttpRequest, type RequestOptions, send, stoppable } from "./send.ts";
export { untar } from "./untar.ts";
export { type WebRanges, webRanges } from "./web-ranges.ts";
