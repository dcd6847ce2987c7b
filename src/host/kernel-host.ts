/** JSON as it travels in Jupyter messages. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** What a front end is given to show: MIME type → content (text, JSON, or base64 for binary types). */
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

/** One end of a Jupyter comm. Messages to a closed comm are an error; `onClose` runs when the front end closes it. */
export interface Comm {
  readonly id: string;
  readonly targetName: string;
  onMessage: ((message: CommMessage) => void) | undefined;
  onClose: ((message: CommMessage) => void) | undefined;
  /**
   * Sends a message.
   *
   * @param options.newestOf What the message says the newest of: until it is sent, at most a screen's frame, a newer one
   *   of this comm takes its place. Default: every message is sent.
   */
  send(data: JsonObject, options?: { metadata?: JsonObject; buffers?: readonly Uint8Array[]; newestOf?: string }): void;
  close(data?: JsonObject): void;
}

/** Catches output, such as a widget that asks front ends to show in itself what follows from a message. */
export interface OutputTarget {
  /** Called before output that is to be caught: it will be that of the message with this id. */
  catch(messageId: string): void;
  /** Called before other output of the same message, and at the end. */
  release(): void;
}

/**
 * What a running kernel offers to libraries in it: comms, displays and the Stop button.
 *
 * The kernel installs one object under `globalThis[Symbol.for("Jupyter.kernel")]`; nothing in `src` or `widgets`
 * imports the kernel. Objects show themselves through a method named `Symbol.for("Jupyter.display")` that returns
 * a MimeBundle's `data` (or a promise of it), the convention Deno's kernel uses.
 */
export interface KernelHost {
  /** Opens a comm towards the front end. */
  openComm(
    targetName: string,
    options?: { id?: string; data?: JsonObject; metadata?: JsonObject; buffers?: readonly Uint8Array[] },
  ): Comm;
  /** Answers comms that the front end opens; a target without a handler is closed at once, as the protocol says. */
  registerCommTarget(targetName: string, onOpen: (comm: Comm, message: CommMessage) => void): void;
  /** Shows a bundle in the output of the cell that called; with `update`, replaces what has that display id. */
  display(bundle: MimeBundle, options?: { displayId?: string; update?: boolean }): void;
  /** Shows a value in the output of the cell that called, as it would show itself as the cell's last expression. */
  show(value: unknown): void;
  /** Clears the output of the cell that called. */
  clearOutput(options?: { wait?: boolean }): void;
  /**
   * Runs `stop` when the user interrupts the cell that called, instead of rejecting what the cell awaits: long work
   * ends early and hands over what it has. A second interrupt rejects in any case. Returns the removal.
   */
  onInterrupt(stop: () => void): () => void;
  /**
   * Makes a listener whose output, errors and displays belong to the cell that calls `bind`, when a comm message calls
   * it. When a cell does, by setting what is listened to, they stay that cell's.
   */
  bind<Listener extends (...args: never[]) => unknown>(listener: Listener): Listener;
  /**
   * Runs `work` with its output, and that of all it starts, caught by `target`; other output of the cell in the
   * meantime is not. A comm message that has led here stays busy until a promised result settles.
   */
  redirect<T>(target: OutputTarget, work: () => T): T;
  /** Shows an error that nobody awaits where the output of the running code goes, with the lines of cells. */
  reportError(what: string, error: unknown): void;
}

const HOST = Symbol.for("Jupyter.kernel");

/** The kernel this code runs in, or undefined in a plain script. */
export function kernelHost(): KernelHost | undefined {
  return (globalThis as { [HOST]?: KernelHost })[HOST];
}

/** Name of the method by which an object shows itself in a notebook. */
export const DISPLAY: unique symbol = Symbol.for("Jupyter.display") as never;
