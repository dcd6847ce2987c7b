import { AsyncLocalStorage } from "node:async_hooks";
import type { OutputTarget } from "./host.ts";

/** A front end's comm message while it is handled. */
export interface HandledMessage {
  /** Its header, as JSON. */
  readonly parent: string;
  /** Work it has started that keeps it busy. */
  pending: number;
  /** Whether its idle is out: nothing more can be shown as its output. */
  done: boolean;
}

/** On whose behalf code runs: the request that is the parent of all its output, however late that comes. */
export interface Context {
  /** The request's header, as JSON. */
  readonly parent: string;
  /** Whether output is to be dropped (execute_request with `silent`). */
  readonly silent: boolean;
  readonly allowStdin: boolean;
  /** What the Stop button calls first, instead of rejecting what the cell awaits. */
  readonly stops: Set<() => void>;
  /** Displays that are still being prepared; the cell is not done before they are. */
  readonly displays: Set<Promise<void>>;
  /** What is to be done when the cell ends. */
  readonly endings: (() => void)[];
  /** The comm message that has led here, directly or through listeners that belong to another cell. */
  readonly message?: HandledMessage;
  /** What catches output instead of the cell. */
  readonly target?: OutputTarget;
}

/** A context for a request. */
export function createContext(parent: string, options: { silent?: boolean; allowStdin?: boolean } = {}): Context {
  return {
    parent,
    silent: options.silent ?? false,
    allowStdin: options.allowStdin ?? false,
    stops: new Set(),
    displays: new Set(),
    endings: [],
  };
}

/** A context for a comm message. */
export function messageContext(parent: string): Context & { readonly message: HandledMessage } {
  return { ...createContext(parent), message: { parent, pending: 0, done: false } };
}

/** Carries the context through promises, timers and callbacks. */
export class Contexts {
  readonly #storage = new AsyncLocalStorage<Context>();
  #latest = createContext("{}");

  /** The context of the running code, or the latest cell's where the chain is lost (native callbacks). */
  current(): Context {
    return this.#storage.getStore() ?? this.#latest;
  }

  /** Runs in a cell's context, which becomes the fallback for output of unknown origin. */
  runCell<T>(context: Context, run: () => T): T {
    this.#latest = context;
    return this.#storage.run(context, run);
  }

  /** Runs in another context. */
  run<T>(context: Context, run: () => T): T {
    return this.#storage.run(context, run);
  }

  /**
   * Makes a listener's output that of the cell that runs now, when a comm message calls it. When a cell calls it, by
   * setting what is listened to, it stays that cell's.
   */
  bind<Listener extends (...args: never[]) => unknown>(listener: Listener): Listener {
    const owner = this.current();
    const bound = (...args: Parameters<Listener>) => {
      const { message, parent } = this.current();
      if (!message || parent !== message.parent || owner.parent === "{}") return listener(...args);
      return this.#storage.run({ ...owner, message }, () => listener(...args));
    };
    return bound as Listener;
  }
}
