import type { Datatype } from "./datatype.ts";

const INTEGER_RANGE: Partial<Record<Datatype, readonly [bigint, bigint]>> = {
  bit: [0n, 1n],
  unsignedByte: [0n, 255n],
  short: [-32768n, 32767n],
  int: [-(2n ** 31n), 2n ** 31n - 1n],
  long: [-(2n ** 63n), 2n ** 63n - 1n],
};

/**
 * One number of a TABLEDATA cell.
 *
 * @returns The value; null for a null logical; undefined if the text is no value of that type.
 */
export function parseElement(datatype: Datatype, text: string): number | bigint | null | undefined {
  if (datatype === "boolean") return parseBoolean(text);
  const range = INTEGER_RANGE[datatype];
  if (range) return parseInteger(text, range);
  return parseReal(text);
}

const PLAIN_INTEGER = /^-?\d{1,15}$/;
const PLAIN_REAL = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/** A number written the plain way, without the checks that others need; undefined sends it through them. */
export function parseQuickly(datatype: Datatype, text: string): number | undefined {
  if (datatype === "double" || datatype === "float") return PLAIN_REAL.test(text) ? Number(text) : undefined;
  if (datatype !== "int" && datatype !== "short" && datatype !== "long") return undefined;
  if (!PLAIN_INTEGER.test(text)) return undefined;
  const value = Number(text);
  const [low, high] = SAFE_RANGE[datatype];
  return value >= low && value <= high ? value : undefined;
}

const SAFE_RANGE = {
  short: [-32768, 32767],
  int: [-(2 ** 31), 2 ** 31 - 1],
  long: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
} as const;

function parseBoolean(text: string): number | null | undefined {
  const lower = text.toLowerCase();
  if (lower === "t" || lower === "true" || lower === "1") return 1;
  if (lower === "f" || lower === "false" || lower === "0") return 0;
  return lower === "?" || lower === "" ? null : undefined;
}

function parseInteger(text: string, [low, high]: readonly [bigint, bigint]): number | bigint | undefined {
  if (!/^[+-]?(\d+|0[xX][0-9a-fA-F]+)$/.test(text)) return undefined;
  const negative = text.startsWith("-");
  const magnitude = BigInt(text.replace(/^[+-]/, ""));
  const value = negative ? -magnitude : magnitude;
  if (value < low || value > high) return undefined;
  return high > 2n ** 53n ? value : Number(value);
}

function parseReal(text: string): number | undefined {
  const special = /^([+-]?)(inf|infinity)$/i.exec(text);
  if (special) return special[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^[+-]?nan$/i.test(text)) return Number.NaN;
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined;
}
