import { core, type OptionsOf, register } from "./core-widget.ts";
import {
  type CheckboxTraits,
  type ColorPickerTraits,
  type ComboboxTraits,
  type HTMLMathTraits,
  type HTMLTraits,
  type LabelTraits,
  MODELS,
  type PasswordTraits,
  type TextareaTraits,
  type TextTraits,
  type ToggleButtonTraits,
  type ValidTraits,
} from "./models.ts";

/** A line of text. */
export class Text extends core<TextTraits>(MODELS.Text) {}
register(MODELS.Text, Text);

/** Text of several lines. */
export class Textarea extends core<TextareaTraits>(MODELS.Textarea) {}
register(MODELS.Textarea, Textarea);

/** A line of text that is not shown. */
export class Password extends core<PasswordTraits>(MODELS.Password) {}
register(MODELS.Password, Password);

/** A line of text with suggestions. */
export class Combobox extends core<ComboboxTraits>(MODELS.Combobox) {}
register(MODELS.Combobox, Combobox);

/** Words beside other widgets; formulas between dollar signs. */
export class Label extends core<LabelTraits>(MODELS.Label) {
  constructor(value: string | OptionsOf<LabelTraits> = {}, options: OptionsOf<LabelTraits> = {}) {
    super(typeof value === "string" ? { value, ...options } : value);
  }
}
register(MODELS.Label, Label);

/** Formatted text. */
export class HTML extends core<HTMLTraits>(MODELS.HTML) {
  constructor(value: string | OptionsOf<HTMLTraits> = {}, options: OptionsOf<HTMLTraits> = {}) {
    super(typeof value === "string" ? { value, ...options } : value);
  }
}
register(MODELS.HTML, HTML);

/** Formatted text with formulas between dollar signs. */
export class HTMLMath extends core<HTMLMathTraits>(MODELS.HTMLMath) {
  constructor(value: string | OptionsOf<HTMLMathTraits> = {}, options: OptionsOf<HTMLMathTraits> = {}) {
    super(typeof value === "string" ? { value, ...options } : value);
  }
}
register(MODELS.HTMLMath, HTMLMath);

/** True or false, by a box to tick. */
export class Checkbox extends core<CheckboxTraits>(MODELS.Checkbox) {}
register(MODELS.Checkbox, Checkbox);

/** True or false, by a button. */
export class ToggleButton extends core<ToggleButtonTraits>(MODELS.ToggleButton) {}
register(MODELS.ToggleButton, ToggleButton);

/** Shows whether something is valid. */
export class Valid extends core<ValidTraits>(MODELS.Valid) {}
register(MODELS.Valid, Valid);

/** A colour, as CSS text. */
export class ColorPicker extends core<ColorPickerTraits>(MODELS.ColorPicker) {}
register(MODELS.ColorPicker, ColorPicker);
