import type { Comm, CommMessage, JsonObject, KernelHost, OutputTarget } from "../../src/host/index.ts";

/** What a widget's message may hold. */
export interface SentData {
  readonly method?: string;
  readonly state: { readonly [key: string]: unknown };
  readonly states: { readonly [id: string]: { readonly state: { readonly [key: string]: unknown } } };
  readonly buffer_paths: readonly (readonly (string | number)[])[];
  readonly content?: JsonObject;
}

/** One model's state as a notebook stores it. */
export interface SavedModel {
  readonly model_name: unknown;
  readonly model_module: unknown;
  readonly model_module_version: unknown;
  readonly state: { [key: string]: unknown };
  buffers: { encoding: "base64"; path: readonly (string | number)[]; data: string }[];
}

/** A message that the kernel side sent. */
export interface Sent {
  readonly kind: "open" | "message" | "close";
  readonly commId: string;
  readonly data: SentData;
  readonly metadata: JsonObject;
  readonly buffers: readonly Uint8Array[];
}

interface FakeComm extends Comm {
  onMessage: ((message: CommMessage) => void) | undefined;
  onClose: ((message: CommMessage) => void) | undefined;
}

/** A kernel without a kernel: records what widgets send and lets a test play the front end. */
export class FakeHost implements KernelHost {
  readonly sent: Sent[] = [];
  /** What was shown. */
  readonly shown: unknown[] = [];
  /** What listeners have thrown. */
  readonly errors: unknown[] = [];
  readonly comms = new Map<string, FakeComm>();
  readonly #targets = new Map<string, (comm: Comm, message: CommMessage) => void>();

  /** Makes this the host of the process until `uninstall`. */
  install(): this {
    (globalThis as { [key: symbol]: unknown })[Symbol.for("Jupyter.kernel")] = this;
    return this;
  }

  uninstall(): void {
    delete (globalThis as { [key: symbol]: unknown })[Symbol.for("Jupyter.kernel")];
  }

  openComm(targetName: string, options: Parameters<KernelHost["openComm"]>[1] = {}): Comm {
    const comm = this.#comm(options.id ?? String(this.comms.size), targetName);
    this.#record("open", comm.id, options.data ?? {}, options);
    return comm;
  }

  registerCommTarget(targetName: string, onOpen: (comm: Comm, message: CommMessage) => void): void {
    this.#targets.set(targetName, onOpen);
  }

  display(): void {}
  show(value: unknown): void {
    this.shown.push(value);
  }
  clearOutput(): void {}
  onInterrupt(): () => void {
    return () => {};
  }
  bind<Listener extends (...args: never[]) => unknown>(listener: Listener): Listener {
    return ((...args: Parameters<Listener>) => listener(...args)) as Listener;
  }
  redirect<T>(target: OutputTarget, work: () => T): T {
    target.catch("cell");
    try {
      return work();
    } finally {
      target.release();
    }
  }
  reportError(_what: string, error: unknown): void {
    this.errors.push(error);
  }

  /** The front end opens a comm. */
  openFromBrowser(targetName: string, id: string, data: JsonObject = {}, metadata: JsonObject = {}): void {
    this.#targets.get(targetName)?.(this.#comm(id, targetName), { ...message(data), metadata });
  }

  /** The front end sends on a comm. */
  fromBrowser(commId: string, data: JsonObject, buffers: readonly Uint8Array[] = []): void {
    this.comms.get(commId)?.onMessage?.(message(data, buffers));
  }

  /** Messages sent on a comm after it opened. */
  messages(commId: string): Sent[] {
    return this.sent.filter((sent) => sent.commId === commId && sent.kind === "message");
  }

  #comm(id: string, targetName: string): FakeComm {
    const comm: FakeComm = {
      id,
      targetName,
      onMessage: undefined,
      onClose: undefined,
      send: (data, options = {}) => this.#record("message", id, data, options),
      close: (data = {}) => this.#record("close", id, data, {}),
    };
    this.comms.set(id, comm);
    return comm;
  }

  #record(
    kind: Sent["kind"],
    commId: string,
    data: JsonObject,
    options: { metadata?: JsonObject; buffers?: readonly Uint8Array[] },
  ): void {
    this.sent.push({
      kind,
      commId,
      data: structuredClone(data) as unknown as SentData,
      metadata: options.metadata ?? {},
      buffers: options.buffers ?? [],
    });
  }
}

function message(data: JsonObject, buffers: readonly Uint8Array[] = []): CommMessage {
  return { data, metadata: {}, buffers };
}

/** Widget state as nbclient stores it in a notebook, from the messages a host has recorded. */
export function savedState(host: FakeHost): { version_major: 2; version_minor: 0; state: Record<string, SavedModel> } {
  const state: Record<string, SavedModel> = {};
  for (const { kind, commId, data, buffers } of host.sent) {
    if (kind === "close" || data.state === undefined || data.method === "echo_update") continue;
    const saved = (state[commId] ??= {
      model_name: data.state._model_name,
      model_module: data.state._model_module,
      model_module_version: data.state._model_module_version,
      state: {},
      buffers: [],
    });
    Object.assign(saved.state, data.state);
    const fresh = data.buffer_paths.map((path, i) => ({
      encoding: "base64" as const,
      path,
      data: Buffer.from(buffers[i] as Uint8Array).toString("base64"),
    }));
    const keys = new Set(Object.keys(data.state).concat(fresh.map(({ path }) => String(path[0]))));
    saved.buffers = saved.buffers.filter(({ path }) => !keys.has(String(path[0]))).concat(fresh);
  }
  return { version_major: 2, version_minor: 0, state };
}
