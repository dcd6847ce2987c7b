import { inspect } from "node:util";
import { isNdArray, shapeText } from "./arrays.ts";
import { isTable } from "./table.ts";

/** One name of the session and what it holds. */
export interface VariableInfo {
  readonly name: string;
  /** Such as "number", "Float64Array", "Table", "class". */
  readonly type: string;
  /** Such as "(1200, 16)", where the value has one. */
  readonly shape?: string;
  /** One line about the value. */
  readonly preview: string;
}

const MAX_PREVIEW = 80;

/** Describes a value for lists of variables, in one line however large it is. */
export function describeVariable(name: string, value: unknown): VariableInfo {
  const shape = shapeOf(value);
  return { name, type: typeOf(value), ...(shape !== undefined && { shape }), preview: previewOf(value) };
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "function")
    return /^class\b/.test(Function.prototype.toString.call(value)) ? "class" : "function";
  if (typeof value !== "object") return typeof value;
  if (isTable(value)) return "Table";
  const made = (value as { constructor?: unknown }).constructor;
  return typeof made === "function" && made.name !== "" ? made.name : "object";
}

function shapeOf(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (isTable(value)) return shapeText([value.numRows(), value.columnNames().length]);
  if (isNdArray(value)) return shapeText(value.shape);
  if (Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value))
    return shapeText([Number(value.length)]);
  if (value instanceof Map || value instanceof Set) return shapeText([value.size]);
  return undefined;
}

function previewOf(value: unknown): string {
  try {
    const text = isTable(value)
      ? value.columnNames().join(", ")
      : inspect(value, {
          depth: 0,
          maxArrayLength: 6,
          maxStringLength: MAX_PREVIEW,
          breakLength: Number.POSITIVE_INFINITY,
        });
    const line = text.replaceAll(/\s+/g, " ");
    return line.length <= MAX_PREVIEW ? line : `${line.slice(0, MAX_PREVIEW - 1)}…`;
  } catch {
    return "[its inspection throws]";
  }
}
