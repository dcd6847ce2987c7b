import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { cacheDir } from "./cache-dir.ts";
import { type DownloadProgress, downloadTo } from "./download-to.ts";
import { withLock } from "./lock.ts";
import { type HttpRequest, isOffline, type RequestOptions, stoppable } from "./send.ts";

/** What is known of a file in the cache; it stands beside it as JSON. */
export interface CacheEntry {
  readonly address: string;
  readonly bytes: number;
  readonly sha256: string;
  /** When it was downloaded, ISO 8601. */
  readonly fetchedAt: string;
}

/** A downloaded file. */
export interface CachedFile extends CacheEntry {
  readonly path: string;
  readonly origin: "cache" | "download";
}

/** How a file is downloaded and kept. */
export interface CachedFileOptions extends RequestOptions {
  /** Default: PHOTONBOOK_CACHE, else `~/.cache/photonbook`. */
  readonly cacheDir?: string;
  /** What the file must be; another is not kept. Default: any that arrives whole. */
  readonly expected?: { readonly bytes?: number; readonly sha256?: string };
  /** True downloads again what is there. Default false. */
  readonly refresh?: boolean;
  /** Called as bytes arrive. Default: none; in a kernel a bar shows itself. */
  readonly onProgress?: (progress: DownloadProgress) => void;
}

/**
 * The path of a file from the web: in the cache, else downloaded into it.
 *
 * A download that was cut off goes on where it stopped, if the server can; the file gets its name when it is whole.
 * Size and SHA-256 are kept beside it and checked at each use. Offline, what the cache has is used.
 *
 * @param source Address, or a request with a body (its answer is kept under both).
 * @throws {HttpError} If the server refuses.
 * @throws {Error} If it is not reachable, or sends another file than the one expected.
 */
export async function cachedFile(
  source: string | URL | HttpRequest,
  options: CachedFileOptions = {},
): Promise<CachedFile> {
  const request = typeof source === "string" || source instanceof URL ? { address: String(source) } : source;
  const path = placeOf(request, options.cacheDir ?? cacheDir());
  const known = options.refresh ? undefined : await intact(path, options);
  if (known) return { ...known, path, origin: "cache" };
  if (isOffline(options)) {
    throw new Error(
      `Cannot fetch ${request.address}: offline (PHOTONBOOK_OFFLINE), it must be in the cache: there is no whole "${path}"`,
    );
  }
  await mkdir(dirname(path), { recursive: true });
  return withLock(path, options.signal, async () => {
    // Another process may have had the lock and the file
    const meanwhile = options.refresh ? undefined : await intact(path, options);
    if (meanwhile) return { ...meanwhile, path, origin: "cache" };
    const part = `${path}.part`;
    await stoppable(options, (stopped) => downloadTo(part, request, { ...options, ...stopped }));
    const entry = await describe(part, request.address);
    const problem = difference(entry, options.expected);
    if (problem) {
      await rm(part);
      throw new Error(`Cannot use ${request.address}: the file must be the one listed: ${problem}`);
    }
    await writeFile(`${path}.json`, JSON.stringify(entry, undefined, 1));
    await rename(part, path);
    return { ...entry, path, origin: "download" };
  });
}

/** Where an answer is kept: by host and a digest of what was asked, under the file's own name. */
function placeOf({ address, body }: HttpRequest, folder: string): string {
  const url = new URL(address);
  const hash = createHash("sha256").update(address);
  if (body !== undefined) hash.update("\n").update(body);
  const name = basename(url.pathname).replace(/[^\w.+-]/g, "_") || "index";
  return join(folder, "downloads", url.hostname, hash.digest("hex").slice(0, 16), name);
}

/** The entry of a file that is whole and the one expected. */
async function intact(path: string, { expected }: CachedFileOptions): Promise<CacheEntry | undefined> {
  const text = await readFile(`${path}.json`, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const entry = JSON.parse(text) as CacheEntry;
  const found = await describe(path, entry.address).catch(() => undefined);
  return found && !difference(found, entry) && !difference(found, expected) ? entry : undefined;
}

async function describe(path: string, address: string): Promise<CacheEntry> {
  const { size } = await stat(path);
  return { address, bytes: size, sha256: await sha256Of(path), fetchedAt: new Date().toISOString() };
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

/** How a file differs from what it must be; undefined if it does not. */
function difference(found: CacheEntry, expected: CachedFileOptions["expected"]): string | undefined {
  if (expected?.bytes !== undefined && found.bytes !== expected.bytes) {
    return `it has ${found.bytes} bytes instead of ${expected.bytes}`;
  }
  if (expected?.sha256 !== undefined && found.sha256 !== expected.sha256) {
    return `its SHA-256 is ${found.sha256} instead of ${expected.sha256}`;
  }
  return undefined;
}
