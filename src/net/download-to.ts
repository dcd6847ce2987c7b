import { open, readFile, rm, stat, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { progressDisplay } from "../host/index.ts";
import { HttpError } from "./http-error.ts";
import { type HttpRequest, isPassing, type RequestOptions, reasonOf, send } from "./send.ts";

/** How far a download is. */
export interface DownloadProgress {
  readonly bytes: number;
  /** Undefined where the server does not say. */
  readonly totalBytes?: number;
}

interface DownloadOptions extends RequestOptions {
  readonly onProgress?: (progress: DownloadProgress) => void;
}

/** Downloads that take longer show how far they are, ms. */
const SHOWN_AFTER_MS = 1000;

/**
 * Downloads into a file, and goes on where an earlier attempt at the same file stopped.
 *
 * That needs a server that takes ranges and names the file's version (ETag or Last-Modified), which is kept beside the
 * part as `.version`; from others, and where the version changed, all is downloaded again. A connection that drops is
 * taken up again as `send` repeats requests.
 *
 * @param part The file that grows; left as it is when the download fails.
 */
export async function downloadTo(part: string, request: HttpRequest, options: DownloadOptions): Promise<void> {
  const { retries = 3, retryDelayMs = 1000, signal } = options;
  for (let attempt = 0; ; attempt++) {
    try {
      await transfer(part, request, options);
      await rm(versionFile(part), { force: true });
      return;
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof HttpError && error.status === 416) await rm(part, { force: true });
      else if (!isCut(error)) throw error;
      if (attempt >= retries) {
        throw new Error(`Cannot fetch ${request.address}: the transfer must be whole: ${reasonOf(error)}`, {
          cause: error,
        });
      }
      await sleep(retryDelayMs * 2 ** attempt, undefined, signal ? { signal } : {});
    }
  }
}

const versionFile = (part: string) => `${part}.version`;

/** A body that ended early, as opposed to a request that failed. */
class CutError extends Error {}

function isCut(error: unknown): boolean {
  return error instanceof CutError || isPassing(error) || (error as Error).message === "terminated";
}

async function transfer(part: string, request: HttpRequest, options: DownloadOptions): Promise<void> {
  const have = await stat(part).then(
    ({ size }) => size,
    () => 0,
  );
  const version = have > 0 ? await readFile(versionFile(part), "utf8").catch(() => undefined) : undefined;
  const range = version ? { range: `bytes=${have}-`, "if-range": version } : {};
  // Bytes are counted against what the server says, so they must not be packed on the way
  const headers = { "accept-encoding": "identity", ...request.headers, ...range };
  const reply = await send({ ...request, headers }, options);
  const from = reply.status === 206 ? rangeStart(reply, have) : 0;
  const length = reply.headers.get("content-encoding") ? null : reply.headers.get("content-length");
  const total = length === null ? undefined : from + Number(length);
  const name = reply.headers.get("etag") ?? reply.headers.get("last-modified");
  // A weak tag names no exact bytes
  if (name && !name.startsWith("W/")) await writeFile(versionFile(part), name);
  else await rm(versionFile(part), { force: true });
  await append(part, reply, { from, total, address: request.address }, options);
}

/** Where the part that the server sends begins; it must be where ours ends. */
function rangeStart(reply: Response, have: number): number {
  const start = Number(/^bytes (\d+)-/.exec(reply.headers.get("content-range") ?? "")?.[1]);
  if (start === have) return have;
  throw new Error(`Cannot continue ${reply.url}: the range must start at byte ${have}: it starts at ${start}`);
}

interface Place {
  readonly from: number;
  readonly total: number | undefined;
  readonly address: string;
}

async function append(part: string, reply: Response, place: Place, options: DownloadOptions): Promise<void> {
  const { from, total, address } = place;
  const file = await open(part, from > 0 ? "r+" : "w");
  const began = performance.now();
  let display: ReturnType<typeof progressDisplay> | undefined;
  let bytes = from;
  let outcome: "done" | "failed" = "failed";
  try {
    for await (const chunk of reply.body ?? []) {
      await file.write(chunk, 0, chunk.length, bytes);
      bytes += chunk.length;
      options.onProgress?.({ bytes, ...(total === undefined ? {} : { totalBytes: total }) });
      if (performance.now() - began > SHOWN_AFTER_MS) display ??= progressDisplay(`Download of ${nameOf(address)}`);
      display?.update({ done: bytes, total: total ?? 0, message: `${megabytes(bytes)} of ${megabytes(total)}` });
    }
    if (total !== undefined && bytes < total) throw new CutError(`${bytes} of ${total} bytes arrived`);
    outcome = "done";
  } finally {
    display?.finish(outcome);
    await file.close();
  }
}

function nameOf(address: string): string {
  return new URL(address).pathname.split("/").at(-1) || new URL(address).hostname;
}

function megabytes(bytes: number | undefined): string {
  return bytes === undefined ? "unknown size" : `${(bytes / 1e6).toFixed(1)} MB`;
}
