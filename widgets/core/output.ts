import { DISPLAY, type JsonObject, kernelHost } from "../../src/host/index.ts";
import { core, register } from "./core-widget.ts";
import { MODELS, type OutputTraits } from "./models.ts";

/** A place in the page that shows what code prints, displays and throws. */
export class Output extends core<OutputTraits>(MODELS.Output) {
  /**
   * Runs `work` with its output, and that of all it starts, shown here. Other output of the cell in the meantime stays
   * where it is.
   *
   * @returns What `work` returns. Its error is the caller's.
   * @example await out.run(async () => console.log(await measure()));
   */
  run<T>(work: () => T): T {
    const host = kernelHost();
    if (!host) return work();
    this.model.open();
    const target = {
      catch: (messageId: string) => this.model.set({ msg_id: messageId }),
      release: () => this.model.set({ msg_id: "" }),
    };
    return host.redirect(target, work);
  }

  /**
   * Makes a listener whose output and errors are shown here: `button.onClick(out.capture(() => console.log("pressed")))`.
   *
   * @param options.clear Whether each call clears what was shown before, once there is something new. Default: false.
   */
  capture<Arguments extends unknown[]>(
    listener: (...args: Arguments) => unknown,
    options: { clear?: boolean } = {},
  ): (...args: Arguments) => Promise<void> {
    return (...args) =>
      this.run(async () => {
        if (options.clear) kernelHost()?.clearOutput({ wait: true });
        try {
          await listener(...args);
        } catch (error) {
          kernelHost()?.reportError("Error in a listener", error);
        }
      });
  }

  /**
   * Clears what is shown.
   *
   * @param options.wait Whether to wait until there is something new. Default: false.
   */
  clear(options: { wait?: boolean } = {}): void {
    if (this.outputs.length > 0 && !options.wait) this.outputs = [];
    this.run(() => kernelHost()?.clearOutput(options));
  }

  /** Adds text. It stays in the widget's state, so saved pages show it. */
  appendText(text: string, options: { name?: "stdout" | "stderr" } = {}): void {
    this.#append({ output_type: "stream", name: options.name ?? "stdout", text });
  }

  /** Adds what a value shows itself as. It stays in the widget's state, so saved pages show it. */
  async appendDisplay(value: { [DISPLAY](): object | Promise<object> }): Promise<void> {
    this.#append({ output_type: "display_data", data: (await value[DISPLAY]()) as JsonObject, metadata: {} });
  }

  #append(output: JsonObject): void {
    this.outputs = [...this.outputs, output];
  }
}
register(MODELS.Output, Output);
