/** Ticks of one axis: where they stand, what they say, and the power of ten taken out of what they say. */
export interface Ticks {
  readonly values: readonly number[];
  readonly labels: readonly string[];
  /** Labels are values divided by 10^exponent; write the power beside the unit. 0 when nothing was taken out. */
  readonly exponent: number;
}

/**
 * The step of 1, 2 or 5 times a power of ten that divides an interval into about `count` parts.
 */
export function tickStep(low: number, high: number, count = 6): number {
  const raw = Math.abs(high - low) / Math.max(1, count);
  if (!(raw > 0) || !Number.isFinite(raw)) return 1;
  const power = 10 ** Math.floor(Math.log10(raw));
  const mantissa = raw / power;
  // Boundaries at the geometric means of neighbouring steps.
  return power * (mantissa < Math.SQRT2 ? 1 : mantissa < Math.sqrt(10) ? 2 : mantissa < Math.sqrt(50) ? 5 : 10);
}

/**
 * Round values inside an interval, with labels that tell them apart.
 *
 * @param options.count About how many. Default 6.
 */
export function linearTicks(low: number, high: number, options: { count?: number } = {}): Ticks {
  const step = tickStep(low, high, options.count);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  const values: number[] = [];
  // Dividing by the reciprocal keeps 0.1, 0.2, 0.3 free of rounding dirt.
  for (let i = first; i <= last && values.length < 200; i++)
    values.push(step < 1 ? i / Math.round(1 / step) || 0 : i * step || 0);
  if (step < 1e-12) for (let i = 0; i < values.length; i++) values[i] = (first + i) * step;
  return { values, ...tickLabels(values, step) };
}

/**
 * Powers of ten inside an interval of positive numbers; with 2 and 5 between them where there is room.
 *
 * @param options.count About how many. Default 6.
 */
export function logTicks(low: number, high: number, options: { count?: number } = {}): Ticks {
  const { count = 6 } = options;
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const decades = Math.log10(high) - Math.log10(low);
  if (decades < 0.7) return linearTicks(low, high, options);
  const steps = decades * 3 <= count + 2 ? [1, 2, 5] : [1];
  const stride = Math.max(1, Math.ceil(decades / (count + 1)));
  const values: number[] = [];
  for (let decade = first; decade <= last; decade += stride) {
    for (const step of steps) {
      const value = decade < 0 ? step / 10 ** -decade : step * 10 ** decade;
      if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)) values.push(value);
    }
  }
  const plain = values.every((value) => value >= 0.01 && value < 1e5);
  return { values, labels: values.map((value) => (plain ? plainNumber(value) : formatNumber(value, 2))), exponent: 0 };
}

/** Labels of equally spaced values; a common power of ten is taken out of very large and very small ones. */
function tickLabels(values: readonly number[], step: number): { labels: string[]; exponent: number } {
  const largest = values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const magnitude = largest > 0 ? Math.floor(Math.log10(largest) + 1e-9) : 0;
  const exponent = magnitude >= 6 || magnitude <= -3 ? magnitude : 0;
  const decimals = Math.min(12, Math.max(0, -Math.floor(Math.log10(step) + 1e-9) + exponent));
  const labels = values.map((value) => minus((value / 10 ** exponent).toFixed(decimals)));
  return { labels, exponent };
}

/**
 * A number for people: three significant digits unless told otherwise, scientific outside 0.001 to 100,000.
 *
 * @example formatNumber(0.000123) // "1.23×10⁻⁴"
 */
export function formatNumber(value: number, digits = 3): string {
  if (Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const magnitude = Math.floor(Math.log10(Math.abs(value)));
  if (magnitude < -3 || magnitude >= 5) {
    const [mantissa, power] = value.toExponential(digits - 1).split("e") as [string, string];
    const short = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
    const head = short === "1" ? "" : short === "-1" ? "−" : `${minus(short)}×`;
    return `${head}${powerOfTen(Number(power))}`;
  }
  return minus(plainNumber(Number(value.toPrecision(Math.max(digits, magnitude + 1)))));
}

/**
 * A measurement for people: the error to two digits, the value to the same decimals, very large and very small ones with
 * one power of ten. Without an error that is finite and above 0, the value to five digits.
 *
 * @example formatMeasured(1.4158, 0.1834) // "1.42 ± 0.18"
 * @example formatMeasured(7.714e-5, 1.21e-5) // "(7.7 ± 1.2)×10⁻⁵"
 */
export function formatMeasured(value: number, error: number): string {
  if (!Number.isFinite(value) || !(error > 0 && Number.isFinite(error))) return formatNumber(value, 5);
  const magnitude = Math.floor(Math.log10(Math.max(Math.abs(value), error)));
  const exponent = magnitude < -3 || magnitude >= 5 ? magnitude : 0;
  // An error that rounds up to a power of ten, as 0.0996, has one decimal less
  const lastDigit = Math.floor(Math.log10(Number(error.toPrecision(2)))) - 1;
  const decimals = Math.min(20, Math.max(0, exponent - lastDigit));
  const [shown, spread] = [value, error].map((each) => minus((each / 10 ** exponent).toFixed(decimals)));
  return exponent === 0 ? `${shown} ± ${spread}` : `(${shown} ± ${spread})×${powerOfTen(exponent)}`;
}

/** 10 with a raised exponent, such as 10⁻⁴. */
export function powerOfTen(exponent: number): string {
  const raised = [...String(exponent)].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(Number(c)))).join("");
  return `10${raised}`;
}

/** Decimal digits without an exponent and without trailing zeros. */
function plainNumber(value: number): string {
  const text = String(value);
  return text.includes("e") ? value.toFixed(12).replace(/\.?0+$/, "") : text;
}

/** Typesets the sign. */
function minus(text: string): string {
  return /^-0(\.0*)?$/.test(text) ? text.slice(1) : text.replace("-", "−");
}

const SECONDS: readonly (readonly [least: number, unit: string, factor: number])[] = [
  [2e7, "Ms", 1e6],
  [2e4, "ks", 1e3],
  [0.5, "s", 1],
  [0, "ms", 1e-3],
];

/**
 * The unit in which an interval reads well: seconds become ms, ks or Ms. Other units stay.
 *
 * @returns The unit, and the number of old units in one new unit.
 */
export function readableUnit(unit: string, extent: number): { unit: string; factor: number } {
  if (unit !== "s" || !(extent > 0)) return { unit, factor: 1 };
  const [, name, factor] = SECONDS.find(([least]) => extent >= least) as readonly [number, string, number];
  return { unit: name, factor };
}
