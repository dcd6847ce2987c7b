/** Primitive types of VOTable, with the bytes an element takes in the binary forms. */
export const DATATYPE_BYTES = {
  boolean: 1,
  bit: 0.125,
  unsignedByte: 1,
  short: 2,
  int: 4,
  long: 8,
  char: 1,
  unicodeChar: 2,
  float: 4,
  double: 8,
  floatComplex: 8,
  doubleComplex: 16,
} as const;

export type Datatype = keyof typeof DATATYPE_BYTES;

/** Names that old writers use, and what they mean. */
const ALIASES: Readonly<Record<string, Datatype>> = { string: "char", unicodeString: "unicodeChar" };

/** The primitive type of a name; undefined if there is none. */
export function resolveDatatype(name: string): Datatype | undefined {
  if (Object.hasOwn(DATATYPE_BYTES, name)) return name as Datatype;
  return ALIASES[name];
}

/** A parsed `arraysize`. */
export interface ArraySize {
  /** Elements of a cell; undefined where each cell says its own number. */
  readonly count: number | undefined;
  /** Extent of the fastest axis; for strings the characters of one string. */
  readonly fastest: number | undefined;
  /** Number of axes; 0 for a scalar. */
  readonly rank: number;
}

/** Parses `arraysize` such as "3", "*", "8x*" or "10*"; undefined if it is none. */
export function parseArraySize(text: string | undefined): ArraySize | undefined {
  const trimmed = (text ?? "").trim();
  if (trimmed === "") return { count: 1, fastest: undefined, rank: 0 };
  const parts = trimmed.split("x");
  if (!parts.every((part, i) => /^\d+$/.test(part) || (i === parts.length - 1 && /^\d*\*$/.test(part))))
    return undefined;
  const variable = trimmed.endsWith("*");
  const sizes = parts.filter((part) => !part.endsWith("*")).map(Number);
  return {
    count: variable ? undefined : sizes.reduce((product, size) => product * size, 1),
    fastest: parts.length > 1 || !variable ? sizes[0] : undefined,
    rank: parts.length,
  };
}

/** Typed arrays that cells and columns come as. */
export type VotableArray = Uint8Array | Int16Array | Int32Array | Float32Array | Float64Array | BigInt64Array;

/** The typed array of a numeric type; 64-bit integers come as doubles where all are safe, else as bigints. */
export function toTyped(datatype: Datatype, values: readonly (number | bigint)[], nulls?: Uint8Array): VotableArray {
  switch (datatype) {
    case "short":
      return Int16Array.from(values as number[]);
    case "int":
      return Int32Array.from(values as number[]);
    case "float":
    case "floatComplex":
      return Float32Array.from(values as number[]);
    case "double":
    case "doubleComplex":
      return Float64Array.from(values as number[]);
    case "long":
      return narrowLong(values, nulls);
    default:
      return Uint8Array.from(values as number[]);
  }
}

/** 64-bit integers as doubles where all (nulls apart) are safe integers, else as bigints. */
export function narrowLong(values: readonly (number | bigint)[], nulls?: Uint8Array): Float64Array | BigInt64Array {
  const safe = values.every((value, i) => nulls?.[i] || Number.isSafeInteger(Number(value)));
  return safe ? Float64Array.from(values, Number) : BigInt64Array.from(values, BigInt);
}
