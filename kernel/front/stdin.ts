import type { ToEngine, ToFront } from "../protocol/channel.ts";
import { type Header, type Message, stringField } from "../protocol/message.ts";
import { encodeFrames, type Signing } from "../protocol/wire.ts";
import type { SendQueue } from "./sockets.ts";

type Question = Extract<ToFront, { type: "input-request" }>;

/** Questions of cells to the user, on the stdin channel. */
export class Stdin {
  readonly #queue: SendQueue;
  readonly #signing: Signing;
  readonly #header: (messageType: string) => Header;
  readonly #post: (message: ToEngine) => void;
  /** Open questions by the request's id. */
  readonly #open = new Map<string, Question>();

  constructor(options: {
    queue: SendQueue;
    signing: Signing;
    header: (messageType: string) => Header;
    post: (message: ToEngine) => void;
  }) {
    this.#queue = options.queue;
    this.#signing = options.signing;
    this.#header = options.header;
    this.#post = options.post;
  }

  /** Asks the client with these identities. */
  async ask(question: Question, identities: readonly Uint8Array[]): Promise<void> {
    const { parent, prompt, password } = question;
    const header = this.#header("input_request");
    this.#open.set(header.msg_id, question);
    const content = JSON.stringify({ prompt, password });
    await this.#queue.send(encodeFrames({ identities, header, parent, metadata: "{}", content }, this.#signing));
  }

  /** Hands an answer on. Most clients say in the parent header which question they answer; else it is the latest. */
  receive(message: Message): void {
    if (message.header.msg_type !== "input_reply") return;
    const asked = message.parentHeader.msg_id;
    const id = asked !== undefined && this.#open.has(asked) ? asked : [...this.#open.keys()].at(-1);
    const question = id === undefined ? undefined : this.#open.get(id);
    if (id === undefined || !question) return;
    this.#open.delete(id);
    this.#answer(question, stringField(message.content, "value"));
  }

  #answer({ serial, blocked }: Question, value: string): void {
    if (!blocked) {
      this.#post({ type: "input", serial, value });
      return;
    }
    blocked.port.postMessage(value);
    Atomics.store(blocked.signal, 0, 1);
    Atomics.notify(blocked.signal, 0);
  }
}
