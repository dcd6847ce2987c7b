import type { Catalog } from "../catalog/index.ts";

/** Numbers given as an array, or as the name of a catalogue's column. */
export type Values = string | ArrayLike<number>;

/**
 * The numbers meant.
 *
 * @throws {TypeError} If an array has not one value per row.
 */
export function valuesOf(catalog: Catalog, values: Values, name: string): Float64Array {
  if (typeof values === "string") return catalog.numbers(values);
  if (values.length !== catalog.numRows) {
    throw new TypeError(
      `Cannot select from catalogue "${catalog.name}": ${name} must have ${catalog.numRows} values: current number is ${values.length}`,
    );
  }
  return Float64Array.from(values);
}
