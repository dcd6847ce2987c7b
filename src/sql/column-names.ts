import { Catalog } from "../catalog/index.ts";

/** What SQL calls a column of a table that differs from another one in case only. */
export interface Renaming {
  readonly table: string;
  readonly column: string;
  readonly sqlName: string;
}

/**
 * Names that SQL, to which case means nothing, can tell apart: columns such as `b_rgeo` and `B_rgeo` are called
 * `b_rgeo_1` and `B_rgeo_2`. Both get a number, since either name alone would mean the first in silence.
 */
export function sqlNames(names: readonly string[]): string[] {
  const taken = new Set(names.map((name) => name.toLowerCase()));
  const alike = Map.groupBy(names, (name) => name.toLowerCase());
  return names.map((name) => {
    const group = alike.get(name.toLowerCase()) as string[];
    if (group.length === 1) return name;
    for (let k = group.indexOf(name) + 1; ; k += group.length) {
      const free = `${name}_${k}`;
      if (taken.has(free.toLowerCase())) continue;
      taken.add(free.toLowerCase());
      return free;
    }
  });
}

/** The renamings of a table's columns. */
export function renamingsOf(table: string, names: readonly string[]): Renaming[] {
  return sqlNames(names).flatMap((sqlName, i) => {
    const column = names[i] as string;
    return sqlName === column ? [] : [{ table, column, sqlName }];
  });
}

/** The catalogue under names that SQL can tell apart, sharing memory. */
export function withSqlNames(catalog: Catalog): Catalog {
  const names = sqlNames(catalog.columns.map(({ name }) => name));
  const columns = catalog.columns.map(({ kind: _, ...info }, i) => {
    return { ...info, name: names[i] as string, data: catalog.column(info.name) };
  });
  return new Catalog(columns, { name: catalog.name, notes: catalog.notes });
}

/** Renamings as a sentence; empty where there are none. */
export function renamingText(renamings: readonly Renaming[]): string {
  const tables = Map.groupBy(renamings, ({ table }) => table);
  return Array.from(tables, ([table, columns]) => {
    const pairs = columns.map(({ column, sqlName }) => `"${column}" is called ${sqlName}`);
    return `SQL tells no case apart: in ${table}, ${pairs.join(", ")}`;
  }).join("; ");
}
