import { randomUUID } from "node:crypto";
import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";
import type { Post } from "./comms.ts";
import type { Contexts } from "./context.ts";
import { bundleOf, isBundleData, VEGA_LITE, vegaMimeType } from "./display.ts";
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
  const display = (value: unknown, { id = randomUUID(), update = false }: { id?: string; update?: boolean } = {}) => {
    show(value, id, update);
    return new ShownDisplay(id, (next) => show(next, id, true));
  };
  const as = (mimeType: string) => (data: unknown) => display({ [mimeType]: data });
  const bytesAs = (mimeType: string) => (bytes: Uint8Array) =>
    display({ [mimeType]: Buffer.from(bytes).toString("base64") });
  return Object.assign(display, {
    html: as("text/html"),
    markdown: as("text/markdown"),
    latex: as("text/latex"),
    svg: as("image/svg+xml"),
    json: as("application/json"),
    javascript: as("application/javascript"),
    png: bytesAs("image/png"),
    jpeg: bytesAs("image/jpeg"),
    gif: bytesAs("image/gif"),
    pdf: bytesAs("application/pdf"),
    vega: (specification: object) => display({ [vegaMimeType(specification) ?? VEGA_LITE]: specification }),
  });
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

  /** Asks and holds this thread until the answer is there. */
  askSync(parent: string, prompt: string, password: boolean): string {
    const { port1, port2 } = new MessageChannel();
    const signal = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    const blocked = { port: port2, signal };
    this.#post({ type: "input-request", serial: ++this.#serial, parent, prompt, password, blocked }, [port2]);
    Atomics.wait(signal, 0, 0);
    const answer = receiveMessageOnPort(port1) as { message: string };
    port1.close();
    return answer.message;
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

/** What cells ask the user with; the names are global. */
interface Inputs {
  readonly input: typeof globalThis.input;
  readonly inputSync: typeof globalThis.inputSync;
  /** As in browsers: a line of text, or the default where nothing is typed. */
  readonly prompt: (message?: string, defaultText?: string) => string | null;
  /** As in browsers: whether the user says yes. */
  readonly confirm: (message?: string) => boolean;
  /** As in browsers: waits until the user has read. */
  readonly alert: (message?: string) => void;
}

/** Makes the questions of cells to the user. */
export function createInputs(requests: InputRequests, contexts: Contexts): Inputs {
  const parent = () => {
    const { parent, allowStdin } = contexts.current();
    if (!allowStdin) throw new Error("Cannot ask for input: the front end that runs this cell must allow it");
    return parent;
  };
  const inputSync = (prompt = "", { password = false } = {}) => requests.askSync(parent(), String(prompt), password);
  return {
    input: async (prompt = "", { password = false } = {}) => requests.ask(parent(), String(prompt), password),
    inputSync,
    prompt: (message = "", defaultText = "") => {
      const shown = defaultText === "" ? `${message} ` : `${message} [${defaultText}] `;
      return inputSync(shown) || defaultText || null;
    },
    confirm: (message = "") => /^y(es)?$/i.test(inputSync(`${message} [y/N] `).trim()),
    alert: (message = "") => void inputSync(`${message} [Enter] `),
  };
}
