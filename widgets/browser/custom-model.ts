import { DOMWidgetModel } from "@jupyter-widgets/base";
import { type CustomCode, loadCode, modelFor } from "./afm.ts";
import { withOwnBytes } from "./binary.ts";

/** Browser's model of a custom widget; its code is loaded once, when it comes into the page. */
export class CustomWidgetModel extends DOMWidgetModel {
  /** The widget's functions, once its `initialize` has run. */
  declare code: Promise<CustomCode>;
  /** Ends what `initialize` has started. Backbone initialises a model before its class has fields. */
  declare ending: AbortController;

  override defaults() {
    return {
      ...super.defaults(),
      _model_module: "photonbook",
      _view_module: "photonbook",
      _model_name: "CustomWidgetModel",
      _view_name: "CustomWidgetView",
      _esm: "",
      _css: "",
    };
  }

  override initialize(...args: Parameters<DOMWidgetModel["initialize"]>): void {
    super.initialize(...args);
    this.ending = new AbortController();
    this.code = loadAndInitialize(this);
    // The view shows the error.
    this.code.catch(() => undefined);
  }

  override close(comm_closed?: boolean): Promise<void> {
    this.ending.abort();
    return super.close(comm_closed);
  }

  /** Binary values go as they are, where the default would turn them into JSON. What is sent is `state` itself. */
  override serialize(state: Record<string, unknown>): ReturnType<DOMWidgetModel["serialize"]> {
    const isWidgets = (name: string) => name in (CustomWidgetModel.serializers ?? {});
    const theirs = Object.fromEntries(Object.entries(state).filter(([name]) => isWidgets(name)));
    const own = Object.entries(state).flatMap(([name, value]) =>
      isWidgets(name) ? [] : [[name, withOwnBytes(value)]],
    );
    return Object.assign(state, super.serialize(theirs as never), Object.fromEntries(own)) as never;
  }
}

async function loadAndInitialize(model: CustomWidgetModel): Promise<CustomCode> {
  const code = await loadCode(String(model.get("_esm")));
  const { signal } = model.ending;
  const cleanUp = await code.initialize?.({ model: modelFor(model, signal), signal });
  if (typeof cleanUp === "function") signal.addEventListener("abort", () => cleanUp());
  return code;
}
