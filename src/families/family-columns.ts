import { type Catalog, CatalogError, type ColumnData } from "../catalog/index.ts";
import { CHANDRA_TABLES } from "./chandra.ts";
import { EROSITA_TABLES } from "./erosita.ts";
import type { FamilyTable } from "./family.ts";
import { XMM_TABLES } from "./xmm.ts";

/** All tables that are known; the one with the more particular signature stands first. */
export const FAMILY_TABLES: readonly FamilyTable[] = [...CHANDRA_TABLES, ...XMM_TABLES, ...EROSITA_TABLES];

/** Columns of a catalogue by name, whatever the case. */
export class FamilyColumns {
  readonly catalog: Catalog;
  readonly #names: ReadonlyMap<string, string>;

  constructor(catalog: Catalog) {
    this.catalog = catalog;
    this.#names = new Map(catalog.columns.map(({ name }) => [name.toLowerCase(), name]));
  }

  has(name: string): boolean {
    return this.#names.has(name.toLowerCase());
  }

  hasAll(names: readonly string[]): boolean {
    return names.every((name) => this.has(name));
  }

  /** Values of a column; undefined where there is none. */
  values(name: string): ColumnData | undefined {
    const own = this.#names.get(name.toLowerCase());
    return own === undefined ? undefined : this.catalog.column(own);
  }

  /**
   * Numbers of a column.
   *
   * @throws {CatalogError} If there is none of that name.
   */
  numbers(name: string, table: FamilyTable): Float64Array {
    const own = this.#names.get(name.toLowerCase());
    if (own !== undefined) return this.catalog.numbers(own);
    throw new CatalogError(this.catalog.name, `column "${name}" of ${table.title} must be there: it is not`);
  }

  /**
   * Fluxes of a column, erg/s/cm².
   *
   * @throws {CatalogError} If its unit is another.
   */
  fluxes(name: string, table: FamilyTable): Float64Array {
    const unit = this.catalog.unit(this.#names.get(name.toLowerCase()) ?? name);
    if (unit !== undefined && !isCgsFlux(unit)) {
      throw new CatalogError(this.catalog.name, `column "${name}" must be in erg/s/cm²: its unit is "${unit}"`);
    }
    return this.numbers(name, table);
  }
}

/** Whether a unit is erg/s/cm², in any order and spelling, or mW/m², which is the same. */
function isCgsFlux(unit: string): boolean {
  const text = unit.toLowerCase().replaceAll(/[\s*^().]/g, "");
  return /^mw\/m2$|^mwm-2$/.test(text) || (/erg/.test(text) && /s/.test(text) && /cm-?2/.test(text));
}

/**
 * Which table of which family a catalogue is, by its columns.
 *
 * @throws {CatalogError} If it is none that is known.
 */
export function familyOf(catalog: Catalog): FamilyTable {
  const columns = new FamilyColumns(catalog);
  const found = FAMILY_TABLES.find(({ signature }) => columns.hasAll(signature));
  if (found) return found;
  const known = FAMILY_TABLES.map(({ title, signature }) => `${title} (${signature.join(", ")})`).join("; ");
  throw new CatalogError(
    catalog.name,
    `its columns must be those of a family that is known: ${known}: it has ${catalog.columns
      .slice(0, 8)
      .map(({ name }) => name)
      .join(", ")}${catalog.columns.length > 8 ? ", …" : ""}`,
  );
}
