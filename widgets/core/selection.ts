import { type CoreClass, type CoreMore, core, type OptionsOf, register } from "./core-widget.ts";
import {
  type DropdownTraits,
  MODELS,
  type RadioButtonsTraits,
  type SelectionRangeSliderTraits,
  type SelectionSliderTraits,
  type SelectMultipleTraits,
  type SelectTraits,
  type ToggleButtonsTraits,
} from "./models.ts";
import { anyOf, type Options, oneOf, rangeOf } from "./options.ts";

/** What widgets have that choose one of several. */
export interface ChoiceTraits<V> {
  /** What there is to choose from: values, [label, value] pairs, or values by label. Default: none. */
  get options(): Options<V>;
  set options(options: Options<V>);
  /** What is chosen. Default: the first. */
  value: V | null;
  /** Its label. */
  label: string | null;
}

/** What widgets have that choose any of several. */
export interface ChoicesTraits<V> extends Pick<ChoiceTraits<V>, "options"> {
  /** What is chosen. Default: none. */
  value: readonly V[];
  /** Its labels. */
  label: readonly string[];
}

/** What widgets have that choose all from one to another. */
export interface ChoiceRangeTraits<V> extends Pick<ChoiceTraits<V>, "options"> {
  /** First and last of what is chosen. Default: twice the first. */
  value: readonly [first: V, last: V];
  /** Their labels. */
  label: readonly [first: string, last: string];
}

interface ChoiceClass<Traits> {
  new <V>(options?: OptionsOf<Traits & ChoiceTraits<V>>): InstanceType<CoreClass<Traits & ChoiceTraits<V>>>;
}
interface ChoicesClass<Traits> {
  new <V>(options?: OptionsOf<Traits & ChoicesTraits<V>>): InstanceType<CoreClass<Traits & ChoicesTraits<V>>>;
}
interface ChoiceRangeClass<Traits> {
  new <V>(options?: OptionsOf<Traits & ChoiceRangeTraits<V>>): InstanceType<CoreClass<Traits & ChoiceRangeTraits<V>>>;
}

/** What the browser sees are labels and positions; values and options stay in the kernel. */
const local = { options: [], value: null, label: null };
const readOnly = ["_options_labels"];
const choice = (rule: CoreMore["rule"]): CoreMore => ({ local, readOnly, rule: rule as NonNullable<typeof rule> });
const one = choice(oneOf({ mayBeEmpty: true }));

const DropdownBase = core(MODELS.Dropdown, one) as unknown as ChoiceClass<DropdownTraits>;
/** One of several, from a menu. */
export class Dropdown<V> extends DropdownBase<V> {}
register(MODELS.Dropdown, Dropdown);

const RadioButtonsBase = core(MODELS.RadioButtons, one) as unknown as ChoiceClass<RadioButtonsTraits>;
/** One of several, by round buttons. */
export class RadioButtons<V> extends RadioButtonsBase<V> {}
register(MODELS.RadioButtons, RadioButtons);

const SelectBase = core(MODELS.Select, one) as unknown as ChoiceClass<SelectTraits>;
/** One of several, from a list. */
export class Select<V> extends SelectBase<V> {}
register(MODELS.Select, Select);

const ToggleButtonsBase = core(MODELS.ToggleButtons, one) as unknown as ChoiceClass<ToggleButtonsTraits>;
/** One of several, by a row of buttons. */
export class ToggleButtons<V> extends ToggleButtonsBase<V> {}
register(MODELS.ToggleButtons, ToggleButtons);

const SelectionSliderBase = core(
  MODELS.SelectionSlider,
  choice(oneOf({ mayBeEmpty: false })),
) as unknown as ChoiceClass<SelectionSliderTraits>;
/** One of several, by a slider. There must be one. */
export class SelectionSlider<V> extends SelectionSliderBase<V> {}
register(MODELS.SelectionSlider, SelectionSlider);

const SelectionRangeSliderBase = core(
  MODELS.SelectionRangeSlider,
  choice(rangeOf),
) as unknown as ChoiceRangeClass<SelectionRangeSliderTraits>;
/** All from one to another, by a slider with two handles. There must be one. */
export class SelectionRangeSlider<V> extends SelectionRangeSliderBase<V> {}
register(MODELS.SelectionRangeSlider, SelectionRangeSlider);

const SelectMultipleBase = core(MODELS.SelectMultiple, {
  ...choice(anyOf),
  local: { options: [], value: [], label: [] },
}) as unknown as ChoicesClass<SelectMultipleTraits>;
/** Any of several, from a list. */
export class SelectMultiple<V> extends SelectMultipleBase<V> {}
register(MODELS.SelectMultiple, SelectMultiple);
