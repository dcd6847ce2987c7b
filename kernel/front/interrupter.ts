import { Session } from "node:inspector";
import type { ToEngine } from "../protocol/channel.ts";

/** A main thread that only waits answers within a millisecond, on a busy machine within a few dozen. */
const FIRST_ANSWER_MS = 150;
const ANSWER_MS = 60;
const ATTEMPTS = 20;

/**
 * Stops the engine's code. A main thread that reads its messages settles the cell itself; one that does not is in
 * synchronous code, which is terminated through the debugger interface, and told again until it answers.
 */
export class Interrupter {
  readonly #post: (message: ToEngine) => void;
  readonly #session = new Session();
  readonly #answered = new Map<number, () => void>();
  #serial = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(post: (message: ToEngine) => void) {
    this.#post = post;
    this.#session.connectToMainThread();
  }

  /** @param id The execution meant, or undefined for whatever runs between cells. */
  interrupt(id: number | undefined): Promise<void> {
    this.#last = this.#last.then(() => this.#interrupt(id));
    return this.#last;
  }

  /** Resolves when no interrupt is under way: what is started before could be hit by one. */
  settled(): Promise<void> {
    return this.#last;
  }

  async #interrupt(id: number | undefined): Promise<void> {
    if (await this.#tell(id, false, FIRST_ANSWER_MS)) return;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      await this.#terminate();
      // What the stopped code left, such as a second timer, may be as stuck as the first: look again.
      if ((await this.#tell(id, true)) && (await this.#tell(undefined, true))) return;
    }
  }

  /** The engine has read the interrupt with this number. */
  answered(serial: number): void {
    this.#answered.get(serial)?.();
  }

  /** Lets go of the main thread, so that it can exit. */
  close(): void {
    this.#session.disconnect();
  }

  async #tell(id: number | undefined, terminated: boolean, withinMs = ANSWER_MS): Promise<boolean> {
    const serial = ++this.#serial;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#answered.set(serial, () => resolve(true));
    this.#post({ type: "interrupt", serial, id, terminated });
    const timer = setTimeout(() => resolve(false), withinMs);
    const answered = await promise;
    clearTimeout(timer);
    this.#answered.delete(serial);
    return answered;
  }

  #terminate(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ANSWER_MS);
      this.#session.post("Runtime.terminateExecution", () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
