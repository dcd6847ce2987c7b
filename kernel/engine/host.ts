/*
 * What the kernel offers to libraries that run in it, under globalThis[Symbol.for("Jupyter.kernel")].
 * These interfaces mirror src/host/kernel-host.ts, which the kernel does not import: the two meet at run time only.
 */

/** JSON as it travels in Jupyter messages. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** What a front end is given to show: MIME type → content. */
export interface MimeBundle {
  readonly data: { readonly [mimeType: string]: unknown };
  readonly metadata?: { readonly [mimeType: string]: unknown };
}

/** A message that came over a comm. Buffers are views that the receiver owns. */
export interface CommMessage {
  readonly data: JsonObject;
  readonly metadata: JsonObject;
  readonly buffers: readonly Uint8Array[];
}

/** Options of a message that leaves over a comm. */
export interface CommSendOptions {
  metadata?: JsonObject;
  buffers?: readonly (ArrayBufferView | ArrayBufferLike)[];
  newestOf?: string;
}

/** One end of a Jupyter comm. */
export interface Comm {
  readonly id: string;
  readonly targetName: string;
  onMessage: ((message: CommMessage) => void) | undefined;
  onClose: ((message: CommMessage) => void) | undefined;
  send(data: JsonObject, options?: CommSendOptions): void;
  close(data?: JsonObject): void;
}

/** What catches output: told the message whose output it is to catch from now on, and when no longer. */
export interface OutputTarget {
  catch(messageId: string): void;
  release(): void;
}

/** What a running kernel offers: comms, displays and the Stop button. */
export interface KernelHost {
  openComm(targetName: string, options?: { id?: string; data?: JsonObject } & CommSendOptions): Comm;
  registerCommTarget(targetName: string, onOpen: (comm: Comm, message: CommMessage) => void): void;
  display(bundle: MimeBundle, options?: { displayId?: string; update?: boolean }): void;
  show(value: unknown): void;
  clearOutput(options?: { wait?: boolean }): void;
  onInterrupt(stop: () => void): () => void;
  bind<Listener extends (...args: never[]) => unknown>(listener: Listener): Listener;
  redirect<T>(target: OutputTarget, work: () => T): T;
  reportError(what: string, error: unknown): void;
}

/** Where the host is found. */
export const HOST = Symbol.for("Jupyter.kernel");

/** Name of the method by which an object shows itself. */
export const DISPLAY = Symbol.for("Jupyter.display");
