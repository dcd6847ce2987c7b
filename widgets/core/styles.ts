import { type CoreMore, core, register } from "./core-widget.ts";
import {
  type ButtonStyleTraits,
  type CheckboxStyleTraits,
  type DescriptionStyleTraits,
  type HTMLMathStyleTraits,
  type HTMLStyleTraits,
  type LabelStyleTraits,
  type LayoutTraits,
  MODELS,
  type ProgressStyleTraits,
  type SliderStyleTraits,
  type TextStyleTraits,
  type ToggleButtonStyleTraits,
  type ToggleButtonsStyleTraits,
} from "./models.ts";

const SIDES = ["border_top", "border_right", "border_bottom", "border_left"] as const;

/** One border for all sides stands for the four; read, it is null where they differ. */
const borders: CoreMore = {
  local: { border: null },
  rule: ({ changes, next }) => {
    if ("border" in changes) return Object.fromEntries(SIDES.map((side) => [side, changes.border]));
    const [first, ...others] = SIDES.map((side) => next[side]);
    return { border: others.every((other) => other === first) ? first : null };
  },
};

/** All that a `Layout` has, one border for all sides included. */
export interface AllLayoutTraits extends LayoutTraits {
  /** The CSS border of all four sides; null where they differ. Default: `null`. */
  border: string | null;
}

/** CSS of a widget's place: size, margin, flex and grid. Values are CSS text, "50%" or "12px". */
export class Layout extends core<AllLayoutTraits>(MODELS.Layout, borders) {}
register(MODELS.Layout, Layout);

/** Colours and font of a button. */
export class ButtonStyle extends core<ButtonStyleTraits>(MODELS.ButtonStyle) {}
register(MODELS.ButtonStyle, ButtonStyle);

/** Look of a checkbox. */
export class CheckboxStyle extends core<CheckboxStyleTraits>(MODELS.CheckboxStyle) {}
register(MODELS.CheckboxStyle, CheckboxStyle);

/** Width of the description beside a widget. */
export class DescriptionStyle extends core<DescriptionStyleTraits>(MODELS.DescriptionStyle) {}
register(MODELS.DescriptionStyle, DescriptionStyle);

/** Font of formatted text with formulas. */
export class HTMLMathStyle extends core<HTMLMathStyleTraits>(MODELS.HTMLMathStyle) {}
register(MODELS.HTMLMathStyle, HTMLMathStyle);

/** Font of formatted text. */
export class HTMLStyle extends core<HTMLStyleTraits>(MODELS.HTMLStyle) {}
register(MODELS.HTMLStyle, HTMLStyle);

/** Font of a label. */
export class LabelStyle extends core<LabelStyleTraits>(MODELS.LabelStyle) {}
register(MODELS.LabelStyle, LabelStyle);

/** Colour of a progress bar. */
export class ProgressStyle extends core<ProgressStyleTraits>(MODELS.ProgressStyle) {}
register(MODELS.ProgressStyle, ProgressStyle);

/** Colour of a slider's handle. */
export class SliderStyle extends core<SliderStyleTraits>(MODELS.SliderStyle) {}
register(MODELS.SliderStyle, SliderStyle);

/** Font and background of a text field. */
export class TextStyle extends core<TextStyleTraits>(MODELS.TextStyle) {}
register(MODELS.TextStyle, TextStyle);

/** Font of a toggle button. */
export class ToggleButtonStyle extends core<ToggleButtonStyleTraits>(MODELS.ToggleButtonStyle) {}
register(MODELS.ToggleButtonStyle, ToggleButtonStyle);

/** Width and font of a row of toggle buttons. */
export class ToggleButtonsStyle extends core<ToggleButtonsStyleTraits>(MODELS.ToggleButtonsStyle) {}
register(MODELS.ToggleButtonsStyle, ToggleButtonsStyle);
