import { randomUUID } from "node:crypto";
import { type Comm, type CommMessage, type JsonObject, type KernelHost, kernelHost } from "../../src/host/index.ts";
import {
  type BufferPath,
  packBuffers,
  sameValue,
  unpackBuffers,
  type WidgetState,
  type WidgetValue,
} from "./buffers.ts";
import { WIDGET_MODULE, WIDGET_MODULE_VERSION } from "./version.ts";

/** Version of the widget messaging protocol, sent with each comm. */
export const WIDGET_PROTOCOL_VERSION = "2.1.0";
export const WIDGET_VIEW_TYPE = "application/vnd.jupyter.widget-view+json";

/** How a WidgetModel is made. */
export interface WidgetModelOptions<State extends WidgetState> {
  /** Class of the model in the browser. */
  readonly modelName: string;
  /** Class of its view. */
  readonly viewName: string;
  readonly state: State;
  /** Keys that the browser may set; what it sends for others is answered with the kernel's value. */
  readonly writable?: readonly (keyof State & string)[];
}

/** Models whose comm is open, by id. */
const open = new Map<string, WidgetModel<WidgetState>>();

/** Models that a front end can see now. */
export function openWidgets(): Iterable<WidgetModel<WidgetState>> {
  return open.values();
}

/**
 * The kernel's end of one Jupyter widget: a state that both sides see, kept the same over a comm (protocol 2.1).
 *
 * The comm opens when the widget is first shown or referred to, so a widget that nobody looks at costs no message,
 * and in a script without a kernel the state works alone.
 */
export class WidgetModel<State extends WidgetState> {
  /** Model id and comm id. */
  readonly id: string = randomUUID().replaceAll("-", "");
  #state: State;
  #comm: Comm | undefined;
  #closed = false;
  readonly #writable: ReadonlySet<string>;
  readonly #listeners = new Map<string, Set<(fromBrowser: boolean) => void>>();
  readonly #customListeners = new Set<(content: JsonObject, buffers: readonly Uint8Array[]) => void>();
  readonly #closeListeners = new Set<() => void>();
  readonly #dirty = new Set<string>();
  #holds = 0;
  /** What the browser just sent; equal values need no answer. */
  #received: WidgetState = {};

