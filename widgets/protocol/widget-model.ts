import { randomUUID } from "node:crypto";
import { type Comm, type CommMessage, type JsonObject, type KernelHost, kernelHost } from "../../src/host/index.ts";
import {
  type BufferPath,
  packBuffers,
  sameValue,
  unpackBuffers,
  type WidgetReference,
  type WidgetState,
  type WidgetValue,
} from "./buffers.ts";
import { bindToCell, guard } from "./listeners.ts";
import { addOpenWidget, connectWidgets, removeOpenWidget, WIDGET_PROTOCOL_VERSION } from "./registry.ts";
import { WIDGET_MODULE, WIDGET_MODULE_VERSION } from "./version.ts";

export const WIDGET_VIEW_TYPE = "application/vnd.jupyter.widget-view+json";

/**
 * Checks what is about to be set, from either side, and completes it: what it returns is set instead.
 *
 * @throws {TypeError | RangeError} If the values cannot be: nothing is set then.
 */
export type StateRule<State> = (changes: Partial<State>, state: State) => Partial<State>;

/** How a WidgetModel is made. */
export interface WidgetModelOptions<State extends WidgetState> {
  /** Classes of model and view in the browser, of a widget of Photonbook's own. Others name theirs in the state. */
  readonly modelName?: string;
  readonly viewName?: string;
  readonly state: State;
  /** Keys that the browser may set; what it sends for others is answered with the kernel's value. */
  readonly writable?: readonly (keyof State & string)[];
  /** Keys that stay in the kernel. */
  readonly local?: readonly (keyof State & string)[];
  /** Keys whose updates are not echoed, since they are large and only one front end needs them. */
  readonly unechoed?: readonly (keyof State & string)[];
  /** Default: sets what was asked for. */
  readonly rule?: StateRule<State>;
  /** What stands for this widget where others refer to it. Default: the model. */
  readonly owner?: unknown;
  /** The comm of a widget that a front end has made. Default: one of its own, opened when needed. */
  readonly comm?: Comm | undefined;
}

type ChangeListener = (fromBrowser: boolean, old: WidgetValue | undefined) => void;
type CustomListener = (content: JsonObject, buffers: readonly Uint8Array[]) => void;

/**
 * The kernel's end of one Jupyter widget: a state that both sides see, kept the same over a comm (protocol 2.1).
 *
 * The comm opens when the widget is first shown or referred to, so a widget that nobody looks at costs no message,
 * and in a script without a kernel the state works alone. Listeners print into the cell that added them where the
 * browser has caused the change, else into the cell that did.
 */
export class WidgetModel<State extends WidgetState> implements WidgetReference {
  /** Model id and comm id. */
  readonly id: string;
  /** What stands for this widget where others refer to it. */
  readonly owner: unknown;
  #state: State;
  #comm: Comm | undefined;
  #closed = false;
  readonly #writable: ReadonlySet<string>;
  readonly #local: ReadonlySet<string>;
  readonly #unechoed: ReadonlySet<string>;
  readonly #rule: StateRule<State>;
  readonly #listeners = new Map<string, Set<ChangeListener>>();
  readonly #customListeners = new Set<CustomListener>();
  readonly #closeListeners = new Set<() => void>();
  readonly #dirty = new Set<string>();
  #holds = 0;
  /** What the browser just sent; equal values need no answer. */
  #received: WidgetState = {};

  constructor(options: WidgetModelOptions<State>) {
    const { modelName, viewName, comm } = options;
    this.id = comm?.id ?? randomUUID().replaceAll("-", "");
    this.owner = options.owner ?? this;
    this.#writable = new Set(options.writable ?? []);
    this.#local = new Set(options.local ?? []);
    this.#unechoed = new Set(options.unechoed ?? []);
    this.#rule = options.rule ?? ((changes) => changes);
    this.#state = modelName && viewName ? { ...ownState(modelName, viewName), ...options.state } : options.state;
    if (comm) this.#attach(comm);
  }

  /** Current value of one key. */
  get<Key extends keyof State & string>(key: Key): State[Key] {
    return this.#state[key];
  }

