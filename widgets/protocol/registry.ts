import { type Comm, type CommMessage, type JsonObject, type KernelHost, kernelHost } from "../../src/host/index.ts";
import { type BufferPath, packBuffers, unpackBuffers, type WidgetState, type WidgetValue } from "./buffers.ts";

/** Version of the widget messaging protocol, sent with each comm. */
export const WIDGET_PROTOCOL_VERSION = "2.1.0";

/** A widget whose comm is open. */
export interface OpenWidget {
  readonly id: string;
  readonly state: WidgetState;
  /** What stands for it in other widgets' values. */
  readonly owner: unknown;
  close(): void;
}

/** Makes the kernel's side of a widget that a front end has opened with a state. */
export type WidgetFactory = (comm: Comm, state: { readonly [key: string]: WidgetValue }) => void;

const open = new Map<string, OpenWidget>();
const factories = new Map<string, WidgetFactory>();
const connected = new WeakSet<KernelHost>();

/** Widgets that a front end can see now. */
export function openWidgets(): Iterable<OpenWidget> {
  return open.values();
}

/** The open widget with an id. */
export function openWidget(id: string): OpenWidget | undefined {
  return open.get(id);
}

/** Notes that a widget's comm is open. */
export function addOpenWidget(widget: OpenWidget): void {
  open.set(widget.id, widget);
}

/** Notes that a widget is closed; nothing of this module holds it any longer. */
export function removeOpenWidget(id: string): void {
  open.delete(id);
}

/** Lets front ends make widgets of a model. */
export function registerWidget(module: string, modelName: string, factory: WidgetFactory): void {
  factories.set(`${module}/${modelName}`, factory);
}

/**
 * Answers the two comm targets of the widget protocol: a front end that asks for all widget states after a page
 * reload gets them, and one that opens a widget itself gets its kernel's side, if the model is known here.
 */
export function connectWidgets(host: KernelHost | undefined = kernelHost()): void {
  if (!host || connected.has(host)) return;
  connected.add(host);
  host.registerCommTarget("jupyter.widget", openFromFrontEnd);
  host.registerCommTarget("jupyter.widget.control", (comm) => {
    comm.onMessage = (message) => {
      if (message.data.method === "request_states") sendAllStates(comm);
    };
  });
}

/** An error here closes the comm, as the kernel does for any target. */
function openFromFrontEnd(comm: Comm, message: CommMessage): void {
  const version = String(message.metadata.version ?? "");
  if (version.split(".")[0] !== WIDGET_PROTOCOL_VERSION.split(".")[0]) {
    throw new Error(
      `Cannot open widget: protocol version must be ${WIDGET_PROTOCOL_VERSION} or compatible: current value is "${version}"`,
    );
  }
  const state = unpackBuffers({
    state: (message.data.state ?? {}) as JsonObject,
    bufferPaths: (message.data.buffer_paths ?? []) as readonly BufferPath[],
    buffers: message.buffers,
  });
  const name = `${state._model_module}/${state._model_name}`;
  const factory = factories.get(name);
  if (!factory)
    throw new Error(`Cannot open widget: its model must be known to the kernel: current value is "${name}"`);
  factory(comm, state);
}

function sendAllStates(comm: Comm): void {
  const states: { [id: string]: WidgetValue } = {};
  for (const { id, state } of [...open.values()]) {
    const { _model_module, _model_module_version, _model_name } = state;
    states[id] = {
      model_name: _model_name as string,
      model_module: _model_module as string,
      model_module_version: _model_module_version as string,
      state,
    };
  }
  const { state, bufferPaths, buffers } = packBuffers(states);
  comm.send({ method: "update_states", states: state, buffer_paths: bufferPaths }, { buffers });
}
