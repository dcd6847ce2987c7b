import { type Header, headerMaker } from "../protocol/message.ts";
import { encodeFrames, type Signing } from "../protocol/wire.ts";
import type { SendQueue } from "./sockets.ts";

const COALESCE_MS = 50;
const COALESCE_CHARS = 1 << 18;
/** A screen's frame: what is replaced sooner is not seen. */
const FRAME_MS = 16;

/** The name of a standard stream. */
export type StreamName = "stdout" | "stderr";

/** A message to publish; its parts are JSON already. */
interface Publication {
  readonly messageType: string;
  readonly parent: string;
  readonly content: string;
  readonly metadata?: string;
  readonly buffers?: readonly Uint8Array[];
  /** Default: "kernel." and the type. */
  readonly topic?: Uint8Array;
  /** Done just before the message goes. */
  readonly before?: () => void;
}

/**
 * Everything the kernel publishes, in order. Text of one stream and one cell is gathered for up to 50 ms, and messages
 * that say the newest of something wait for up to a frame, in which a newer one takes their place. Anything else that is
 * published sends what waits first, so no order changes and nothing comes after idle.
 */
export class IoPub {
  readonly #queue: SendQueue;
  readonly #signing: Signing;
  readonly #header: (messageType: string) => Header;
  #pending: { parent: string; name: StreamName; parts: string[]; chars: number } | undefined;
  /** Messages that wait, by what they say the newest of. Never while text waits, and of one parent. */
  readonly #newest = new Map<string, Publication>();
  #newestSentMs = 0;
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
    more?: Pick<Publication, "metadata" | "buffers">,
  ): void {
    this.flush();
    void this.#send({ messageType, parent, content, ...more });
  }

  /** Publishes a message that says the newest of `what`: no more than one a frame, and always the last. */
  publishNewest(what: string, publication: Publication): void {
    const [waiting] = this.#newest.values();
    if (this.#pending || (waiting && waiting.parent !== publication.parent)) this.flush();
    if (this.#newest.size === 0 && performance.now() - this.#newestSentMs >= FRAME_MS) {
      this.#newestSentMs = performance.now();
      void this.#send(publication);
      return;
    }
    this.#newest.delete(what);
    this.#newest.set(what, publication);
    this.#timer ??= setTimeout(() => this.flush(), FRAME_MS);
  }

  /** Greets a subscriber with the first message that it gets; `admit` lets it in. */
  welcome(topic: Buffer, admit: () => void): Promise<void> {
    this.flush();
    const content = JSON.stringify({ subscription: topic.toString("utf8") });
    return this.#send({ messageType: "iopub_welcome", parent: "{}", content, topic, before: admit });
  }

  status(state: "starting" | "busy" | "idle", parent: string): void {
    this.publish("status", parent, JSON.stringify({ execution_state: state }));
  }

  /** Gathers text of a stream. */
  stream(parent: string, name: StreamName, text: string): void {
    const isOther = this.#pending && (this.#pending.parent !== parent || this.#pending.name !== name);
    if (isOther || this.#newest.size > 0) this.flush();
    this.#pending ??= { parent, name, parts: [], chars: 0 };
    this.#pending.parts.push(text);
    this.#pending.chars += text.length;
    if (this.#pending.chars >= COALESCE_CHARS) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), COALESCE_MS);
  }

  /** Sends what waits now. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#newest.size > 0) {
      for (const publication of this.#newest.values()) void this.#send(publication);
      this.#newest.clear();
      this.#newestSentMs = performance.now();
    }
    const pending = this.#pending;
    if (!pending) return;
    this.#pending = undefined;
    const content = JSON.stringify({ name: pending.name, text: pending.parts.join("") });
    void this.#send({ messageType: "stream", parent: pending.parent, content });
  }

  /** Resolves when everything published so far is with ZeroMQ. */
  drained(): Promise<void> {
    this.flush();
    return this.#queue.drained();
  }

  /** Failures are reported by the queue: nobody needs to wait. */
  #send(publication: Publication): Promise<void> {
    const { messageType, parent, content, metadata = "{}", buffers = [], before } = publication;
    const identities = [publication.topic ?? `kernel.${messageType}`];
    const message = { identities, header: this.#header(messageType), parent, metadata, content, buffers };
    return this.#queue.send(encodeFrames(message, this.#signing), before);
  }
}
