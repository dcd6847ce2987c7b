import { nearestNames } from "../array/index.ts";
import { type Renaming, renamingText } from "./column-names.ts";

/** What a query could have used. */
export interface QueryContext {
  /** Names of the tables given. */
  readonly tables: readonly string[];
  readonly renamings: readonly Renaming[];
}

/** DuckDB's error in terms of `sql`: which tables there are, where files were looked for. */
export function sqlError(cause: Error, { tables, renamings }: QueryContext): Error {
  const concerned = renamings.filter(({ column }) => cause.message.includes(column));
  const message = explain(cause.message, tables, renamingText(concerned));
  return new Error(`Cannot run SQL: ${message}`, message.includes(cause.message) ? { cause } : {});
}

function explain(message: string, tables: readonly string[], renaming: string): string {
  const table = /^Catalog Error: Table with name (.+) does not exist!/.exec(message)?.[1];
  if (table !== undefined) {
    const given = tables.length > 0 ? nearestNames(table, tables).join(", ") : "none";
    const key = /^[A-Za-z_]\w*$/.test(table) ? table : `${JSON.stringify(table)}: …`;
    return `there is no table "${table}": a table in memory is given as { tables: { ${key} } }, a file as its path in quotes; the tables given are: ${given}`;
  }
  const pattern = /^IO Error: No files found that match the pattern "(.*)"/.exec(message)?.[1];
  if (pattern !== undefined) return `there is no file "${pattern}" (looked from ${process.cwd()})`;
  return renaming === "" ? message : `${message}\n(${renaming})`;
}
