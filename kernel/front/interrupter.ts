import type { MainThread } from "../debug/main-thread.ts";
import type { StackFrame, ToEngine } from "../protocol/channel.ts";

/** A main thread that only waits answers within a millisecond, on a busy machine within a few dozen. */
const FIRST_ANSWER_MS = 150;
const ANSWER_MS = 60;
const ATTEMPTS = 20;

/**
 * Stops the engine's code. A main thread that reads its messages settles the cell itself; one that does not is in
 * synchronous code, which is paused through the debugger interface, so that it can be said where it was, terminated,
 * and told again until it answers.
 */
export class Interrupter {
  readonly #post: (message: ToEngine) => void;
  readonly #main: MainThread;
  readonly #answered = new Map<number, () => void>();
  #serial = 0;
  #frames: readonly StackFrame[] = [];
  #last: Promise<void> = Promise.resolve();

  constructor(post: (message: ToEngine) => void, main: MainThread) {
    this.#post = post;
    this.#main = main;
  }

  /** @param ids The executions meant; whatever runs between cells where there are none. */
  interrupt(ids: readonly (number | undefined)[]): Promise<void> {
    this.#last = this.#last.then(() => this.#interrupt(ids.length > 0 ? ids : [undefined]));
    return this.#last;
  }

  /** Where the code was that the last interrupt stopped; empty where it waited. */
  get frames(): readonly StackFrame[] {
    return this.#frames;
  }

  /** Resolves when no interrupt is under way: what is started before could be hit by one. */
  settled(): Promise<void> {
    return this.#last;
  }

  async #interrupt(ids: readonly (number | undefined)[]): Promise<void> {
    this.#frames = [];
    if (await this.#tellAll(ids, false, FIRST_ANSWER_MS)) return;
    this.#frames = (await this.#main.hold()).map((frame) => this.#main.stackFrame(frame));
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      await this.#main.terminate();
      // What the stopped code left, such as a second timer, may be as stuck as the first: look again.
      if (await this.#tellAll([...ids, undefined], true, ANSWER_MS)) return;
    }
  }

  /** The engine has read the interrupt with this number. */
  answered(serial: number): void {
    this.#answered.get(serial)?.();
  }

  async #tellAll(ids: readonly (number | undefined)[], terminated: boolean, withinMs: number): Promise<boolean> {
    for (const id of ids) if (!(await this.#tell(id, terminated, withinMs))) return false;
    return true;
  }

  async #tell(id: number | undefined, terminated: boolean, withinMs: number): Promise<boolean> {
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
}
