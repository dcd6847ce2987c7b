import type { WidgetModel } from "@jupyter-widgets/base";
import { withOwnBytes } from "./binary.ts";

/** The module of a custom widget, as anywidget's contract has it. */
export interface CustomCode {
  readonly render?: (context: object) => unknown;
  readonly initialize?: (context: object) => unknown;
}

/** Loads a module from its text; its default export, or what that function returns, has the widget's functions. */
export async function loadCode(text: string): Promise<CustomCode> {
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  try {
    const module = (await import(/* webpackIgnore: true */ url)) as { default?: CustomCode | (() => CustomCode) };
    const code = typeof module.default === "function" ? await module.default() : module.default;
    return code ?? (module as CustomCode);
  } finally {
    URL.revokeObjectURL(url);
  }
}

type Listener = (...args: unknown[]) => void;

/** A model as a custom widget's code sees it; what it listens to ends with `signal`. */
export function modelFor(model: WidgetModel, signal: AbortSignal): object {
  const heard: { readonly event: string; readonly listener: Listener }[] = [];
  const off = (event?: string | null, listener?: Listener) => {
    for (const each of [...heard]) {
      if ((event && each.event !== event) || (listener && each.listener !== listener)) continue;
      model.off(each.event, each.listener);
      heard.splice(heard.indexOf(each), 1);
    }
  };
  signal.addEventListener("abort", () => off());
  return {
    get: (name: string) => model.get(name),
    set: (name: string, value: unknown) => void model.set(name, value),
    save_changes: () => model.save_changes(),
    on: (event: string, listener: Listener) => {
      heard.push({ event, listener });
      model.on(event, listener);
    },
    off,
    send: (content: object, callbacks?: object, buffers: unknown[] = []) =>
      model.send(content as never, callbacks as never, buffers.map(withOwnBytes) as never),
    widget_manager: { get_model: (id: string) => model.widget_manager.get_model(id) },
  };
}
