import { sameValue, type WidgetValue } from "../protocol/index.ts";
import type { TraitRule, TraitValues } from "./core-widget.ts";
import { shown } from "./trait.ts";

/** What there is to choose from: values, [label, value] pairs, or values by label. */
export type Options<V> =
  | readonly V[]
  | readonly (readonly [label: string, value: V])[]
  | { readonly [label: string]: V };

type Option = readonly [label: string, value: unknown];

/** One of the options, or none where that may be. The first at first, and when options change. */
export function oneOf({ mayBeEmpty }: { mayBeEmpty: boolean }): TraitRule {
  return ({ changes, next, isFirst }) => {
    const options = listOf(next.options);
    if (!mayBeEmpty && options.length === 0) throw new RangeError("Cannot choose: options must not be empty");
    const first = options.length > 0 ? 0 : null;
    const index = askedIndex(changes, options) ?? (keepsNone(changes, next, isFirst) ? null : first);
    const [label, value] = index === null ? [null, null] : (options[index] as Option);
    const chosen = wasAsked(changes) || isFirst || "options" in changes ? { index, label, value } : {};
    if (!mayBeEmpty && index === null)
      throw new RangeError("Cannot choose: one of the options must be chosen: current value is null");
    return { ...labelsOf(changes, options, isFirst), ...chosen };
  };
}

/** Any of the options; none at first, and when options change. */
export const anyOf: TraitRule = ({ changes, next, isFirst }) => {
  const options = listOf(next.options);
  if (!wasAsked(changes) && !isFirst && !("options" in changes)) return {};
  return { ...labelsOf(changes, options, isFirst), ...several(askedIndices(changes, options) ?? [], options) };
};

/** From one option to another. */
export const rangeOf: TraitRule = ({ changes, next, isFirst }) => {
  const options = listOf(next.options);
  if (options.length === 0) throw new RangeError("Cannot choose: options must not be empty");
  if (!wasAsked(changes) && !isFirst && !("options" in changes)) return {};
  const indices = askedIndices(changes, options) ?? [0, 0];
  const [first = 0, last = -1, ...more] = indices;
  if (last < first || more.length > 0) {
    throw new RangeError(`Cannot choose: the last must not be before the first: current value is ${shown(indices)}`);
  }
  return { ...labelsOf(changes, options, isFirst), ...several(indices, options) };
};

function listOf(options: unknown): readonly Option[] {
  if (!Array.isArray(options)) return Object.entries(options as object);
  const isPair = (item: unknown) => Array.isArray(item) && item.length === 2 && typeof item[0] === "string";
  return options.length > 0 && options.every(isPair) ? options : options.map((value) => [labelOf(value), value]);
}

function labelOf(value: unknown): string {
  return typeof value === "object" && value !== null ? shown(value) : String(value);
}

function labelsOf(changes: TraitValues, options: readonly Option[], isFirst: boolean): TraitValues {
  return isFirst || "options" in changes ? { _options_labels: options.map(([label]) => label) } : {};
}

const wasAsked = (changes: TraitValues) => ["index", "value", "label"].some((key) => key in changes);

/** A choice of nothing stays when options change; at first it must be asked for. */
function keepsNone(changes: TraitValues, next: TraitValues, isFirst: boolean): boolean {
  return wasAsked(changes) || (!isFirst && next.index === null);
}

/** The position that a change asks for; undefined where it asks for nothing, or for none. */
function askedIndex(changes: TraitValues, options: readonly Option[]): number | undefined {
  const { value, label, index } = changes;
  if (value !== undefined && value !== null) return indexOfValue(value, options);
  if (label !== undefined && label !== null) return indexOfLabel(label, options);
  return index === undefined || index === null ? undefined : checkIndex(index as number, options);
}

function askedIndices(changes: TraitValues, options: readonly Option[]): readonly number[] | undefined {
  const { value, label, index } = changes as { [key: string]: readonly unknown[] | undefined };
  if (value) return value.map((each) => indexOfValue(each, options));
  if (label) return label.map((each) => indexOfLabel(each, options));
  return index?.map((each) => checkIndex(each as number, options));
}

function several(indices: readonly number[], options: readonly Option[]): TraitValues {
  const chosen = indices.map((index) => options[index] as Option);
  return { index: indices, label: chosen.map(([label]) => label), value: chosen.map(([, value]) => value) };
}

function indexOfValue(value: unknown, options: readonly Option[]): number {
  const index = options.findIndex(([, each]) => Object.is(each, value) || isSamePlain(each, value));
  return index >= 0
    ? index
    : refuse(
        "value",
        options.map(([, each]) => each),
        value,
      );
}

function indexOfLabel(label: unknown, options: readonly Option[]): number {
  const index = options.findIndex(([each]) => each === label);
  return index >= 0
    ? index
    : refuse(
        "label",
        options.map(([each]) => each),
        label,
      );
}

function checkIndex(index: number, options: readonly Option[]): number {
  if (Number.isInteger(index) && index >= 0 && index < options.length) return index;
  throw new RangeError(`Cannot choose: index must be 0–${options.length - 1}: current value is ${shown(index)}`);
}

/** Lists and plain objects are the same as another of the same content. */
function isSamePlain(a: unknown, b: unknown): boolean {
  const isPlain = (value: unknown) => Array.isArray(value) || Object.getPrototypeOf(value ?? 0) === Object.prototype;
  return isPlain(a) && isPlain(b) && sameValue(a as WidgetValue, b as WidgetValue);
}

function refuse(what: string, allowed: readonly unknown[], value: unknown): never {
  throw new RangeError(`Cannot choose: ${what} must be one of ${shown(allowed)}: current value is ${shown(value)}`);
}
