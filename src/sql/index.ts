/**
 * SQL over files of any size and tables in memory, by DuckDB.
 *
 * @module
 */
export { type SqlOptions, sql, sqlToParquet } from "./sql.ts";
