import { FloatSlider, IntSlider } from "./numbers.ts";
import type { Options } from "./options.ts";
import { Dropdown } from "./selection.ts";
import { Checkbox, Text } from "./text.ts";
import { Widget } from "./widget.ts";

/** A value that is passed on without a control. */
export class Fixed<V> {
  readonly value: V;

  constructor(value: V) {
    this.value = value;
  }
}

/** A parameter of `interact`: a value or options to make a control of, or a widget. */
export type Parameter =
  | number
  | boolean
  | string
  | readonly unknown[]
  | Widget<never>
  | Fixed<unknown>
  | { readonly [label: string]: unknown };
export type Parameters = { readonly [name: string]: Parameter };

/** What the function of `interact` gets for a parameter. */
export type ValueOf<P> =
  P extends Fixed<infer V>
    ? V
    : P extends { readonly value: infer V; readonly model: unknown }
      ? V
      : P extends number
        ? number
        : P extends boolean
          ? boolean
          : P extends string
            ? string
            : P extends readonly (readonly [string, infer V])[]
              ? V
              : P extends readonly (infer V)[]
                ? V
                : P[keyof P];
export type ValuesOf<P> = { readonly [Name in keyof P]: ValueOf<P[Name]> };

/** A widget with a value, or a value. */
export type Control = (Widget<{ value: unknown }> & { value: unknown }) | Fixed<unknown>;

/** Passes a value to the function of `interact` without a control. */
export function fixed<V>(value: V): Fixed<V> {
  return new Fixed(value);
}

/**
 * The control of a parameter. A whole number gets a slider over whole numbers, another one over numbers; true or false a
 * checkbox; a string a text field; a list, or an object of values by label, a menu; a widget is its own.
 *
 * @throws {TypeError} If there is no control for it.
 */
export function controlOf(name: string, parameter: Parameter): Control {
  if (parameter instanceof Fixed) return parameter;
  if (parameter instanceof Widget) return described(name, parameter as unknown as Widget<{ description: string }>);
  const control = newControl(name, parameter);
  if (control) return control as unknown as Control;
  throw new TypeError(
    `Cannot make a control for "${name}": it must be a number, boolean, string, list, object of options or widget: current value is ${String(parameter)}`,
  );
}

function newControl(description: string, parameter: unknown): Widget<never> | undefined {
  if (typeof parameter === "boolean") return new Checkbox({ value: parameter, description }) as never;
  if (typeof parameter === "string") return new Text({ value: parameter, description }) as never;
  if (typeof parameter === "number" && Number.isFinite(parameter)) {
    const [min, max] = aroundValue(parameter);
    const Slider = Number.isInteger(parameter) ? IntSlider : FloatSlider;
    return new Slider({ value: parameter, min, max, description }) as never;
  }
  const isOptions = typeof parameter === "object" && parameter !== null;
  return isOptions ? (new Dropdown({ options: parameter as Options<unknown>, description }) as never) : undefined;
}

/** Bounds as ipywidgets infers them: from -v to 3 v, and from 0 to 1 for 0. */
function aroundValue(value: number): [min: number, max: number] {
  if (value === 0) return [0, 1];
  return value > 0 ? [-value, 3 * value] : [3 * value, -value];
}

/** A widget that has no description of its own gets its parameter's name. */
function described(name: string, widget: Widget<{ description: string }>): Control {
  if (widget.has("description") && widget.get("description") === "") widget.set({ description: name });
  return widget as unknown as Control;
}
