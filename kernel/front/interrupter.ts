import { Session } from "node:inspector";
import type { ToEngine } from "../protocol/channel.ts";

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

  constructor(post: (message: ToEngine) => void) {
    this.#post = post;
    this.#session.connectToMainThread();
  }

  /** @param id The execution meant, or undefined for whatever runs between cells. */
  async interrupt(id: number | undefined): Promise<void> {
    if (await this.#tell(id, false)) return;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      await this.#terminate();
      if (await this.#tell(id, true)) return;
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

  async #tell(id: number | undefined, terminated: boolean): Promise<boolean> {
    const serial = ++this.#serial;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#answered.set(serial, () => resolve(true));
    this.#post({ type: "interrupt", serial, id, terminated });
    const timer = setTimeout(() => resolve(false), ANSWER_MS);
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
