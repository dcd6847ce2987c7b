import { knownNames } from "../array/index.ts";
import { Catalog, type ColumnFields } from "./catalog.ts";
import { CatalogError } from "./catalog-error.ts";
import type { ColumnData, NumberColumn } from "./column-data.ts";

/**
 * Rows of several catalogues with the same columns, one catalogue after another; units, UCDs and descriptions are the
 * first one's. Numbers of different widths become doubles.
 *
 * @param options.name Default: the first catalogue's.
 * @throws {RangeError} If there is no catalogue.
 * @throws {CatalogError} Naming the catalogue that lacks a column, has one too many, in another unit or of another kind.
 * @example stackCatalogs(await Promise.all(paths.map((path) => loadCatalog(path))))
 */
export function stackCatalogs(catalogs: readonly Catalog[], options: { name?: string } = {}): Catalog {
  const [first] = catalogs;
  if (!first) throw new RangeError("Cannot stack catalogues: there must be one: current number is 0");
  for (const catalog of catalogs) checkColumns(catalog, first);
  const columns = first.columns.map(
    ({ kind: _, ...info }): ColumnFields => ({
      ...info,
      data: stacked(catalogs.map((catalog) => catalog.column(info.name))),
    }),
  );
  return new Catalog(columns, {
    name: options.name ?? first.name,
    notes: [...new Set(catalogs.flatMap(({ notes }) => notes))],
  });
}

function checkColumns(catalog: Catalog, first: Catalog): void {
  const names = first.columns.map(({ name }) => name);
  const extra = catalog.columns.find(({ name }) => !first.has(name));
  if (extra) {
    throw new CatalogError(
      catalog.name,
      `to be stacked on "${first.name}" it must have no column "${extra.name}"${knownNames(extra.name, names)}`,
    );
  }
  for (const { name, kind, unit } of first.columns) {
    if (!catalog.has(name)) {
      throw new CatalogError(catalog.name, `to be stacked on "${first.name}" it must have a column "${name}"`);
    }
    const other = catalog.columns.find((column) => column.name === name)!;
    // A column in which all is missing counts as text
    const isEmpty = [catalog, first].some((one) => isAllMissing(one.column(name)));
    if (other.kind !== kind && !isEmpty) {
      throw new CatalogError(
        catalog.name,
        `to be stacked on "${first.name}" column "${name}" must hold ${kind}s: it holds ${other.kind}s`,
      );
    }
    if (unit && other.unit && other.unit !== unit) {
      throw new CatalogError(
        catalog.name,
        `to be stacked on "${first.name}" column "${name}" must be in ${unit}: it is in ${other.unit}`,
      );
    }
  }
}

function isAllMissing(data: ColumnData): boolean {
  return Array.isArray(data) && (data as unknown[]).every((value) => value === null);
}

function stacked(parts: readonly ColumnData[]): ColumnData {
  const [first] = parts;
  if (parts.some((part) => Array.isArray(part))) return parts.flatMap((part) => Array.from(part as unknown[])) as never;
  const isSame = parts.every((part) => part.constructor === first!.constructor);
  const Kind = (isSame ? first!.constructor : Float64Array) as new (length: number) => NumberColumn;
  const all = new Kind(parts.reduce((total, { length }) => total + length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part as NumberColumn, offset);
    offset += part.length;
  }
  return all;
}
