import { Catalog, type ColumnFields } from "./catalog.ts";
import { takeRows } from "./column-data.ts";

/**
 * Rows of two catalogues side by side, with their units, UCDs and descriptions. A name that both have gets "_2" on
 * the right.
 *
 * @param left Catalogue and the row of each result row, shape (n,).
 * @param right The same of the other.
 * @param options.extra Columns to put at the end.
 */
export function joinRows(
  left: readonly [Catalog, Uint32Array],
  right: readonly [Catalog, Uint32Array],
  options: { name?: string; extra?: readonly ColumnFields[] } = {},
): Catalog {
  const names = new Set(left[0].columns.map(({ name }) => name));
  const columns = [left, right].flatMap(([catalog, rows], side) =>
    catalog.columns.map(({ kind: _, ...info }): ColumnFields => {
      const name = side === 1 && names.has(info.name) ? `${info.name}_2` : info.name;
      return { ...info, name, data: takeRows(catalog.column(info.name), rows) };
    }),
  );
  return new Catalog([...columns, ...(options.extra ?? [])], {
    name: options.name ?? "",
    notes: [...left[0].notes, ...right[0].notes],
  });
}
