import type { TraitRule, TraitValues } from "./core-widget.ts";
import { shown } from "./trait.ts";

/*
 * How ipywidgets keeps values between their bounds: bounds that cross are an error, a value outside goes to the nearer
 * one. An update from the browser is treated the same.
 */

const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);

function boundsOf(next: TraitValues, of: (bound: number) => number = (bound) => bound): [number, number] {
  const [min, max] = [next.min, next.max] as [number, number];
  if (min > max) {
    throw new RangeError(`Cannot set bounds: min must not exceed max: current values are ${min} and ${max}`);
  }
  return [of(min), of(max)];
}

/** `min` ≤ `value` ≤ `max`. */
export const bounded: TraitRule = ({ next }) => {
  const [low, high] = boundsOf(next);
  return { value: clamp(next.value as number, low, high) };
};

/** base^`min` ≤ `value` ≤ base^`max`. */
export const logBounded: TraitRule = ({ next }) => {
  const [low, high] = boundsOf(next, (exponent) => (next.base as number) ** exponent);
  return { value: clamp(next.value as number, low, high) };
};

/** Lower and upper value, both between the bounds; at first the middle half. */
export const rangeBounded: TraitRule = ({ next, changes, isFirst }) => {
  const [low, high] = boundsOf(next);
  if (isFirst && changes.value === undefined) return { value: [0.75 * low + 0.25 * high, 0.25 * low + 0.75 * high] };
  const [lower, upper] = next.value as [number, number];
  if (lower > upper)
    throw new RangeError(`Cannot set range: lower must not exceed upper: current value is ${shown(next.value)}`);
  return { value: [clamp(lower, low, high), clamp(upper, low, high)] };
};

/** As `rangeBounded`, in whole numbers. */
export const intRangeBounded: TraitRule = (update) => {
  const { value } = rangeBounded(update) as { value: [number, number] };
  return { value: value.map(Math.trunc) };
};

/** Numbers of a list, each between bounds that may be missing. */
export const listBounded: TraitRule = ({ next }) => {
  const { value, min, max } = next as { value: readonly number[]; min: number | null; max: number | null };
  const outside = value.find((item) => (min !== null && item < min) || (max !== null && item > max));
  if (outside === undefined) return {};
  throw new RangeError(
    `Cannot set value: its numbers must be ${min ?? "-∞"} to ${max ?? "∞"}: current value is ${outside}`,
  );
};

/** Earliest and latest date or time, each of which may be missing. */
export const dateBounded: TraitRule = ({ next }) => {
  const { value, min, max } = next as { [name in "value" | "min" | "max"]: DateValue };
  if (min && max && order(min, max) > 0) throw new RangeError("Cannot set bounds: min must not be after max");
  if (!value) return {};
  if (min && order(value, min) < 0) return { value: min };
  return max && order(value, max) > 0 ? { value: max } : {};
};

type DateValue = { readonly [field: string]: number } | null;

function order(a: NonNullable<DateValue>, b: NonNullable<DateValue>): number {
  for (const field of ["year", "month", "date", "hours", "minutes", "seconds", "milliseconds"]) {
    const difference = (a[field] ?? 0) - (b[field] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
