import type { ColumnTable } from "arquero";
import { Catalog, type CatalogColumn, type ColumnData, type ColumnFields } from "../catalog/index.ts";
import { columnOf } from "./values.ts";

/**
 * A catalogue of an arquero table. Typed arrays are shared, not copied, unless the table is filtered or ordered.
 *
 * @param options.name Name of the catalogue. Default "".
 * @param options.like Where columns of the same name take unit, UCD and description from, such as the catalogue whose
 * `table` this one was derived from. Default: none.
 * @example catalogFromTable(csc.table.filter((d) => d.significance > 5).derive({ … }), { like: csc })
 */
export function catalogFromTable(table: ColumnTable, options: { name?: string; like?: Catalog } = {}): Catalog {
  const { name = options.like?.name ?? "", like } = options;
  const plain = table.isFiltered() || table.isOrdered() ? table.reify() : table;
  const known = new Map<string, CatalogColumn>(like?.columns.map((column) => [column.name, column]));
  const fields = plain.columnNames().map((column): ColumnFields => {
    const { kind: _, ...info } = known.get(column) ?? { name: column, kind: "string" };
    const values: unknown = plain.column(column);
    const data = (ArrayBuffer.isView(values) ? values : undefined) as ColumnData | undefined;
    return { ...info, name: column, data: data ?? columnOf(plain.array(column) as unknown[], { file: name, column }) };
  });
  return new Catalog(fields, { name });
}
