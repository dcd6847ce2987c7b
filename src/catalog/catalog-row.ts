import { knownNames } from "../array/index.ts";
import type { ColumnData } from "./column-data.ts";

/**
 * One row, by column name. What a column holds is known only when it has been read, so its values are taken as they are
 * used: `row.flux > 1e-13 && row.name.startsWith("2CXO")`. Missing numbers are NaN, other missing values null.
 */
export interface CatalogRow {
  // biome-ignore lint/suspicious/noExplicitAny: with unknown, every use would need a conversion that checks nothing
  readonly [column: string]: any;
}

/** The columns of a catalogue and what it is called. */
export interface RowSource {
  readonly name: string;
  readonly data: ReadonlyMap<string, ColumnData>;
}

/** The error about a name that is no column. */
export function noSuchColumn(column: string, { name, data }: RowSource): RangeError {
  const allowed = data.size === 1 ? "its one column" : `one of its ${data.size} columns`;
  return new RangeError(
    `Cannot use column "${column}" of catalogue "${name}": it must be ${allowed}${knownNames(column, [...data.keys()])}`,
  );
}

/** An object whose properties read the columns at a movable index; a name that is no column is an error. */
export function rowCursor(source: RowSource): { index: number; row: CatalogRow } {
  const cursor = { index: 0, row: Object.create(guard(source)) as CatalogRow };
  for (const [name, values] of source.data) {
    Object.defineProperty(cursor.row, name, { get: () => values[cursor.index] ?? null, enumerable: true });
  }
  return cursor;
}

/** A row that stays as it is; a name that is no column is an error. */
export function rowAt(source: RowSource, index: number): CatalogRow {
  const values = Array.from(source.data, ([name, data]) => [name, data[index] ?? null] as const);
  return Object.assign(Object.create(guard(source)) as object, Object.fromEntries(values));
}

/** What JavaScript itself asks of any object. */
const ASKED_OF_ALL = new Set(["then", "toJSON"]);

/** The prototype of rows: it is asked only for what is no column, so reading a column costs nothing more. */
function guard(source: RowSource): object {
  return new Proxy(
    {},
    {
      get(target, key) {
        if (typeof key === "symbol" || key in target || ASKED_OF_ALL.has(key)) return Reflect.get(target, key);
        throw noSuchColumn(key, source);
      },
    },
  );
}
