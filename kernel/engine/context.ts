import { AsyncLocalStorage } from "node:async_hooks";

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
}

/** A context for a request. */
export function createContext(parent: string, options: { silent?: boolean; allowStdin?: boolean } = {}): Context {
  return {
    parent,
    silent: options.silent ?? false,
    allowStdin: options.allowStdin ?? false,
    stops: new Set(),
    displays: new Set(),
  };
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

  /** Runs in another request's context. */
  run<T>(context: Context, run: () => T): T {
    return this.#storage.run(context, run);
  }
}
