import { DISPLAY, kernelHost } from "../../src/host/index.ts";
import { VBox } from "./boxes.ts";
import { Button } from "./button.ts";
import { Output } from "./output.ts";
import { type Control, controlOf, type Parameters, type ValuesOf } from "./parameters.ts";
import { Widget } from "./widget.ts";

/** What `interact` calls: shows something, and shows what it returns. */
type Work<P, Result> = (values: ValuesOf<P>) => Result | Promise<Result>;

/** Controls over what a function shows: it runs again when one of them changes. */
export class Interactive<P extends Parameters, Result> {
  /** The widget, or the value, of each parameter. */
  readonly controls: { readonly [Name in keyof P]: Control };
  /** What the function shows. */
  readonly output = new Output();
  /** Controls and output, one below the other. */
  readonly box: VBox;
  /** What the function has returned last. */
  result: Result | undefined;
  readonly #work: Work<P, Result>;
  readonly #isManual: boolean;
  #running: Promise<void> | undefined;
  #isStale = false;

  /** @internal */
  constructor(parameters: P, work: Work<P, Result>, options: { manual: boolean }) {
    this.#work = work;
    this.#isManual = options.manual;
    const entries = Object.entries(parameters).map(([name, parameter]) => [name, controlOf(name, parameter)] as const);
    this.controls = Object.fromEntries(entries) as Interactive<P, Result>["controls"];
    const widgets = entries.flatMap(([, control]) => (control instanceof Widget ? [control] : []));
    const button = new Button({ description: "Run" });
    button.onClick(() => this.update());
    if (!options.manual) for (const widget of widgets) widget.observe(() => this.update(), "value");
    this.box = new VBox([...widgets, ...(options.manual ? [button] : []), this.output]).addClass("widget-interact");
  }

  /** The values of the controls. */
  get values(): ValuesOf<P> {
    const entries = Object.entries(this.controls).map(([name, control]) => [name, control.value]);
    return Object.fromEntries(entries) as ValuesOf<P>;
  }

  /** Runs the function. Changes while it runs wait, and only the newest values are used when it is done. */
  update(): Promise<void> {
    this.#isStale = true;
    this.#running ??= this.output.run(() => this.#runWhileStale());
    return this.#running;
  }

  /** Removes controls and output. */
  close(): void {
    for (const widget of [...this.box.children, this.box]) (widget as Widget).close();
  }

  /** The widget's name in the state of others. @internal */
  reference(): string {
    return this.box.reference();
  }

  toString(): string {
    return `Interactive(${Object.keys(this.controls).join(", ")})`;
  }

  /** Shows controls and output, once the function has run. */
  async [DISPLAY](): Promise<{ [mimeType: string]: unknown }> {
    const bundle = this.box.model.bundle(this.toString());
    if (!this.#isManual) await this.update();
    return bundle;
  }

  async #runWhileStale(): Promise<void> {
    while (this.#isStale) {
      this.#isStale = false;
      await this.#runOnce();
    }
    this.#running = undefined;
  }

  async #runOnce(): Promise<void> {
    const host = kernelHost();
    host?.clearOutput({ wait: true });
    try {
      this.result = await this.#work(this.values);
      if (this.result !== undefined) host?.show(this.result);
    } catch (error) {
      if (!host) throw error;
      host.reportError("Error in interact", error);
    }
  }
}

/**
 * Makes controls for the parameters of a function, and runs it with their values whenever one changes. What it shows
 * and returns is shown below the controls.
 *
 * @param parameters A whole number gets a slider over whole numbers, another number one over numbers (both from -v to
 *   3 v); true or false a checkbox; a string a text field; a list, or an object of values by label, a menu; a widget is
 *   its own control, `fixed(value)` has none.
 * @param work Called with the values, by name; may be asynchronous.
 * @returns The controls, the output and the last result; shows itself as the last expression of a cell.
 */
export function interactive<const P extends Parameters, Result>(
  parameters: P,
  work: Work<P, Result>,
): Interactive<P, Result> {
  return new Interactive(parameters, work, { manual: false });
}

/**
 * As `interactive`, shown at once.
 *
 * @example interact({ binSec: 300, band: ["soft", "hard"] }, ({ binSec, band }) => events.lightCurve({ binSec, band }));
 */
export function interact<const P extends Parameters>(parameters: P, work: Work<P, unknown>): void {
  kernelHost()?.show(interactive(parameters, work));
}

/** As `interact`, for functions that take long: it runs when a button is pressed. */
export function interactManual<const P extends Parameters>(parameters: P, work: Work<P, unknown>): void {
  kernelHost()?.show(new Interactive(parameters, work, { manual: true }));
}
