import { setTimeout as sleep } from "node:timers/promises";
import { kernelHost } from "../host/index.ts";
import { HttpError } from "./http-error.ts";

/** How a server is asked. */
export interface RequestOptions {
  /** Aborting ends the request. Default: none; in a kernel the Stop button ends it too. */
  readonly signal?: AbortSignal;
  /** Longest wait for a server's answer to begin, ms. Default 60 000. */
  readonly timeoutMs?: number;
  /** How often a request is repeated that failed for a reason that may pass. Default 3. */
  readonly retries?: number;
  /** First wait before a repetition, ms; doubled each time, unless the server says how long. Default 1000. */
  readonly retryDelayMs?: number;
  /** True never asks the network. Default: whether PHOTONBOOK_OFFLINE is set. */
  readonly offline?: boolean;
}

/** What is sent; GET without `body`, else POST. */
export interface HttpRequest {
  readonly address: string;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  /** Default application/x-www-form-urlencoded. */
  readonly contentType?: string;
  readonly headers?: { readonly [name: string]: string };
}

/** Answers of a server that is busy, restarting or asks for fewer requests. */
const PASSING_STATUS = new Set([429, 502, 503, 504]);
const PASSING_CODES = new Set(["ECONNRESET", "EPIPE", "EAI_AGAIN", "UND_ERR_SOCKET"]);
/** Longer waits than this are the user's to decide, ms. */
const LONGEST_WAIT_MS = 60_000;

/**
 * Sends a request and returns the answer once it begins, if it is a success.
 *
 * A server that is busy (429, 502, 503, 504) or drops the connection is asked again, later each time and no sooner than
 * it says (Retry-After); one that asks for more than a minute is not.
 *
 * @throws {HttpError} If the answer is another.
 * @throws {Error} If the server is not reachable, or the network is not to be used.
 */
export async function send(request: HttpRequest, options: RequestOptions = {}): Promise<Response> {
  const { address } = request;
  if (isOffline(options)) {
    throw new Error(`Cannot fetch ${address}: the network must be allowed: it is not (offline, PHOTONBOOK_OFFLINE)`);
  }
  for (let attempt = 0; ; attempt++) {
    const { reply, error } = await attemptOnce(request, options);
    if (reply?.ok) return reply;
    const waitMs = attempt < (options.retries ?? 3) ? passingMs(reply, error, attempt, options) : undefined;
    if (waitMs === undefined) {
      if (reply) throw new HttpError(address, reply.status, reply.statusText, await bytesOf(reply));
      throw new Error(`Cannot fetch ${address}: the server must be reachable: ${reasonOf(error)} (offline?)`, {
        cause: error,
      });
    }
    await reply?.body?.cancel();
    await sleep(waitMs, undefined, options.signal ? { signal: options.signal } : {});
  }
}

/** Whether the network is not to be used. */
export function isOffline({ offline }: RequestOptions): boolean {
  return offline ?? !["", "0", undefined].includes(process.env.PHOTONBOOK_OFFLINE);
}

/** All of an answer. */
export async function bytesOf(reply: Response): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await reply.arrayBuffer());
}

/** Whether a failed transfer may succeed when it is tried again. */
export function isPassing(error: unknown): boolean {
  return PASSING_CODES.has(codeOf(error) ?? "");
}

/** Runs work that the caller's signal stops, and in a kernel the Stop button. */
export async function stoppable<T>(
  options: RequestOptions,
  work: (options: RequestOptions & { readonly signal: AbortSignal }) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const remove = kernelHost()?.onInterrupt(() => stop.abort(new Error("Cannot go on: the Stop button was pressed")));
  const signal = options.signal ? AbortSignal.any([stop.signal, options.signal]) : stop.signal;
  try {
    return await work({ ...options, signal });
  } finally {
    remove?.();
  }
}

async function attemptOnce(
  request: HttpRequest,
  options: RequestOptions,
): Promise<{ reply?: Response; error?: unknown }> {
  const { signal, timeoutMs = 60_000 } = options;
  const { address, body, contentType = "application/x-www-form-urlencoded", headers } = request;
  signal?.throwIfAborted();
  const timeout = new AbortController();
  const late = new Error(`no answer within ${timeoutMs / 1000} s`);
  const timer = setTimeout(() => timeout.abort(late), timeoutMs);
  try {
    const reply = await fetch(address, {
      signal: signal ? AbortSignal.any([signal, timeout.signal]) : timeout.signal,
      headers: {
        "user-agent": "photonbook",
        ...headers,
        ...(body === undefined ? {} : { "content-type": contentType }),
      },
      ...(body === undefined ? {} : { method: "POST", body }),
    });
    return { reply };
  } catch (error) {
    signal?.throwIfAborted();
    return { error };
  } finally {
    clearTimeout(timer);
  }
}

/** How long to wait before asking again; undefined where that would not help. */
function passingMs(
  reply: Response | undefined,
  error: unknown,
  attempt: number,
  { retryDelayMs = 1000 }: RequestOptions,
): number | undefined {
  if (reply ? !PASSING_STATUS.has(reply.status) : !isPassing(error)) return undefined;
  const asked = retryAfterMs(reply?.headers.get("retry-after"));
  const waitMs = Math.max(asked ?? 0, asked === 0 ? 0 : retryDelayMs * 2 ** attempt);
  return waitMs <= LONGEST_WAIT_MS ? waitMs : undefined;
}

/** Retry-After: seconds or a date. */
function retryAfterMs(header: string | null | undefined): number | undefined {
  if (!header) return undefined;
  const ms = /^\d+$/.test(header.trim()) ? 1000 * Number(header) : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

function codeOf(error: unknown): string | undefined {
  return (error as { code?: string }).code ?? (error as { cause?: { code?: string } }).cause?.code;
}

/** The innermost reason of a failed fetch. */
export function reasonOf(error: unknown): string {
  const cause = (error as Error).cause as Error | undefined;
  return codeOf(error) ?? cause?.message ?? (error as Error).message;
}
