/**
 * Source catalogues: FITS, VOTable, CSV, TSV and ECSV as one kind of table with units.
 *
 * @module
 */
export { asciiCatalog, asciiText } from "./ascii.ts";
export {
  Catalog,
  type CatalogColumn,
  type ColumnFields,
  type FeatureMatrix,
} from "./catalog.ts";
export { CatalogError } from "./catalog-error.ts";
export type { CatalogRow } from "./catalog-row.ts";
export type { ColumnData, ColumnKind, NumberColumn } from "./column-data.ts";
export { catalogFromFits, catalogFromRanges, type FitsCatalogOptions } from "./from-fits.ts";
export { catalogFromText, type TextCatalogOptions } from "./from-text.ts";
export { catalogFromVotable } from "./from-votable.ts";
export { type FeatureScale, GMM_FEATURES, GmmScaling } from "./gmm-features.ts";
export { joinRows } from "./join-rows.ts";
export { PEREZ_DIAZ_2024_SCALING } from "./perez-diaz-2024.ts";
export { stackCatalogs } from "./stack-catalogs.ts";
export { fitsFromCatalog } from "./to-fits.ts";
export { type TextFormat, textFromCatalog } from "./to-text.ts";
export { votableFromCatalog, votableHeader } from "./to-votable.ts";
