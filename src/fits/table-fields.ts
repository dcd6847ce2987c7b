import type { ColumnInfo } from "./column.ts";
import type { Header } from "./header.ts";
import type { Scaling } from "./scale.ts";
import { type BinaryForm, parseBinaryForm, parseDim } from "./tform.ts";

/** A column of a binary table and where it lies in a row. */
export interface Field extends ColumnInfo {
  readonly format: BinaryForm;
  /** Byte offset in the row. */
  readonly offset: number;
  readonly scaling: Scaling;
}

/** Array elements that a row takes: complex numbers have two. */
export function elementsPerRow({ type, repeat }: BinaryForm): number {
  return type === "C" || type === "M" ? 2 * repeat : repeat;
}

/** The public part of a field. */
export function toInfo({ format: _format, offset: _offset, scaling: _scaling, ...info }: Field): ColumnInfo {
  return info;
}

/** Characters of one string: TDIM's fastest extent has been taken off `shape`. */
export function stringLength({ format, shape }: Field): number {
  const perRow = shape.reduce((product, extent) => product * extent, 1);
  return perRow > 0 ? Math.floor(format.repeat / perRow) : 0;
}

/** Reads TTYPEn, TFORMn, … of all columns and checks that they fill the row. */
export function parseFields(header: Header, rowBytes: number): Field[] {
  const n = header.integer("TFIELDS", { least: 0 });
  if (n > 999) throw header.error("TFIELDS", `must be 0–999: current value is ${n}`);
  const fields: Field[] = [];
  let offset = 0;
  for (let index = 0; index < n; index++) {
    const field = parseField(header, index, offset);
    offset += field.format.width;
    fields.push(field);
  }
  if (offset > rowBytes) {
    throw header.error(
      "NAXIS1",
      `must be at least ${offset}, the sum of the columns' widths: current value is ${rowBytes}`,
    );
  }
  return fields;
}

function parseField(header: Header, index: number, offset: number): Field {
  const k = index + 1;
  const form = header.string(`TFORM${k}`);
  const format = parseBinaryForm(form);
  if (!format) {
    throw header.error(
      `TFORM${k}`,
      `must be a binary table format (a repeat count and one of L X B I J K A E D C M P Q): current value is "${form}"`,
    );
  }
  const unit = header.get(`TUNIT${k}`);
  const description = header.card(`TTYPE${k}`)?.comment;
  return {
    name: columnName(header, k),
    index,
    form: form.trim(),
    ...(typeof unit === "string" && unit !== "" ? { unit } : {}),
    repeat: format.descriptor ? 1 : format.repeat,
    shape: rowShape(header, k, format),
    variable: format.descriptor !== undefined,
    ...(description ? { description } : {}),
    format,
    offset,
    scaling: parseScaling(header, k),
  };
}

function columnName(header: Header, k: number): string {
  const name = header.get(`TTYPE${k}`);
  return name === undefined || name === "" ? `col${k}` : String(name);
}

function parseScaling(header: Header, k: number): Scaling {
  const text = header.card(`TNULL${k}`)?.text ?? "";
  return {
    scale: header.number(`TSCAL${k}`, 1),
    zero: header.number(`TZERO${k}`, 0),
    ...(/^[+-]?\d+$/.test(text) ? { nullValue: BigInt(text) } : {}),
  };
}

/** Extents of a row's value. Strings lose their fastest extent (the characters), complex numbers gain one of 2. */
function rowShape(header: Header, k: number, format: BinaryForm): number[] {
  if (format.descriptor) return [];
  const dim = header.get(`TDIM${k}`);
  const extents = typeof dim === "string" ? parseDim(dim, format.repeat) : undefined;
  const fits = extents && extents.reduce((product, extent) => product * extent, 1) === format.repeat;
  if (format.type === "A") {
    if (format.repeat === 0) return [];
    if (fits) return (extents as number[]).slice(0, -1);
    return format.substring && format.substring <= format.repeat ? [Math.floor(format.repeat / format.substring)] : [];
  }
  const shape = fits ? (extents as number[]) : format.repeat === 1 ? [] : [format.repeat];
  return format.type === "C" || format.type === "M" ? [...shape, 2] : shape;
}