  constructor(options: WidgetModelOptions<State>) {
    this.#writable = new Set(options.writable ?? []);
    this.#state = {
      _model_module: WIDGET_MODULE,
      _model_module_version: WIDGET_MODULE_VERSION,
      _model_name: options.modelName,
      _view_module: WIDGET_MODULE,
      _view_module_version: WIDGET_MODULE_VERSION,
      _view_name: options.viewName,
      layout: null,
      tabbable: null,
      tooltip: null,
      _dom_classes: [],
      _view_count: null,
      ...options.state,
    };
  }

  /** Current value of one key. */
  get<Key extends keyof State & string>(key: Key): State[Key] {
    return this.#state[key];
  }

  /** The whole state, as it is synchronised. */
  get state(): State {
    return this.#state;
  }

  /** Sets some keys; the browser gets those that changed, in one message. */
  set(changes: Partial<State>): void {
    this.hold(() => this.#apply(changes, false));
  }

  /** Runs `work`; whatever it sets goes to the browser in one message at its end. */
  hold<T>(work: () => T): T {
    this.#holds++;
    try {
      return work();
    } finally {
      if (--this.#holds === 0) this.#flush();
    }
  }

  /** Calls `listener` after the key changed, from either side. Returns the removal. */
  onChange(key: keyof State & string, listener: (fromBrowser: boolean) => void): () => void {
    const listeners = this.#listeners.get(key) ?? new Set();
    this.#listeners.set(key, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /** Calls `listener` for each custom message from the browser. Returns the removal. */
  onCustom(listener: (content: JsonObject, buffers: readonly Uint8Array[]) => void): () => void {
    this.#customListeners.add(listener);
    return () => this.#customListeners.delete(listener);
  }

  /** Calls `listener` when the widget is closed, from either side. */
  onClose(listener: () => void): void {
    this.#closeListeners.add(listener);
  }

  /** Sends a custom message to the browser's model. Not stored in notebooks, unlike state. */
  send(content: JsonObject, buffers: readonly ArrayBufferView[] = []): void {
    const copies = buffers.map((view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice());
    this.#comm?.send({ method: "custom", content }, { buffers: copies });
  }

  /** The reference by which other widgets' states name this one; opens the comm. */
  reference(): string {
    this.open();
    return `IPY_MODEL_${this.id}`;
  }

  /** Opens the comm, if there is a kernel and it is not open. */
  open(host: KernelHost | undefined = kernelHost()): void {
    if (this.#comm || !host || this.#closed) return;
    connectWidgets(host);
    const { state, bufferPaths, buffers } = packBuffers(this.#state);
    this.#comm = host.openComm("jupyter.widget", {
      id: this.id,
      data: { state, buffer_paths: bufferPaths },
      metadata: { version: WIDGET_PROTOCOL_VERSION },
      buffers,
    });
    this.#comm.onMessage = (message) => this.#receive(message);
    this.#comm.onClose = () => this.#forget();
    open.set(this.id, this as unknown as WidgetModel<WidgetState>);
  }

  /** Removes the widget from the browser. */
  close(): void {
    const comm = this.#comm;
    this.#forget();
    comm?.close();
  }

  /** What a cell shows for this widget. */
  bundle(plainText: string): { [mimeType: string]: unknown } {
    this.open();
    if (!this.#comm) return { "text/plain": plainText };
    const view = { version_major: 2, version_minor: 0, model_id: this.id };
    return { [WIDGET_VIEW_TYPE]: view, "text/plain": plainText };
  }

  #forget(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#comm = undefined;
    open.delete(this.id);
    for (const listener of this.#closeListeners) guard(listener);
  }

  #apply(changes: Partial<State>, fromBrowser: boolean): void {
    const changed = Object.keys(changes).filter((key) => !sameValue(this.#state[key], changes[key] as WidgetValue));
    this.#state = { ...this.#state, ...Object.fromEntries(changed.map((key) => [key, changes[key]])) };
    for (const key of changed) this.#dirty.add(key);
    for (const key of changed) {
      for (const listener of this.#listeners.get(key) ?? []) guard(() => listener(fromBrowser));
    }
  }

  #flush(): void {
    const keys = [...this.#dirty].filter(
      (key) => !(key in this.#received && sameValue(this.#received[key], this.#state[key])),
    );
    this.#dirty.clear();
    if (keys.length > 0) this.#sendState("update", keys);
  }

  #sendState(method: "update", keys: readonly string[]): void {
    if (!this.#comm) return;
    const { state, bufferPaths, buffers } = packBuffers(
      Object.fromEntries(keys.map((key) => [key, this.#state[key] as WidgetValue])),
    );
    this.#comm.send({ method, state, buffer_paths: bufferPaths }, { buffers });
  }

  #receive(message: CommMessage): void {
    const { method } = message.data;
    if (method === "request_state") this.#sendState("update", Object.keys(this.#state));
    else if (method === "update") guard(() => this.#receiveUpdate(message));
    else if (method === "custom") {
      for (const listener of this.#customListeners) {
        guard(() => listener(message.data.content as JsonObject, message.buffers));
      }
    }
  }

  #receiveUpdate(message: CommMessage): void {
    const state = (message.data.state ?? {}) as JsonObject;
    const bufferPaths = (message.data.buffer_paths ?? []) as readonly BufferPath[];
    const values = unpackBuffers({ state, bufferPaths, buffers: message.buffers });
    // The echo comes before the change, so that every front end sees the same order.
    if (echoes())
      this.#comm?.send({ method: "echo_update", state, buffer_paths: bufferPaths }, { buffers: message.buffers });
    const known = Object.keys(values).filter((key) => key in this.#state);
    const accepted = known.filter((key) => this.#writable.has(key));
    this.#received = Object.fromEntries(accepted.map((key) => [key, values[key] as WidgetValue]));
    try {
      this.hold(() => {
        this.#apply(this.#received as Partial<State>, true);
        for (const key of known) if (!this.#writable.has(key)) this.#dirty.add(key);
      });
    } finally {
      this.#received = {};
    }
  }
}

/** Runs a listener; its error is shown where errors go, and the widget lives on. */
function guard(work: () => void): void {
  try {
    work();
  } catch (error) {
    console.error(error);
  }
}

/** Whether updates are echoed (ipywidgets' JUPYTER_WIDGETS_ECHO; on unless switched off). */
function echoes(): boolean {
  return !["no", "n", "false", "off", "0", "0.0"].includes((process.env.JUPYTER_WIDGETS_ECHO ?? "").toLowerCase());
}

const connected = new WeakSet<KernelHost>();

/**
 * Answers the two comm targets of the widget protocol: a front end that asks for all widget states after a page
 * reload gets them, and widgets that a front end tries to make itself are refused by closing their comm.
 */
export function connectWidgets(host: KernelHost | undefined = kernelHost()): void {
  if (!host || connected.has(host)) return;
  connected.add(host);
  host.registerCommTarget("jupyter.widget", (comm) => comm.close());
  host.registerCommTarget("jupyter.widget.control", (comm) => {
    comm.onMessage = (message) => {
      if (message.data.method === "request_states") sendAllStates(comm);
    };
  });
}

function sendAllStates(comm: Comm): void {
  const states: { [id: string]: WidgetValue } = {};
  for (const model of open.values()) {
    const { _model_module, _model_module_version, _model_name } = model.state;
    states[model.id] = {
      model_name: _model_name as string,
      model_module: _model_module as string,
      model_module_version: _model_module_version as string,
      state: model.state,
    };
  }
  const { state, bufferPaths, buffers } = packBuffers(states);
  comm.send({ method: "update_states", states: state, buffer_paths: bufferPaths }, { buffers });
}
