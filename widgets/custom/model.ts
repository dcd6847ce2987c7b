import type { JsonObject } from "../../src/host/index.ts";
import { Widget } from "../core/index.ts";
import { WidgetModel, type WidgetState, type WidgetValue } from "../protocol/index.ts";
import { asKindOf } from "./binary.ts";
import { moduleText } from "./esm.ts";

declare global {
  /** The browser's, which cells know and the kernel does not. */
  interface HTMLElement {
    readonly tagName: string;
  }
}

/** A state that the kernel and the browser share: JSON, binary arrays, widgets. */
export type CustomState = { readonly [key: string]: WidgetValue };

/** What the browser has of a value: binary ones arrive as a DataView. */
export type InBrowser<V> = V extends ArrayBufferView ? DataView : V;

/** The widget as its code in the browser sees it; anywidget's contract. */
export interface BrowserModel<State> {
  get<Name extends keyof State & string>(name: Name): InBrowser<State[Name]>;
  /** Sets a value here; `save_changes` sends it. */
  set<Name extends keyof State & string>(name: Name, value: State[Name]): void;
  /** Sends what was set to the kernel and to all views. */
  save_changes(): void;
  on(event: `change:${keyof State & string}` | "change", listener: () => void): void;
  on(event: "msg:custom", listener: (content: JsonObject, buffers: readonly DataView[]) => void): void;
  off(event?: string | null, listener?: (...args: never[]) => void): void;
  /** Sends a message to the kernel, which `onMessage` hears. */
  send(content: JsonObject, callbacks?: unknown, buffers?: readonly ArrayBufferView[]): void;
  /** Finds models of other widgets: `get_model("<id>")`. */
  readonly widget_manager: { get_model(id: string): Promise<unknown> };
}

/** What `render` gets. */
export interface RenderContext<State> {
  readonly model: BrowserModel<State>;
  /** An empty element to draw into. */
  readonly el: HTMLElement;
  /** Aborted when the view is removed. */
  readonly signal: AbortSignal;
}

/** How a custom widget is made. */
export interface CustomWidgetOptions<State extends CustomState> {
  /** Shared by kernel and browser, which may both set it. */
  readonly state: State;
  /**
   * Draws the widget in the browser, once a view; may return its clean-up. A function is sent as its source: it sees
   * its arguments and the browser's globals, no names of the notebook. Or the text of a module with a default export
   * `{ render }`, as anywidget's `_esm`.
   */
  readonly render: ((context: RenderContext<State>) => unknown) | string;
  /** Runs once a page before the first view; may return its clean-up. Default: none. */
  readonly initialize?: (context: Omit<RenderContext<State>, "el">) => unknown;
  /** Style sheet. Default: none. */
  readonly css?: string;
  /** Large values of the browser's that other pages do not need to follow at once. Default: none. */
  readonly unechoed?: readonly (keyof State & string)[];
}

/** Keys of the state that every widget has. */
const OWN_NAMES = /^_(esm$|css$|model_|view_|dom_classes$)|^(layout|tabbable|tooltip)$/;

/** A widget of the user's own: its traits are the keys of its state. */
export class CustomWidget<State extends CustomState> extends Widget<State> {
  /** @internal */
  constructor({ state, css = "", unechoed = [], ...code }: CustomWidgetOptions<State>) {
    const names = Object.keys(state);
    const taken = names.find((name) => OWN_NAMES.test(name) || name in Widget.prototype || name === "model");
    if (taken !== undefined) {
      throw new TypeError(
        `Cannot make widget: keys of its state must not be names that widgets have: current value is "${taken}"`,
      );
    }
    super(
      (owner) =>
        new WidgetModel<WidgetState>({
          modelName: "CustomWidgetModel",
          viewName: "CustomWidgetView",
          state: { ...state, _esm: moduleText(code), _css: css },
          writable: names,
          unechoed,
          rule: (changes, before) => withKinds(changes, before),
          owner,
        }),
      { keyOf: (name) => (names.includes(name) ? name : undefined), names, read: (_key, value) => value },
    );
    for (const name of names) {
      Object.defineProperty(this, name, {
        get: () => this.get(name),
        set: (value: State[string]) => this.set({ [name]: value } as Partial<State>),
        enumerable: true,
      });
    }
  }
}

/** Binary values of the browser, as the kinds of arrays that the state has. */
function withKinds(changes: Partial<WidgetState>, before: WidgetState): WidgetState {
  const entries = Object.entries(changes).map(([name, value]) => {
    const old = before[name];
    const isBinary = ArrayBuffer.isView(old) && ArrayBuffer.isView(value);
    return [name, isBinary ? asKindOf(old, value, name) : value];
  });
  return Object.fromEntries(entries);
}

/**
 * Makes a widget of one's own from a state and a function that draws it in the browser (anywidget's contract). It needs
 * no package in the front end but Photonbook's own, and works in saved pages without a network.
 *
 * @returns The widget. The keys of its state are properties; `observe`, `next`, `send` and `onMessage` as any widget's.
 * @throws {TypeError} If `render` uses names of the notebook, or the state uses names that widgets have.
 * @example
 * const counter = widget({
 *   state: { count: 0 },
 *   render({ model, el }) {
 *     const button = el.appendChild(document.createElement("button"));
 *     const show = () => (button.textContent = `${model.get("count")} photons`);
 *     button.onclick = () => {
 *       model.set("count", model.get("count") + 1);
 *       model.save_changes();
 *     };
 *     model.on("change:count", show);
 *     show();
 *   },
 * });
 * counter.count = 41;
 */
export function widget<State extends CustomState>(options: CustomWidgetOptions<State>): CustomWidget<State> & State {
  return new CustomWidget(options) as CustomWidget<State> & State;
}
