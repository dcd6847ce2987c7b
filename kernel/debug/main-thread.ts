import type { Debugger, InspectorNotification } from "node:inspector";
import { Session } from "node:inspector/promises";
import type { StackFrame } from "../protocol/channel.ts";

/** Looking for the scripts that are loaded takes a while; code that is not in JavaScript does not answer at all. */
const ENABLE_MS = 400;
const ANSWER_MS = 60;
const PAUSE_MS = 150;

/** What the thread does when it stops or goes on by itself; see `MainThread.watch`. */
export interface Watcher {
  paused(event: Debugger.PausedEventDataType): void;
  resumed(): void;
}

/**
 * The main thread as the inspector sees it from the worker. One session serves the Stop button, which holds code for a
 * moment to say where it was, and the debugger, which holds it as long as the user looks: each must know of the other.
 */
export class MainThread {
  readonly session = new Session();
  /** URLs of the scripts, by id; known while the debugger domain is enabled. */
  readonly scripts = new Map<string, string>();
  #paused: Debugger.PausedEventDataType | undefined;
  #watcher: Watcher | undefined;
  /** Takes the next pause, which is then nobody else's. */
  #claim: ((frames: readonly Debugger.CallFrame[]) => void) | undefined;

  constructor() {
    const { session } = this;
    session.connectToMainThread();
    session.on("Debugger.scriptParsed", ({ params }: InspectorNotification<Debugger.ScriptParsedEventDataType>) => {
      this.scripts.set(params.scriptId, params.url);
    });
    session.on("Debugger.paused", ({ params }) => this.#onPaused(params));
    session.on("Debugger.resumed", () => this.#onResumed());
  }

  /** Where the thread stands still; undefined while it runs. */
  get paused(): Debugger.PausedEventDataType | undefined {
    return this.#paused;
  }

  /** Tells a debugger of every stop that is not the Stop button's; undefined ends that and lets the thread go on. */
  async watch(watcher: Watcher | undefined): Promise<void> {
    this.#watcher = watcher;
    if (watcher) await this.session.post("Debugger.enable");
    else await this.#disable();
  }

  /** Holds the thread where it is and returns its stack; empty where it is not in JavaScript, as in `Atomics.wait`. */
  async hold(): Promise<readonly Debugger.CallFrame[]> {
    if (this.#paused) return this.#paused.callFrames;
    const { promise, resolve } = Promise.withResolvers<readonly Debugger.CallFrame[]>();
    this.#claim = resolve;
    let timer = setTimeout(resolve, ENABLE_MS, []);
    void this.session.post("Debugger.enable");
    void this.session.post("Debugger.pause").then(() => {
      clearTimeout(timer);
      timer = setTimeout(resolve, PAUSE_MS, []);
    });
    const frames = await promise;
    clearTimeout(timer);
    this.#claim = undefined;
    return frames;
  }

  /** Throws what cannot be caught into the JavaScript that runs, and lets it go on if it is held. */
  async terminate(): Promise<void> {
    const answered = this.session.post("Runtime.terminateExecution");
    if (!this.#watcher) void this.#disable();
    else if (this.#paused) void this.session.post("Debugger.resume");
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => (timer = setTimeout(resolve, ANSWER_MS)));
    await Promise.race([answered, late]);
    clearTimeout(timer);
  }

  /** A frame, whose lines and columns the inspector counts from 0, as stacks have it. */
  stackFrame({ functionName, location }: Debugger.CallFrame): StackFrame {
    const file = (this.scripts.get(location.scriptId) ?? "").replace(/^file:\/\//, "");
    return { name: functionName, file, line: location.lineNumber + 1, column: (location.columnNumber ?? 0) + 1 };
  }

  /** Lets go of the thread, so that it can exit. */
  close(): void {
    this.session.disconnect();
  }

  async #disable(): Promise<void> {
    this.scripts.clear();
    await this.session.post("Debugger.disable");
    this.#paused = undefined;
  }

  #onPaused(event: Debugger.PausedEventDataType): void {
    this.#paused = event;
    if (this.#claim) this.#claim(event.callFrames);
    else this.#watcher?.paused(event);
  }

  #onResumed(): void {
    this.#paused = undefined;
    this.#watcher?.resumed();
  }
}
