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
