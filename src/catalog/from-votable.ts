import type { VotableColumn, VotableFile } from "../votable/index.ts";
import { VotableError } from "../votable/index.ts";
import { Catalog, type ColumnFields } from "./catalog.ts";
import { bigintsWithNulls, booleansOf, type ColumnData, numbersWithNulls, textsOf } from "./column-data.ts";

/**
 * Makes a Catalog of a VOTable. That the service cut the result off is said in `notes`.
 *
 * @param options.table Name, ID or index of the table. Default: the first with columns.
 */
export function catalogFromVotable(file: VotableFile, options: { table?: string | number } = {}): Catalog {
  const { table: wanted } = options;
  const { tables } = file;
  const found =
    wanted === undefined
      ? (tables.find((table) => table.columns.length > 0) ?? tables[0])
      : typeof wanted === "number"
        ? tables[wanted]
        : tables.find((table) => table.name === wanted || table.id === wanted);
  if (!found) {
    throw new VotableError(
      file.name,
      `it must have ${wanted === undefined ? "a table" : `the table ${JSON.stringify(wanted)}`}: it has ${tables.length}`,
    );
  }
  const notes = file.overflow ? ["the service cut the result off at its row limit (OVERFLOW): rows are missing"] : [];
  const name = found.name && found.name !== "null" ? found.name : file.name;
  return new Catalog(found.columns.map(fieldOf), { name, notes });
}

function fieldOf(column: VotableColumn): ColumnFields {
  const { name, unit, ucd, description } = column;
  return {
    name,
    ...(unit ? { unit } : {}),
    ...(ucd ? { ucd } : {}),
    ...(description ? { description } : {}),
    data: valuesOf(column),
  };
}

function valuesOf({ data, nulls, datatype }: VotableColumn): ColumnData {
  if (Array.isArray(data)) {
    if (data.every((value) => typeof value === "string")) return textsOf(data, nulls);
    return Array.from(data as ArrayLike<unknown>[], (value, i) => (nulls?.[i] ? null : value));
  }
  if (datatype === "boolean") return booleansOf(data as Uint8Array, nulls);
  if (data instanceof BigInt64Array) return bigintsWithNulls(data, nulls);
  return numbersWithNulls(data, nulls);
}
