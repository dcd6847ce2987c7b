import type { Datatype, VotableColumn, VotableSpec } from "../votable/index.ts";
import type { Catalog, CatalogColumn } from "./catalog.ts";
import { type ColumnData, isMissing } from "./column-data.ts";

type Data = VotableColumn["data"];

/**
 * A catalogue as a table for `writeVotable`, with units, UCDs and descriptions.
 *
 * @throws {TypeError} If a column holds arrays of a kind that VOTable does not have.
 */
export function votableFromCatalog(catalog: Catalog): VotableSpec {
  const columns = catalog.columns.map((column) => fieldOf(column, catalog.column(column.name)));
  return { tables: [{ name: catalog.name, numRows: catalog.numRows, columns }] };
}

/** The same without rows: what the columns are. */
export function votableHeader(catalog: Catalog): VotableSpec {
  const columns = catalog.columns.map((column) => {
    const data = catalog.column(column.name);
    // Numbers keep their type without values; lists need them to tell it
    const { nulls: _, ...field } = fieldOf(column, Array.isArray(data) ? data : data.slice(0, 0));
    return { ...field, data: field.data.slice(0, 0) };
  });
  return { tables: [{ name: catalog.name, numRows: 0, columns }] };
}

function fieldOf({ kind: _, ...info }: CatalogColumn, data: ColumnData): VotableColumn {
  const { datatype, values, arraysize } = valuesOf(info.name, data);
  const nulls = Uint8Array.from(data as unknown[], (value) => (isMissing(value) ? 1 : 0));
  return {
    ...info,
    datatype,
    ...(arraysize ? { arraysize } : {}),
    data: values,
    ...(nulls.includes(1) ? { nulls } : {}),
  };
}

function valuesOf(name: string, data: ColumnData): { datatype: Datatype; values: Data; arraysize?: string } {
  if (!Array.isArray(data)) return numbersOf(data);
  const first = (data as unknown[]).find((value) => value !== null);
  if (typeof first === "boolean")
    return { datatype: "boolean", values: Uint8Array.from(data as boolean[], (value) => (value ? 1 : 0)) };
  if (first === undefined || typeof first === "string") {
    return { datatype: "char", values: (data as (string | null)[]).map((value) => value ?? ""), arraysize: "*" };
  }
  const cells = data as (ArrayLike<unknown> | null)[];
  if (cells.some((cell) => typeof cell?.[0] === "string"))
    return { datatype: "char", values: cells.map((cell) => Array.from(cell ?? [], String)), arraysize: "*" };
  if (cells.every((cell) => Array.from(cell ?? []).every((value) => typeof value === "number"))) {
    const values = cells.map((cell) => Float64Array.from((cell ?? []) as ArrayLike<number>));
    return { datatype: "double", values, arraysize: "*" };
  }
  throw new TypeError(`Cannot write column "${name}": its arrays must hold numbers or texts: one holds neither`);
}

/** Widened to the next type that VOTable has, exactly. */
function numbersOf(data: Exclude<ColumnData, unknown[]>): { datatype: Datatype; values: Data } {
  if (data instanceof BigInt64Array) return { datatype: "long", values: data };
  if (data instanceof BigUint64Array) {
    const large = data.find((value) => value >= 2n ** 63n);
    if (large === undefined) return { datatype: "long", values: BigInt64Array.from(data) };
    throw new TypeError(`Cannot write a VOTable: integers must be below 2^63: one is ${large}`);
  }
  if (data instanceof Float64Array) return { datatype: "double", values: data };
  if (data instanceof Float32Array) return { datatype: "float", values: data };
  if (data instanceof Int32Array) return { datatype: "int", values: data };
  if (data instanceof Int16Array) return { datatype: "short", values: data };
  if (data instanceof Uint8Array) return { datatype: "unsignedByte", values: data };
  if (data instanceof Int8Array) return { datatype: "short", values: Int16Array.from(data) };
  if (data instanceof Uint16Array) return { datatype: "int", values: Int32Array.from(data) };
  return { datatype: "double", values: Float64Array.from(data) };
}
