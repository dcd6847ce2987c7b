import { type ColorKind, NO_COLOR } from "./state.ts";

/** Values to colour points by: labels or numbers, one a point. */
export type ColorValues = ArrayLike<number> | readonly (string | number | boolean | null | undefined)[];

/** Colours as the view gets them: one byte a point and what the bytes mean. */
export interface ColorCodes {
  readonly kind: ColorKind;
  readonly codes: Uint8Array;
  readonly categories: readonly string[];
  readonly domain: readonly [number, number];
  readonly scale: "linear" | "log";
}

/**
 * Encodes values as colour codes.
 *
 * Strings, booleans, integer arrays and numbers with at most 24 different integer values are categories; other
 * numbers get a scale from their 0.5 to their 99.5 percentile, so that one outlier does not take all the colours.
 *
 * @param options.kind Overrides the choice.
 * @param options.scale "log" for numbers over decades. Default "linear".
 * @param options.categories Names of the integer labels 0, 1, … Default: the labels themselves.
 * @throws {RangeError} If there are more than 255 categories.
 */
export function encodeColors(
  values: ColorValues,
  options: { kind?: "category" | "number"; scale?: "linear" | "log"; categories?: readonly string[] } = {},
): ColorCodes {
  const kind = options.kind ?? guessKind(values);
  return kind === "number"
    ? encodeNumbers(values, options.scale ?? "linear")
    : encodeCategories(values, options.categories);
}

function guessKind(values: ColorValues): "category" | "number" {
  const isFloat = values instanceof Float32Array || values instanceof Float64Array;
  if (ArrayBuffer.isView(values) && !isFloat) return "category";
  const distinct = new Set<unknown>();
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (isMissing(value)) continue;
    if (typeof value !== "number") return "category";
    if (!Number.isInteger(value)) return "number";
    distinct.add(value);
    if (distinct.size > 24) return "number";
  }
  return "category";
}

function isMissing(value: unknown): boolean {
  return value === null || value === undefined || value === "" || (typeof value === "number" && Number.isNaN(value));
}

function encodeCategories(values: ColorValues, names: readonly string[] | undefined): ColorCodes {
  const distinct = new Set<string | number>();
  for (let i = 0; i < values.length; i++) if (!isMissing(values[i])) distinct.add(keyOf(values[i]));
  const keys = [...distinct].sort((a, b) =>
    typeof a === "number" && typeof b === "number"
      ? a - b
      : String(a).localeCompare(String(b), "en", { numeric: true }),
  );
  if (keys.length >= NO_COLOR) {
    throw new RangeError(
      `Cannot colour points: number of categories must be at most 254: current value is ${keys.length}`,
    );
  }
  const codeOf = new Map(keys.map((key, code) => [key, code]));
  const codes = new Uint8Array(values.length).fill(NO_COLOR);
  for (let i = 0; i < values.length; i++) if (!isMissing(values[i])) codes[i] = codeOf.get(keyOf(values[i])) as number;
  const categories = keys.map((key) => (typeof key === "number" ? (names?.[key] ?? String(key)) : key));
  return { kind: "category", codes, categories, domain: [0, 1], scale: "linear" };
}

function keyOf(value: unknown): string | number {
  return typeof value === "number" ? value : String(value);
}

function encodeNumbers(values: ColorValues, scale: "linear" | "log"): ColorCodes {
  const numbers = Float64Array.from(values as ArrayLike<number>, (value) => {
    const number = isMissing(value) ? Number.NaN : Number(value);
    return scale === "log" ? Math.log10(number > 0 ? number : Number.NaN) : number;
  });
  const sorted = numbers.filter(Number.isFinite).sort();
  const at = (part: number) =>
    sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(part * (sorted.length - 1))))] ?? 0;
  let [low, high] = [at(0.005), at(0.995)];
  if (!(high > low)) [low, high] = [at(0), at(1)];
  const span = high > low ? high - low : 1;
  const codes = Uint8Array.from(numbers, (value) =>
    Number.isNaN(value) ? NO_COLOR : Math.round(254 * Math.min(1, Math.max(0, (value - low) / span))),
  );
  const domain: [number, number] = scale === "log" ? [10 ** low, 10 ** (low + span)] : [low, low + span];
  return { kind: "number", codes, categories: [], domain, scale };
}
