import { bounded, intRangeBounded, logBounded, rangeBounded } from "./bounds.ts";
import { core, register } from "./core-widget.ts";
import {
  type BoundedFloatTextTraits,
  type BoundedIntTextTraits,
  type FloatLogSliderTraits,
  type FloatProgressTraits,
  type FloatRangeSliderTraits,
  type FloatSliderTraits,
  type FloatTextTraits,
  type IntProgressTraits,
  type IntRangeSliderTraits,
  type IntSliderTraits,
  type IntTextTraits,
  MODELS,
  type PlayTraits,
} from "./models.ts";

/** A whole number, by a slider. `min` ≤ `value` ≤ `max`. */
export class IntSlider extends core<IntSliderTraits>(MODELS.IntSlider, { rule: bounded }) {}
register(MODELS.IntSlider, IntSlider);

/** A number, by a slider. `min` ≤ `value` ≤ `max`. */
export class FloatSlider extends core<FloatSliderTraits>(MODELS.FloatSlider, { rule: bounded }) {}
register(MODELS.FloatSlider, FloatSlider);

/** A number, by a logarithmic slider. `min` and `max` are exponents: base^`min` ≤ `value` ≤ base^`max`. */
export class FloatLogSlider extends core<FloatLogSliderTraits>(MODELS.FloatLogSlider, { rule: logBounded }) {}
register(MODELS.FloatLogSlider, FloatLogSlider);

/** Two whole numbers, by a slider with two handles. Default: the middle half. */
export class IntRangeSlider extends core<IntRangeSliderTraits>(MODELS.IntRangeSlider, { rule: intRangeBounded }) {}
register(MODELS.IntRangeSlider, IntRangeSlider);

/** Two numbers, by a slider with two handles. Default: the middle half. */
export class FloatRangeSlider extends core<FloatRangeSliderTraits>(MODELS.FloatRangeSlider, { rule: rangeBounded }) {}
register(MODELS.FloatRangeSlider, FloatRangeSlider);

/** A bar that grows with a whole number. */
export class IntProgress extends core<IntProgressTraits>(MODELS.IntProgress, { rule: bounded }) {}
register(MODELS.IntProgress, IntProgress);

/** A bar that grows with a number. */
export class FloatProgress extends core<FloatProgressTraits>(MODELS.FloatProgress, { rule: bounded }) {}
register(MODELS.FloatProgress, FloatProgress);

/** A whole number, typed. */
export class IntText extends core<IntTextTraits>(MODELS.IntText) {}
register(MODELS.IntText, IntText);

/** A number, typed. */
export class FloatText extends core<FloatTextTraits>(MODELS.FloatText) {}
register(MODELS.FloatText, FloatText);

/** A whole number, typed. `min` ≤ `value` ≤ `max`. */
export class BoundedIntText extends core<BoundedIntTextTraits>(MODELS.BoundedIntText, { rule: bounded }) {}
register(MODELS.BoundedIntText, BoundedIntText);

/** A number, typed. `min` ≤ `value` ≤ `max`. */
export class BoundedFloatText extends core<BoundedFloatTextTraits>(MODELS.BoundedFloatText, { rule: bounded }) {}
register(MODELS.BoundedFloatText, BoundedFloatText);

/** A whole number that runs from `min` to `max` when its button is pressed; link it to a slider with `jslink`. */
export class Play extends core<PlayTraits>(MODELS.Play, { rule: bounded }) {}
register(MODELS.Play, Play);
