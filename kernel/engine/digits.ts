/** Digits that a number is shown with at least, and those that a number of each precision has at most. */
const LEAST = 6;
const MOST = { single: 9, double: 17 };

type Value = number | bigint;

/**
 * The place (power of ten) down to which values are shown so that each can be told from the one before it: of a
 * thousandth of the smallest difference. Infinite where none differ.
 */
export function lastPlace(values: readonly Value[]): number {
  let smallest = Number.POSITIVE_INFINITY;
  values.forEach((value, at) => {
    const before = values[at - 1];
    if (typeof value !== "number" || typeof before !== "number") return;
    const difference = Math.abs(value - before);
    if (difference > 0 && difference < smallest) smallest = difference;
  });
  return placeOf(smallest / 1000);
}

/**
 * A number down to a place, with six significant digits at least; integers whole.
 *
 * @param place As `lastPlace` gives it. Default: six digits.
 */
export function numberText(
  value: Value,
  place = Number.POSITIVE_INFINITY,
  precision: keyof typeof MOST = "double",
): string {
  if (typeof value === "bigint") return `${value}n`;
  if (!Number.isFinite(value) || (Number.isInteger(value) && Math.abs(value) < 1e15)) return String(value);
  const digits = Math.min(Math.max(placeOf(Math.abs(value)) + 1 - place, LEAST), MOST[precision]);
  const [short, whole] = [String(Number(value.toPrecision(digits))), String(value)];
  return short.length < whole.length ? short : whole;
}

function placeOf(value: number): number {
  return Math.floor(Math.log10(value) + 1e-9);
}
