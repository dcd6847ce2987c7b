import { type Header, headerMaker } from "../protocol/message.ts";
import { encodeFrames, type Signing } from "../protocol/wire.ts";
import type { SendQueue } from "./sockets.ts";

const COALESCE_MS = 50;
const COALESCE_CHARS = 1 << 18;

/** The name of a standard stream. */
export type StreamName = "stdout" | "stderr";

/**
 * Everything the kernel publishes, in order. Text of one stream and one cell is gathered for up to 50 ms; anything else
 * that is published sends it first, so no order changes and nothing comes after idle.
 */
export class IoPub {
  readonly #queue: SendQueue;
  readonly #signing: Signing;
  readonly #header: (messageType: string) => Header;
  #pending: { parent: string; name: StreamName; parts: string[]; chars: number } | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(queue: SendQueue, signing: Signing, session: string) {
    this.#queue = queue;
    this.#signing = signing;
    this.#header = headerMaker(session);
  }

  /** Publishes a message whose parts are JSON already. */
  publish(
    messageType: string,
    parent: string,
    content: string,
    more: { metadata?: string; buffers?: readonly Uint8Array[]; topic?: Uint8Array } = {},
  ): void {
    this.flush();
    this.#send(messageType, parent, content, more);
  }

  status(state: "starting" | "busy" | "idle", parent: string): void {
    this.publish("status", parent, JSON.stringify({ execution_state: state }));
  }

  /** Gathers text of a stream. */
  stream(parent: string, name: StreamName, text: string): void {
    if (this.#pending && (this.#pending.parent !== parent || this.#pending.name !== name)) this.flush();
    this.#pending ??= { parent, name, parts: [], chars: 0 };
    this.#pending.parts.push(text);
    this.#pending.chars += text.length;
    if (this.#pending.chars >= COALESCE_CHARS) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), COALESCE_MS);
  }

  /** Sends gathered text now. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const pending = this.#pending;
    if (!pending) return;
    this.#pending = undefined;
    this.#send("stream", pending.parent, JSON.stringify({ name: pending.name, text: pending.parts.join("") }));
  }

  /** Resolves when everything published so far is with ZeroMQ. */
  drained(): Promise<void> {
    this.flush();
    return this.#queue.drained();
  }

  #send(
    messageType: string,
    parent: string,
    content: string,
    more: { metadata?: string; buffers?: readonly Uint8Array[]; topic?: Uint8Array } = {},
  ): void {
    const { metadata = "{}", buffers = [], topic = `kernel.${messageType}` } = more;
    const message = { identities: [topic], header: this.#header(messageType), parent, metadata, content, buffers };
    // Failures are reported by the queue itself.
    void this.#queue.send(encodeFrames(message, this.#signing));
  }
}
