import { core, register } from "./core-widget.ts";
import { type ButtonTraits, MODELS } from "./models.ts";

/** A button to press. */
export class Button extends core<ButtonTraits>(MODELS.Button) {
  /** Calls `listener` for each click. Returns the removal. */
  onClick(listener: (button: this) => unknown): () => void {
    return this.onMessage((content) => (content.event === "click" ? listener(this) : undefined));
  }

  /**
   * Waits for the next click.
   *
   * @throws {Error} If the button is closed before.
   */
  async nextClick(): Promise<void> {
    await this.once<void>((resolve) => this.onClick(() => resolve()));
  }

  /** Does what a click does. */
  click(): void {
    this.model.receiveCustom({ event: "click" });
  }
}
register(MODELS.Button, Button);
