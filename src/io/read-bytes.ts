import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expand, plain } from "./expand.ts";

/** How bytes are fetched. */
export interface ReadBytesOptions {
  /** Aborting stops a download. Default: none. */
  readonly signal?: AbortSignal;
  /** Longest wait for a server's answer to begin, ms. Default 60 000. */
  readonly timeoutMs?: number;
}

/**
 * Reads a file or an http(s) address; gzip, bzip2 and compress (.Z) are expanded, recognised by their first bytes and
 * not by the name.
 *
 * @throws {Error} If it is not there or not reachable; the message says what was tried, `cause` has the system's error.
 */
export async function readBytes(source: string | URL, options: ReadBytesOptions = {}): Promise<Uint8Array> {
  const raw = isWeb(source) ? await download(source, options) : await readLocal(source);
  return expand(raw, String(source));
}

/** True for http and https addresses. */
export function isWeb(source: string | URL): boolean {
  return /^https?:/i.test(String(source));
}

async function readLocal(source: string | URL): Promise<Uint8Array> {
  const path = String(source).startsWith("file:") ? fileURLToPath(source) : String(source);
  try {
    return plain(await readFile(path));
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    const why = code === "ENOENT" ? `there is no such file (looked from ${process.cwd()})` : (cause as Error).message;
    throw new Error(`Cannot read "${path}": ${why}`, { cause });
  }
}

/** Fetches an address; a status other than success is an error with the first words of the reply. */
export async function download(
  address: string | URL,
  options: ReadBytesOptions & { body?: string; contentType?: string } = {},
): Promise<Uint8Array> {
  const { signal, timeoutMs = 60_000, body, contentType = "application/x-www-form-urlencoded" } = options;
  const timeout = AbortSignal.timeout(timeoutMs);
  const request: RequestInit = {
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    ...(body === undefined ? {} : { method: "POST", body, headers: { "content-type": contentType } }),
  };
  let reply: Response;
  try {
    reply = await fetch(address, request);
  } catch (cause) {
    signal?.throwIfAborted();
    throw new Error(`Cannot fetch ${address}: the server must be reachable: ${reasonOf(cause)} (offline?)`, { cause });
  }
  const bytes = new Uint8Array(await reply.arrayBuffer());
  if (reply.ok) return bytes;
  throw new HttpError(String(address), reply.status, reply.statusText, bytes);
}

/** A server's answer other than success, with its body. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly status: number;
  readonly body: Uint8Array;

  constructor(address: string, status: number, statusText: string, body: Uint8Array) {
    const words = new TextDecoder()
      .decode(body.subarray(0, 300))
      .replace(/<[^>]*>/g, " ")
      .replace(/\s+/g, " ")
      .trim();
    super(
      `Cannot fetch ${address}: the server must answer with success: it answered ${status} ${statusText}${words ? `: ${words}` : ""}`,
    );
    this.status = status;
    this.body = body;
  }
}

/** The innermost reason of a failed fetch. */
function reasonOf(error: unknown): string {
  const cause = (error as Error).cause as (Error & { code?: string }) | undefined;
  return cause?.code ?? cause?.message ?? (error as Error).message;
}
