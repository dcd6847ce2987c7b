import { type Debugger, type InspectorNotification, Session } from "node:inspector";
import type { StackFrame, ToEngine } from "../protocol/channel.ts";

/** A main thread that only waits answers within a millisecond, on a busy machine within a few dozen. */
const FIRST_ANSWER_MS = 150;
const ANSWER_MS = 60;
const ATTEMPTS = 20;
/** Looking for the scripts that are loaded takes a while; code that is not in JavaScript does not answer at all. */
const PAUSE_MS = 400;

/**
 * Stops the engine's code. A main thread that reads its messages settles the cell itself; one that does not is in
 * synchronous code, which is paused through the debugger interface, so that it can be said where it was, terminated,
 * and told again until it answers.
 */
export class Interrupter {
  readonly #post: (message: ToEngine) => void;
  readonly #session = new Session();
  readonly #answered = new Map<number, () => void>();
  #serial = 0;
  #frames: readonly StackFrame[] = [];
  #last: Promise<void> = Promise.resolve();

  constructor(post: (message: ToEngine) => void) {
    this.#post = post;
    this.#session.connectToMainThread();
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
    this.#frames = await this.#pause();
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      await this.#terminate();
      // What the stopped code left, such as a second timer, may be as stuck as the first: look again.
      if (await this.#tellAll([...ids, undefined], true, ANSWER_MS)) return;
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

  /** Holds the main thread and reads its stack; empty where it is not in JavaScript, as in `Atomics.wait`. */
  async #pause(): Promise<readonly StackFrame[]> {
    const session = this.#session;
    const files = new Map<string, string>();
    const { promise, resolve } = Promise.withResolvers<readonly StackFrame[]>();
    const parsed = ({ params }: InspectorNotification<Debugger.ScriptParsedEventDataType>) => {
      files.set(params.scriptId, params.url);
    };
    const paused = ({ params }: InspectorNotification<Debugger.PausedEventDataType>) => {
      resolve(params.callFrames.map((frame) => stackFrame(frame, files.get(frame.location.scriptId))));
    };
    session.on("Debugger.scriptParsed", parsed);
    session.on("Debugger.paused", paused);
    let timer = setTimeout(resolve, PAUSE_MS, []);
    session.post("Debugger.enable");
    session.post("Debugger.pause", () => {
      clearTimeout(timer);
      timer = setTimeout(resolve, FIRST_ANSWER_MS, []);
    });
    const frames = await promise;
    clearTimeout(timer);
    session.off("Debugger.scriptParsed", parsed);
    session.off("Debugger.paused", paused);
    return frames;
  }

  /** Throws what cannot be caught into the JavaScript that runs, and lets it go on if it is held. */
  #terminate(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ANSWER_MS);
      this.#session.post("Runtime.terminateExecution", () => {
        clearTimeout(timer);
        resolve();
      });
      this.#session.post("Debugger.disable");
    });
  }
}

/** A frame of the debugger, whose lines and columns are 0-based, as stacks have it. */
function stackFrame({ functionName, location }: Debugger.CallFrame, url = ""): StackFrame {
  const file = url.replace(/^file:\/\//, "");
  return { name: functionName, file, line: location.lineNumber + 1, column: (location.columnNumber ?? 0) + 1 };
}
