import { DOMWidgetView } from "@jupyter-widgets/base";
import { modelFor } from "../browser/afm.ts";
import type { CustomWidgetModel } from "../browser/custom-model.ts";
import { ensureStyle } from "../browser/style.ts";

/** Shows a custom widget: an element that the widget's own code draws into. */
export class CustomWidgetView extends DOMWidgetView {
  readonly #abort = new AbortController();

  override render(): void {
    void this.#draw();
  }

  override remove(): void {
    this.#abort.abort();
    super.remove();
  }

  async #draw(): Promise<void> {
    const { signal } = this.#abort;
    const root = document.createElement("div");
    const style = document.createElement("style");
    style.textContent = String(this.model.get("_css") ?? "");
    this.el.replaceChildren(style, root);
    try {
      const { render } = await (this.model as CustomWidgetModel).code;
      if (signal.aborted) return;
      const cleanUp = await render?.({ model: modelFor(this.model, signal), el: root, signal });
      if (typeof cleanUp !== "function") return;
      if (signal.aborted) cleanUp();
      else signal.addEventListener("abort", () => cleanUp());
    } catch (error) {
      ensureStyle();
      const note = document.createElement("pre");
      note.className = "pb-error";
      note.setAttribute("role", "alert");
      note.textContent = `Cannot show widget: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
      root.replaceChildren(note);
    }
  }
}
