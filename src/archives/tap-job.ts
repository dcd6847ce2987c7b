import { setTimeout as sleep } from "node:timers/promises";
import { type Catalog, catalogFromVotable } from "../catalog/index.ts";
import { DISPLAY, progressDisplay } from "../host/index.ts";
import { type DownloadOptions, download, type RequestOptions, send, stoppable } from "../net/index.ts";
import { readVotable } from "../votable/index.ts";
import { tapAddress } from "./services.ts";
import { queryParameters, type TapUploads, tapRequest, throwServiceError, withServiceErrors } from "./tap-request.ts";

/** Where a job stands (UWS 1.1). */
export type TapPhase =
  | "PENDING"
  | "QUEUED"
  | "EXECUTING"
  | "COMPLETED"
  | "ERROR"
  | "ABORTED"
  | "HELD"
  | "SUSPENDED"
  | "ARCHIVED"
  | "UNKNOWN";

/** How a job is waited for. */
export interface TapWaitOptions extends RequestOptions {
  /** First time between two questions, ms; it grows by half each time, to 30 s. Default 500. */
  readonly pollMs?: number;
  /** Called when the phase changes. Default: none; in a kernel a line shows it. */
  readonly onPhase?: (phase: TapPhase) => void;
}

const LONGEST_POLL_MS = 30_000;
const SHOWN_AFTER_MS = 1000;
const ENDED: ReadonlySet<TapPhase> = new Set<TapPhase>(["COMPLETED", "ERROR", "ABORTED", "ARCHIVED"]);

/**
 * Sends a query as a job that runs at the service until it is done.
 *
 * @param service Base address of the service, without `/async`.
 * @returns The job, started. Its address is enough to come back to it: `new TapJob(address)`.
 */
export async function submitTapJob(
  service: string,
  adql: string,
  options: RequestOptions & { readonly maxRows?: number; readonly uploads?: TapUploads } = {},
): Promise<TapJob> {
  const address = `${tapAddress(service)}/async`;
  const request = tapRequest(address, queryParameters(adql, options), options.uploads);
  const reply = await withServiceErrors(address, () => send(request, options));
  await reply.body?.cancel();
  // The service answers with a redirection to the job, which fetch follows
  if (tapAddress(reply.url) === address) {
    throw new Error(`Cannot start a job at ${address}: the service must name it (a redirection): it did not`);
  }
  const job = new TapJob(reply.url);
  await job.run(options);
  return job;
}

/** A query that runs at a TAP service. */
export class TapJob {
  /** The job's address at the service; keep it to come back in a later session. */
  readonly address: string;
  #phase: TapPhase = "UNKNOWN";

  constructor(address: string) {
    this.address = tapAddress(address);
  }

  /** The phase when the service was last asked. */
  get phase(): TapPhase {
    return this.#phase;
  }

  /** Asks the service where the job stands. */
  async check(options: RequestOptions = {}): Promise<TapPhase> {
    const text = new TextDecoder().decode(await download(`${this.address}/phase`, { ...options, cache: false })).trim();
    if (!/^[A-Z]+$/.test(text)) {
      throw new Error(
        `Cannot follow ${this.address}: its phase must be a word: current value is "${text.slice(0, 80)}"`,
      );
    }
    this.#phase = text as TapPhase;
    return this.#phase;
  }

  /**
   * Waits until the job has completed.
   *
   * @throws {VotableQueryError} If it failed, with the service's words.
   * @throws {Error} If it was aborted, there or by the signal (which aborts it there too).
   */
  async wait(options: TapWaitOptions = {}): Promise<void> {
    await stoppable(options, async (stopped) => {
      try {
        await this.#follow(stopped);
      } catch (error) {
        const isStopped = stopped.signal.aborted;
        if (isStopped) await this.abort({ retries: 0, timeoutMs: 5000 }).catch(() => undefined);
        throw error;
      }
    });
    if (this.#phase === "ERROR") await this.#throwError(options);
    if (this.#phase === "COMPLETED") return;
    throw new Error(`Cannot have the rows of ${this.address}: the job must complete: it is ${this.#phase}`);
  }

  /** The rows of a job that has completed. */
  async result(options: DownloadOptions = {}): Promise<Catalog> {
    const address = `${this.address}/results/result`;
    const bytes = await withServiceErrors(address, () => download(address, options));
    return catalogFromVotable(readVotable(bytes, { name: address }));
  }

  /** Starts a job that is PENDING. */
  async run(options: RequestOptions = {}): Promise<void> {
    await this.#post("phase", { PHASE: "RUN" }, options);
  }

  /** Ends the job at the service. */
  async abort(options: RequestOptions = {}): Promise<void> {
    await this.#post("phase", { PHASE: "ABORT" }, options);
  }

  /** Has the service forget the job and its rows. */
  async remove(options: RequestOptions = {}): Promise<void> {
    await this.#post("", { ACTION: "DELETE" }, options);
  }

  /** The address and the phase. */
  [DISPLAY](): Record<string, string> {
    return { "text/plain": `TAP job ${this.address}: ${this.#phase}` };
  }

  async #follow(options: TapWaitOptions & { readonly signal: AbortSignal }): Promise<void> {
    const { pollMs = 500, onPhase, signal } = options;
    const began = performance.now();
    let waitMs = pollMs;
    let last: TapPhase | undefined;
    let display: ReturnType<typeof progressDisplay> | undefined;
    while (!ENDED.has(await this.check(options))) {
      if (this.#phase !== last) onPhase?.(this.#phase);
      last = this.#phase;
      if (performance.now() - began > SHOWN_AFTER_MS) display ??= progressDisplay(`TAP job ${this.address}`);
      display?.update({ done: 0, total: 0, message: this.#phase });
      await sleep(waitMs, undefined, { signal });
      waitMs = Math.min(waitMs * 1.5, LONGEST_POLL_MS);
    }
    onPhase?.(this.#phase);
    display?.finish(this.#phase === "COMPLETED" ? "done" : "failed");
  }

  async #throwError(options: RequestOptions): Promise<never> {
    const address = `${this.address}/error`;
    const body = await withServiceErrors(address, () => download(address, { ...options, cache: false }));
    throwServiceError(body, this.address);
    const words = new TextDecoder().decode(body).trim().slice(0, 500);
    throw new Error(`Cannot have the rows of ${this.address}: the job must complete: it failed: ${words}`);
  }

  async #post(path: string, parameters: { readonly [name: string]: string }, options: RequestOptions): Promise<void> {
    const address = path ? `${this.address}/${path}` : this.address;
    const reply = await withServiceErrors(address, () => send(tapRequest(address, parameters), options));
    await reply.body?.cancel();
  }
}
