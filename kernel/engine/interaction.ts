import { randomUUID } from "node:crypto";
import type { Post } from "./comms.ts";
import type { Contexts } from "./context.ts";
import { bundleOf, isBundleData } from "./display.ts";
import type { DisplayHandle } from "./globals.ts";
import type { KernelHost, MimeBundle } from "./host.ts";

/** The display that a cell has made. */
export class ShownDisplay implements DisplayHandle {
  readonly id: string;
  readonly #show: (value: unknown) => void;

  constructor(id: string, show: (value: unknown) => void) {
    this.id = id;
    this.#show = show;
  }

  update(value: unknown): void {
    this.#show(value);
  }
}

/** Makes the `display` of cells; a display that is prepared asynchronously keeps its cell busy until it is shown. */
export function createDisplay(
  host: KernelHost,
  contexts: Contexts,
  onError: (what: string, error: unknown) => void,
): typeof globalThis.display {
  const show = (value: unknown, displayId: string, update: boolean) => {
    const bundle = isBundleData(value) ? { data: value } : bundleOf(value);
    if (!(bundle instanceof Promise)) return host.display(bundle, { displayId, update });
    const { displays } = contexts.current();
    const shown: Promise<void> = bundle
      .then((ready: MimeBundle) => host.display(ready, { displayId, update }))
      .catch((error) => onError("Error while displaying", error))
      .finally(() => displays.delete(shown));
    displays.add(shown);
  };
  return (value, { id = randomUUID(), update = false } = {}) => {
    show(value, id, update);
    return new ShownDisplay(id, (next) => show(next, id, true));
  };
}

/** Questions to the user that wait for their answers. */
export class InputRequests {
  readonly #post: Post;
  readonly #waiting = new Map<number, { resolve: (value: string) => void; reject: (error: Error) => void }>();
  #serial = 0;

  constructor(post: Post) {
    this.#post = post;
  }

  ask(parent: string, prompt: string, password: boolean): Promise<string> {
    const serial = ++this.#serial;
    this.#post({ type: "input-request", serial, parent, prompt, password });
    return new Promise((resolve, reject) => this.#waiting.set(serial, { resolve, reject }));
  }

  answer(serial: number, value: string): void {
    this.#waiting.get(serial)?.resolve(value);
    this.#waiting.delete(serial);
  }

  /** Drops all questions: their cell was stopped. */
  cancel(): void {
    this.#waiting.clear();
  }
}

/** Makes the `input` of cells: asks the user for a line of text. */
export function createInput(requests: InputRequests, contexts: Contexts): typeof globalThis.input {
  return async (prompt = "", options = {}) => {
    const { parent, allowStdin } = contexts.current();
    if (!allowStdin) throw new Error("Cannot ask for input: the front end that runs this cell must allow it");
    return requests.ask(parent, String(prompt), options.password ?? false);
  };
}
