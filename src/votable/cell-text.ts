import { float32Text } from "../array/index.ts";
import type { Datatype } from "./datatype.ts";

/** A number as TABLEDATA has it; reals in the shortest form that reads back as the same. */
export function numberText(datatype: Datatype, value: number | bigint): string {
  if (datatype === "boolean") return value ? "T" : "F";
  if (typeof value === "number" && !Number.isFinite(value)) {
    return Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
  }
  if (datatype === "float" || datatype === "floatComplex") return float32Text(value as number);
  return Object.is(value, -0) ? "-0.0" : String(value);
}
