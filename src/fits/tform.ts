/** Data type codes of binary table columns. */
export type TypeCode = "L" | "X" | "B" | "I" | "J" | "K" | "A" | "E" | "D" | "C" | "M";

/** Bytes per element; X is counted in bits. */
export const ELEMENT_BYTES: Readonly<Record<TypeCode, number>> = {
  L: 1,
  X: 0.125,
  B: 1,
  I: 2,
  J: 4,
  K: 8,
  A: 1,
  E: 4,
  D: 8,
  C: 8,
  M: 16,
};

/** A parsed TFORMn of a binary table. */
export interface BinaryForm {
  /** Type of the elements; for variable-length columns, of the heap's. */
  readonly type: TypeCode;
  /** Elements per row; for variable-length columns 0 or 1 descriptors. */
  readonly repeat: number;
  /** Descriptor width for variable-length columns: P is 32 bits a number, Q is 64. */
  readonly descriptor?: "P" | "Q";
  /** Bytes the column takes in a row. */
  readonly width: number;
  /** Characters per string where the form gives them (`40A8`). */
  readonly substring?: number;
}

const FORM = /^(\d*)([LXBIJKAEDCM])(.*)$/;
const VARIABLE = /^([01]?)([PQ])([LXBIJKAEDCM])(\(\d*\))?/;

/** Parses TFORMn of a binary table; undefined if it is none. */
export function parseBinaryForm(text: string): BinaryForm | undefined {
  const form = text.trim().toUpperCase();
  const variable = VARIABLE.exec(form);
  if (variable) {
    const repeat = variable[1] === "0" ? 0 : 1;
    const descriptor = variable[2] as "P" | "Q";
    return { type: variable[3] as TypeCode, repeat, descriptor, width: repeat * (descriptor === "P" ? 8 : 16) };
  }
  const fixed = FORM.exec(form);
  if (!fixed) return undefined;
  const type = fixed[2] as TypeCode;
  const repeat = fixed[1] === "" ? 1 : Number(fixed[1]);
  const substring = type === "A" ? /^(\d+)/.exec(fixed[3] as string) : null;
  const width = Math.ceil(repeat * ELEMENT_BYTES[type]);
  return { type, repeat, width, ...(substring ? { substring: Number(substring[1]) } : {}) };
}

/** Parses TDIMn `(a,b,…)` into extents, fastest last; undefined if it is none or does not fit into `repeat`. */
export function parseDim(text: string, repeat: number): number[] | undefined {
  const match = /^\s*\(\s*(\d+(\s*,\s*\d+)*)\s*\)\s*$/.exec(text);
  if (!match) return undefined;
  const extents = (match[1] as string).split(",").map(Number).reverse();
  return extents.reduce((product, extent) => product * extent, 1) <= repeat ? extents : undefined;
}
