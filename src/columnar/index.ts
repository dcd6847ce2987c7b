/**
 * Columnar files: Parquet and Arrow, and arquero tables, to and from catalogues with units and UCDs.
 *
 * @module
 */
export { catalogFromTable } from "./arquero.ts";
export { arrowFromCatalog, catalogFromArrow } from "./arrow.ts";
export { type ColumnNotes, fileMetadata, notesOf, type TableNotes } from "./metadata.ts";
export {
  catalogFromParquet,
  type ParquetOptions,
  type ParquetSource,
  parquetFromCatalog,
  parquetNotes,
} from "./parquet.ts";
export { columnOf } from "./values.ts";