  /** The whole state, as it is synchronised. */
  get state(): State {
    if (this.#local.size === 0) return this.#state;
    const entries = Object.entries(this.#state).filter(([key]) => !this.#local.has(key));
    return Object.fromEntries(entries) as unknown as State;
  }

  /** Whether the widget has been closed, from either side. */
  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Sets some keys; the browser gets those that changed, in one message.
   *
   * @throws {TypeError | RangeError} If the widget's rule refuses the values; nothing is set then.
   */
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
  onChange<Key extends keyof State & string>(
    key: Key,
    listener: (fromBrowser: boolean, old: State[Key]) => void,
  ): () => void {
    const listeners = this.#listeners.get(key) ?? new Set();
    const bound = bindToCell(listener as ChangeListener);
    this.#listeners.set(key, listeners.add(bound));
    return () => listeners.delete(bound);
  }

  /** Calls `listener` for each custom message from the browser. Returns the removal. */
  onCustom(listener: CustomListener): () => void {
    const bound = bindToCell(listener);
    this.#customListeners.add(bound);
    return () => this.#customListeners.delete(bound);
  }

  /** Calls `listener` when the widget is closed, from either side. Returns the removal. */
  onClose(listener: () => void): () => void {
    const bound = bindToCell(listener);
    this.#closeListeners.add(bound);
    return () => this.#closeListeners.delete(bound);
  }

  /** Sends a custom message to the browser's model. Not stored in notebooks, unlike state. */
  send(content: JsonObject, buffers: readonly ArrayBufferView[] = []): void {
    const copies = buffers.map((view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice());
    this.#comm?.send({ method: "custom", content }, { buffers: copies });
  }

  /** Tells the listeners of a custom message, as if the browser had sent it. */
  receiveCustom(content: JsonObject, buffers: readonly Uint8Array[] = []): void {
    for (const listener of [...this.#customListeners]) listener(content, buffers);
  }

  reference(): string {
    this.open();
    return `IPY_MODEL_${this.id}`;
  }

  /** Opens the comm, if there is a kernel and it is not open. */
  open(host: KernelHost | undefined = kernelHost()): void {
    if (this.#comm || !host || this.#closed) return;
    connectWidgets(host);
    const { state, bufferPaths, buffers } = packBuffers(this.state);
    this.#attach(
      host.openComm("jupyter.widget", {
        id: this.id,
        data: { state, buffer_paths: bufferPaths },
        metadata: { version: WIDGET_PROTOCOL_VERSION },
        buffers,
      }),
    );
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

  #attach(comm: Comm): void {
    this.#comm = comm;
    comm.onMessage = (message) => this.#receive(message);
    comm.onClose = () => this.#forget();
    addOpenWidget(this);
  }

  #forget(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#comm = undefined;
    removeOpenWidget(this.id);
    for (const listener of [...this.#closeListeners]) listener();
    this.#listeners.clear();
    this.#customListeners.clear();
    this.#closeListeners.clear();
  }

  #apply(asked: Partial<State>, fromBrowser: boolean): void {
    const before = this.#state;
    const changes = this.#rule(asked, before);
    const changed = Object.keys(changes).filter((key) => !this.#isSame(key, before[key], changes[key] as WidgetValue));
    this.#state = { ...before, ...Object.fromEntries(changed.map((key) => [key, changes[key]])) };
    for (const key of changed) if (!this.#local.has(key)) this.#dirty.add(key);
    for (const key of changed) {
      for (const listener of [...(this.#listeners.get(key) ?? [])]) listener(fromBrowser, before[key]);
    }
  }

  /** What stays in the kernel may be anything, so only the very same thing is the same. */
  #isSame(key: string, a: WidgetValue | undefined, b: WidgetValue): boolean {
    return this.#local.has(key) ? Object.is(a, b) : sameValue(a, b);
  }

  #flush(): void {
    const keys = [...this.#dirty].filter((key) => !(key in this.#received && this.#isAsReceived(key)));
    this.#dirty.clear();
    if (keys.length > 0) this.#sendState(keys);
  }

  #isAsReceived(key: string): boolean {
    const sent = this.#received[key];
    const value = this.#state[key] as WidgetValue;
    return (
      sameValue(sent, value) || sameValue({ [key]: sent as WidgetValue }, unpackBuffers(packBuffers({ [key]: value })))
    );
  }

  #sendState(keys: readonly string[]): void {
    if (!this.#comm) return;
    const { state, bufferPaths, buffers } = packBuffers(
      Object.fromEntries(keys.map((key) => [key, this.#state[key] as WidgetValue])),
    );
    const newestOf = keys.toSorted().join();
    this.#comm.send({ method: "update", state, buffer_paths: bufferPaths }, { buffers, newestOf });
  }

  #receive(message: CommMessage): void {
    const { method } = message.data;
    if (method === "request_state") this.#sendState(Object.keys(this.state));
    else if (method === "update") guard(() => this.#receiveUpdate(message));
    else if (method === "custom") this.receiveCustom(message.data.content as JsonObject, message.buffers);
  }

  #receiveUpdate(message: CommMessage): void {
    const state = (message.data.state ?? {}) as JsonObject;
    const bufferPaths = (message.data.buffer_paths ?? []) as readonly BufferPath[];
    const values = unpackBuffers({ state, bufferPaths, buffers: message.buffers });
    // The echo comes before the change, so that every front end sees the same order.
    this.#echo(values);
    const known = Object.keys(values).filter((key) => key in this.#state && !this.#local.has(key));
    const accepted = known.filter((key) => this.#writable.has(key));
    this.#received = Object.fromEntries(accepted.map((key) => [key, values[key] as WidgetValue]));
    try {
      this.hold(() => {
        for (const key of known) if (!this.#writable.has(key)) this.#dirty.add(key);
        try {
          this.#apply(this.#received as Partial<State>, true);
        } catch (error) {
          // The browser shows what the kernel has refused: it is told the value that holds.
          for (const key of accepted) this.#dirty.add(key);
          throw error;
        }
      });
    } finally {
      this.#received = {};
    }
  }

  #echo(values: { [key: string]: WidgetValue }): void {
    if (!this.#comm || !echoes()) return;
    const entries = Object.entries(values).filter(([key]) => !this.#unechoed.has(key));
    if (entries.length === 0) return;
    const { state, bufferPaths, buffers } = packBuffers(Object.fromEntries(entries));
    this.#comm.send({ method: "echo_update", state, buffer_paths: bufferPaths }, { buffers });
  }
}

/** What Photonbook's own widgets have in common. */
function ownState(modelName: string, viewName: string): WidgetState {
  return {
    _model_module: WIDGET_MODULE,
    _model_module_version: WIDGET_MODULE_VERSION,
    _model_name: modelName,
    _view_module: WIDGET_MODULE,
    _view_module_version: WIDGET_MODULE_VERSION,
    _view_name: viewName,
    layout: null,
    tabbable: null,
    tooltip: null,
    _dom_classes: [],
    _view_count: null,
  };
}

/** Whether updates are echoed (ipywidgets' JUPYTER_WIDGETS_ECHO; on unless switched off). */
function echoes(): boolean {
  return !["no", "n", "false", "off", "0", "0.0"].includes((process.env.JUPYTER_WIDGETS_ECHO ?? "").toLowerCase());
}
