/**
 * The shortest decimal text that reads back as the same single-precision number (FITS and VOTable store many), where
 * `String` would show the digits of its double: 0.1 instead of 0.10000000149011612.
 */
export function float32Text(value: number): string {
  const whole = String(value);
  if (whole.length <= 7 || !Number.isFinite(value)) return whole;
  for (let digits = 6; digits < 9; digits++) {
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === value) return String(text);
  }
  return String(Number(value.toPrecision(9)));
}

/** A double has no more. */
const MOST_DIGITS = 17;

/**
 * Numbers that are shown together, such as a column, with the digits that tell each from the one before it (to a
 * thousandth of the smallest difference), and no more than they have.
 *
 * @param options.digits Significant digits at least. Default 7.
 * @param options.step Largest step that must be seen, such as 1e-6 of a position in degrees. Default none.
 * @param options.single The numbers are of single precision. Default false.
 */
export function textsApart(
  values: readonly number[],
  options: { digits?: number; step?: number; single?: boolean } = {},
): string[] {
  const { digits = 7, step = Number.POSITIVE_INFINITY, single = false } = options;
  const lastPlace = placeOf(Math.min(step, smallestDifference(values) / 1000));
  return values.map((value) => {
    const whole = single ? float32Text(value) : String(value);
    if (!Number.isFinite(value) || (Number.isInteger(value) && Math.abs(value) < 1e15)) return whole;
    const needed = Math.min(Math.max(placeOf(Math.abs(value)) + 1 - lastPlace, digits), MOST_DIGITS);
    const short = String(Number(value.toPrecision(needed)));
    return short.length < whole.length ? short : whole;
  });
}

/** Of finite neighbours that differ; infinite where none do. */
function smallestDifference(values: readonly number[]): number {
  let smallest = Number.POSITIVE_INFINITY;
  for (let i = 1; i < values.length; i++) {
    const difference = Math.abs((values[i] as number) - (values[i - 1] as number));
    if (difference > 0 && difference < smallest) smallest = difference;
  }
  return smallest;
}

/** The power of ten of a number's first digit. */
function placeOf(value: number): number {
  return Math.floor(Math.log10(value) + 1e-9);
}
