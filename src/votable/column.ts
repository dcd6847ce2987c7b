import {
  type ArraySize,
  type Datatype,
  parseArraySize,
  resolveDatatype,
  toTyped,
  type VotableArray,
} from "./datatype.ts";
import { VotableError } from "./error.ts";
import { parseElement, parseQuickly } from "./parse-cell.ts";
import type { XmlElement } from "./xml.ts";

/** What a FIELD says. */
export interface VotableField {
  /** The name, or the ID where there is none. */
  readonly name: string;
  readonly id?: string;
  readonly datatype: Datatype;
  readonly arraysize?: string;
  readonly unit?: string;
  readonly ucd?: string;
  readonly utype?: string;
  readonly xtype?: string;
  /** ID of the COOSYS, TIMESYS or GROUP it belongs to. */
  readonly ref?: string;
  readonly width?: string;
  readonly precision?: string;
  readonly description?: string;
  /** The value that stands for null (VALUES null="…"). */
  readonly nullValue?: string;
  /** Its VALUES (minimum, maximum, options) and LINK elements. */
  readonly elements?: readonly XmlElement[];
}

/**
 * A column with its values.
 *
 * Scalar numbers come as a typed array (64-bit integers as doubles while all are safe, else bigints), text as strings,
 * arrays as one typed array (or string array) per row. A null is 1 in `nulls`; its value is NaN, 0 or "".
 */
export interface VotableColumn extends VotableField {
  readonly data: VotableArray | string[] | (VotableArray | string[])[];
  readonly nulls?: Uint8Array;
}

/** Collects the cells of one column. */
export class ColumnBuilder {
  readonly field: VotableField;
  readonly size: ArraySize;
  readonly #file: string;
  readonly #cells: (number | bigint | string | VotableArray | string[])[] = [];
  readonly #nulls: number[] = [];
  readonly isText: boolean;
  /** True where a cell holds one string or number. */
  readonly isScalar: boolean;
  /** Elements per value: complex numbers have two. */
  readonly parts: number;

  constructor(file: string, field: VotableField, size: ArraySize) {
    this.#file = file;
    this.field = field;
    this.size = size;
    this.isText = field.datatype === "char" || field.datatype === "unicodeChar";
    this.isScalar = this.isText ? size.rank < 2 : size.rank === 0;
    this.parts = field.datatype.endsWith("Complex") ? 2 : 1;
  }

  addNull(): void {
    this.#nulls.push(this.#cells.length);
    if (this.isText) this.#cells.push(this.isScalar ? "" : []);
    else if (this.isScalar && this.parts === 1) this.#cells.push(this.#missing());
    else this.#cells.push(toTyped(this.field.datatype, this.isScalar ? [Number.NaN, Number.NaN] : []));
  }

