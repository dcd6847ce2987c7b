import { listBounded } from "./bounds.ts";
import { core, register, type TraitRule } from "./core-widget.ts";
import {
  type ColorsInputTraits,
  type FloatsInputTraits,
  type IntsInputTraits,
  MODELS,
  type TagsInputTraits,
} from "./models.ts";
import { shown } from "./trait.ts";

/** No empty tags, and only those that are allowed. */
const allowedTags: TraitRule = ({ next }) => {
  const { value, allowed_tags: allowed } = next as { value: readonly unknown[]; allowed_tags: readonly unknown[] };
  const wrong = value.find((tag) => tag === "" || (allowed.length > 0 && !allowed.includes(tag)));
  if (wrong === undefined) return {};
  const words = allowed.length > 0 ? `one of ${shown(allowed)}` : "not empty";
  throw new RangeError(`Cannot set tags: each must be ${words}: current value is ${shown(wrong)}`);
};

/** A list of words. */
export class TagsInput extends core<TagsInputTraits>(MODELS.TagsInput, { rule: allowedTags }) {}
register(MODELS.TagsInput, TagsInput);

/** A list of colours, as CSS text. */
export class ColorsInput extends core<ColorsInputTraits>(MODELS.ColorsInput, { rule: allowedTags }) {}
register(MODELS.ColorsInput, ColorsInput);

/** A list of numbers, each between `min` and `max` where given. */
export class FloatsInput extends core<FloatsInputTraits>(MODELS.FloatsInput, { rule: listBounded }) {}
register(MODELS.FloatsInput, FloatsInput);

/** A list of whole numbers, each between `min` and `max` where given. */
export class IntsInput extends core<IntsInputTraits>(MODELS.IntsInput, { rule: listBounded }) {}
register(MODELS.IntsInput, IntsInput);
