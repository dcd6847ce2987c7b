import type { Context, Contexts, HandledMessage } from "./context.ts";
import type { OutputTarget } from "./host.ts";

/** Where a piece of output goes. */
interface Destination {
  /** Header of the message whose output it is, as JSON. */
  readonly parent: string;
  readonly silent: boolean;
}

/**
 * Who catches output. Front ends catch all output of one message at a time, so a target takes its turn just before
 * output of its own and gives it up just before other output of that message: work that runs interleaved is told apart.
 */
export class Redirects {
  readonly #contexts: Contexts;
  /** Whose turn it is, by the message's header. */
  readonly #turns = new Map<string, OutputTarget>();
  readonly #onDone = new WeakMap<HandledMessage, () => void>();

  constructor(contexts: Contexts) {
    this.#contexts = contexts;
  }

  /** Where output of the running code goes; called just before it is sent. */
  turn(): Destination {
    const { parent, silent, target, message } = this.#contexts.current();
    // Front ends no longer listen to a message that is done; to a cell they do.
    const destination = target && message && !message.done ? message.parent : parent;
    if (target || this.#turns.size > 0) this.#take(destination, target);
    return { parent: destination, silent };
  }

  /** Runs `work` with its output caught by `target`. */
  run<T>(target: OutputTarget, work: () => T): T {
    const outer = this.#contexts.current();
    const inner: Context = { ...outer, target, displays: new Set() };
    const end = this.#begin(target, outer.message);
    let result: T;
    try {
      result = this.#contexts.run(inner, work);
    } catch (error) {
      end();
      throw error;
    }
    if (!(result instanceof Promise) && inner.displays.size === 0) {
      end();
      return result;
    }
    const ended: Promise<void> = settled(inner, result).finally(() => {
      outer.displays.delete(ended);
      end();
    });
    // The cell is not done before what it has shown in the target.
    if (!(result instanceof Promise)) outer.displays.add(ended);
    return result instanceof Promise ? (ended.then(() => result) as T) : result;
  }

  /** Handles a comm message; `done` runs when it, and what keeps it busy, has ended. */
  handle(context: Context & { readonly message: HandledMessage }, done: () => void, work: () => void): void {
    const { message } = context;
    this.#onDone.set(message, done);
    message.pending++;
    this.#contexts.run(context, work);
    this.#release(message);
  }

  /** No one catches output of a message any longer. */
  release(parent: string): void {
    this.#take(parent, undefined);
  }

  #begin(target: OutputTarget, message: HandledMessage | undefined): () => void {
    if (message) message.pending++;
    return () => {
      for (const [parent, turn] of this.#turns) if (turn === target) this.#take(parent, undefined);
      if (message) this.#release(message);
    };
  }

  #release(message: HandledMessage): void {
    if (--message.pending > 0) return;
    message.done = true;
    this.#onDone.get(message)?.();
  }

  #take(parent: string, target: OutputTarget | undefined): void {
    const before = this.#turns.get(parent);
    if (before === target) return;
    this.#turns.delete(parent);
    before?.release();
    if (!target) return;
    for (const [other, turn] of this.#turns) if (turn === target) this.#turns.delete(other);
    this.#turns.set(parent, target);
    target.catch(String((JSON.parse(parent) as { msg_id?: unknown }).msg_id ?? ""));
  }
}

/** Resolves when promised work and the displays it prepared have ended, well or not. */
async function settled(context: Context, result: unknown): Promise<void> {
  await Promise.resolve(result).catch(() => undefined);
  while (context.displays.size > 0) await Promise.allSettled(context.displays);
}