  /** The text of a TD. */
  addText(text: string): void {
    const quick = this.isScalar && this.parts === 1 ? parseQuickly(this.field.datatype, text) : undefined;
    const trimmed = quick === undefined ? text.trim() : "";
    if (quick !== undefined) {
      this.addNumber(quick);
    } else if (this.isText) {
      this.#addString(text);
    } else if (trimmed === "" || (this.isScalar && trimmed === this.field.nullValue)) {
      this.addNull();
    } else {
      const elements = trimmed.split(/[\s,]+/).filter((element) => element !== "");
      this.addNumbers(this.#split(elements).map((element) => this.#parse(element)));
    }
  }

  /** A string, as read from a binary cell. */
  addString(text: string): void {
    this.#addString(text);
  }

  /** The number of a scalar cell. */
  addNumber(value: number | bigint): void {
    if (this.field.nullValue !== undefined && this.#isNullValue(value)) this.addNull();
    else this.#cells.push(value);
  }

  /** Numbers of one cell; null marks a null logical. */
  addNumbers(values: readonly (number | bigint | null)[]): void {
    const { count } = this.size;
    if (count !== undefined && values.length !== count * this.parts) {
      throw this.error(`must have ${count * this.parts} numbers`, `it has ${values.length}`);
    }
    const [first] = values;
    if (!this.isScalar || this.parts === 2) {
      this.#cells.push(this.#arrayCell(values));
    } else if (first === null || this.#isNullValue(first as number)) {
      this.addNull();
    } else {
      this.#cells.push(first as number);
    }
  }

  finish(): VotableColumn {
    const n = this.#cells.length;
    const nulls = new Uint8Array(n);
    for (const row of this.#nulls) nulls[row] = 1;
    const scalar = !this.isText && this.isScalar && this.parts === 1;
    const data = scalar ? toTyped(this.field.datatype, this.#cells as number[], nulls) : (this.#cells as string[]);
    return { ...this.field, data, ...(this.#nulls.length > 0 ? { nulls } : {}) };
  }

  /** An error about the cell that comes next. */
  error(must: string, found: string): VotableError {
    return new VotableError(
      this.#file,
      `field "${this.field.name}" (${this.field.datatype}) in row ${this.#cells.length + 1} ${must}: ${found}`,
    );
  }

  /** An array; where an element is the null value or a null logical it comes as doubles with NaN there. */
  #arrayCell(values: readonly (number | bigint | null)[]): VotableArray {
    const isNull = (value: number | bigint | null) => value === null || this.#isNullValue(value);
    if (values.some(isNull)) return Float64Array.from(values, (value) => (isNull(value) ? Number.NaN : Number(value)));
    return toTyped(this.field.datatype, values as (number | bigint)[]);
  }

  /** Whether a number is the one that VALUES declares to be null ("-1" and "-1.0" are the same). */
  #isNullValue(value: number | bigint | null): boolean {
    const { nullValue } = this.field;
    if (nullValue === undefined || value === null) return false;
    return String(value) === nullValue || (typeof value === "number" && value === Number(nullValue));
  }

  #missing(): number {
    return this.field.datatype === "float" || this.field.datatype === "double" ? Number.NaN : 0;
  }

  #addString(text: string): void {
    if (this.isScalar) {
      if (this.field.nullValue !== undefined && text === this.field.nullValue) this.addNull();
      else this.#cells.push(text);
      return;
    }
    const length = this.size.fastest ?? text.length;
    const letters = Array.from(text);
    const n = length === 0 ? 0 : Math.ceil(letters.length / length);
    this.#cells.push(
      Array.from({ length: n }, (_, i) =>
        letters
          .slice(i * length, (i + 1) * length)
          .join("")
          .trimEnd(),
      ),
    );
  }

  /** Bit arrays are often written without blanks between them. */
  #split(elements: string[]): string[] {
    return this.field.datatype === "bit" ? elements.join("").split("") : elements;
  }

  #parse(element: string): number | bigint | null {
    const value = parseElement(this.field.datatype, element);
    if (value === undefined) throw this.error("must hold a value of its type", `current text is "${element}"`);
    return value;
  }
}

/** A builder for a FIELD. */
export function makeBuilder(
  file: string,
  attributes: Readonly<Record<string, string>>,
  more: { description?: string; nullValue?: string; elements?: readonly XmlElement[] },
): ColumnBuilder {
  const name = attributes.name ?? attributes.ID ?? attributes.id ?? "";
  const datatype = resolveDatatype(attributes.datatype ?? "");
  if (!datatype) {
    throw new VotableError(
      file,
      `field "${name}" must have a datatype of the standard (boolean, bit, unsignedByte, short, int, long, char, unicodeChar, float, double, floatComplex, doubleComplex): current value is "${attributes.datatype ?? ""}"`,
    );
  }
  const size = parseArraySize(attributes.arraysize);
  if (!size) {
    throw new VotableError(
      file,
      `field "${name}" must have an arraysize such as "3", "*" or "8x*": current value is "${attributes.arraysize}"`,
    );
  }
  const optional = {
    id: attributes.ID ?? attributes.id,
    arraysize: attributes.arraysize,
    unit: attributes.unit,
    ucd: attributes.ucd,
    utype: attributes.utype,
    xtype: attributes.xtype,
    ref: attributes.ref,
    width: attributes.width,
    precision: attributes.precision,
    ...more,
  };
  const present = Object.fromEntries(
    Object.entries(optional).filter(([, value]) => value !== undefined && value !== ""),
  );
  return new ColumnBuilder(file, { name, datatype, ...present }, size);
}
