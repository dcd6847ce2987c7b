import type { Fields, Message } from "../protocol/message.ts";

/** A request and the way its reply goes. */
export interface Request {
  readonly message: Message;
  /** The request's header as JSON: parent of all that follows from it. */
  readonly parent: string;
  reply(content: object, metadata?: object): Promise<void>;
}

/** A request whose cell runs. */
export interface Running {
  readonly request: Request;
  /** The engine's number for what it evaluates of the cell now. */
  id: number | undefined;
  /** What the front end is to do when it has the reply. */
  readonly payload: Fields[];
  /** Gives up waiting for work outside the engine, while there is such. */
  stop: (() => void) | undefined;
}

/**
 * One line of execute requests, each run from busy to idle before the next: the main shell or a subshell. The shells
 * share the session and its one thread, so a cell of one runs while the cell of another awaits.
 */
export class Shell {
  running: Running | undefined;
  readonly #execute: (running: Running, shell: Shell) => Promise<void>;
  /** Requests in order; other work, such as a comm message that a cell must precede, waits among them. */
  readonly #queue: (Request | (() => void))[] = [];
  /** Whether the queue is being worked through: also while a cell that has ended still aborts those behind it. */
  #draining = false;

  constructor(execute: (running: Running, shell: Shell) => Promise<void>) {
    this.#execute = execute;
  }

  /** Whether anything waits behind what runs. */
  get hasWaiting(): boolean {
    return this.#queue.length > 0;
  }

  /** Queues a request, or something to do in its place in the order. */
  enqueue(item: Request | (() => void)): void {
    this.#queue.push(item);
    if (!this.#draining) void this.#drain();
  }

  /** Takes the requests that wait; what is in the socket already counts as waiting. */
  async takeWaiting(): Promise<Request[]> {
    await new Promise((resolve) => setImmediate(resolve));
    const waiting = this.#queue.filter((item) => typeof item !== "function");
    const others = this.#queue.filter((item) => typeof item === "function");
    this.#queue.splice(0, this.#queue.length, ...others);
    return waiting;
  }

  async #drain(): Promise<void> {
    this.#draining = true;
    try {
      for (let item = this.#queue.shift(); item; item = this.#queue.shift()) {
        if (typeof item === "function") item();
        else await this.#execute((this.running = { request: item, id: undefined, payload: [], stop: undefined }), this);
      }
    } finally {
      this.#draining = false;
    }
  }
}
