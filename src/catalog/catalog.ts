import { type ColumnTable, table as makeTable } from "arquero";
import type { Matrix } from "../array/index.ts";
import { DISPLAY } from "../host/index.ts";
import { catalogHtml, catalogText } from "./catalog-display.ts";
import { type CatalogRow, noSuchColumn, rowAt, rowCursor } from "./catalog-row.ts";
import { type ColumnData, type ColumnKind, kindOf, takeRows } from "./column-data.ts";

/** What is known of a column besides its values. */
export interface CatalogColumn {
  readonly name: string;
  readonly unit?: string;
  /** Unified content descriptor, such as "pos.eq.ra;meta.main". */
  readonly ucd?: string;
  readonly description?: string;
  readonly kind: ColumnKind;
}

/** A column with its values, to make a Catalog of. */
export interface ColumnFields extends Omit<CatalogColumn, "kind"> {
  readonly data: ColumnData;
}

/** A matrix of catalogue columns that remembers what it was made of. */
export interface FeatureMatrix extends Matrix {
  /** Name of each column. */
  readonly names: readonly string[];
  /** Row of the catalogue that each row of the matrix came from. */
  readonly rows: Int32Array;
}

/** Formulas for features that are not columns themselves: from the raw columns, in their order. */
const DERIVED: { readonly [pattern: string]: { inputs: readonly string[]; of: (...values: number[]) => number } } = {
  "var_ratio_*": { inputs: ["var_sigma_*", "var_mean_*"], of: (sigma, mean) => (sigma as number) / (mean as number) },
  "var_newq_*": {
    inputs: ["var_max_*", "var_min_*", "var_mean_*"],
    of: (max, min, mean) => ((max as number) + (min as number)) / 2 / (mean as number),
  },
};

/**
 * A table of sources with units, UCDs and descriptions.
 *
 * `table` is an arquero table of the same columns for joins, rollups and the like. Missing numbers are NaN, missing
 * texts and logicals null; 64-bit integers that doubles cannot hold are bigints. Column names are matched exactly.
 */
export class Catalog {
  readonly name: string;
  readonly columns: readonly CatalogColumn[];
  readonly numRows: number;
  /** What was odd and read nonetheless, and what a service said of its reply. */
  readonly notes: readonly string[];
  readonly #data: ReadonlyMap<string, ColumnData>;
  #table: ColumnTable | undefined;

  /**
   * @param columns Equally long columns; a name that occurs again gets "_2", "_3", … and a note.
   * @param options.name Shown in displays and errors. Default "".
   * @throws {TypeError} If the columns differ in length.
   */
  constructor(columns: readonly ColumnFields[], options: { name?: string; notes?: readonly string[] } = {}) {
    this.name = options.name ?? "";
    this.numRows = columns[0]?.data.length ?? 0;
    const notes = [...(options.notes ?? [])];
    const data = new Map<string, ColumnData>();
    this.columns = columns.map(({ data: values, ...info }) => {
      if (values.length !== this.numRows) {
        throw new TypeError(
          `Cannot make catalogue "${this.name}": column "${info.name}" must have ${this.numRows} values: current number is ${values.length}`,
        );
      }
      const name = freeName(info.name, data);
      if (name !== info.name) notes.push(`column "${info.name}" occurs again and is called "${name}"`);
      data.set(name, values);
      return { ...info, name, kind: kindOf(values) };
    });
    this.#data = data;
    this.notes = notes;
  }

  /** The columns as an arquero table, sharing memory. */
  get table(): ColumnTable {
    this.#table ??= makeTable(Object.fromEntries(this.#data), [...this.#data.keys()]);
    return this.#table;
  }

  has(name: string): boolean {
    return this.#data.has(name);
  }

  /**
   * Values of a column.
   *
   * @throws {RangeError} If there is none of that name, with the nearest names.
   */
  column(name: string): ColumnData {
    const data = this.#data.get(name);
    if (data) return data;
    throw noSuchColumn(name, { name: this.name, data: this.#data });
  }

  /** A numeric (or logical: 0 and 1) column as doubles, missing values as NaN. */
  numbers(name: string): Float64Array {
    const data = this.column(name);
    const kind = kindOf(data);
    if (kind === "number" || kind === "bigint") return Float64Array.from(data as Float64Array, Number);
    if (kind === "boolean" || (data as unknown[]).every((value) => value === null)) {
      return Float64Array.from(data as (boolean | null)[], (value) => (value === null ? Number.NaN : Number(value)));
    }
    throw new TypeError(
      `Cannot use column "${name}" of catalogue "${this.name}" as numbers: it must be numeric: it holds ${kind === "array" ? `arrays of ${lengthOf(data as unknown[])}` : `values of kind "${kind}" such as ${JSON.stringify((data as unknown[])[0])}`}`,
    );
  }

  /** Unit of a column, where it has one. */
  unit(name: string): string | undefined {
    this.column(name);
    return this.columns.find((column) => column.name === name)?.unit;
  }

  /**
   * One row as an object.
   *
   * @throws {RangeError} If there is no such row, or the row is asked for a name that is no column.
   */
  row(index: number): CatalogRow {
    this.#checkRows([index]);
    return rowAt({ name: this.name, data: this.#data }, index);
  }

  /**
   * The rows that a test or a mask keeps, in their order.
   *
   * @param keep Called with each row (an object that is valid only during the call) and its index; or 1/true per row.
   * @throws {RangeError} If the test asks a row for a name that is no column, or the mask is not as long as the table.
   * @example csc.filter((row) => row.flux_significance_b > 5 && row.name.startsWith("2CXO J05"))
   */
  filter(keep: ((row: CatalogRow, index: number) => unknown) | ArrayLike<number | boolean>): Catalog {
    if (typeof keep !== "function" && keep.length !== this.numRows) {
      throw new RangeError(
        `Cannot filter catalogue "${this.name}": mask must have ${this.numRows} elements: current length is ${keep.length}`,
      );
    }
    const cursor = rowCursor({ name: this.name, data: this.#data });
    const rows: number[] = [];
    for (let index = 0; index < this.numRows; index++) {
      cursor.index = index;
      if (typeof keep === "function" ? keep(cursor.row, index) : keep[index]) rows.push(index);
    }
    return this.take(Int32Array.from(rows));
  }

  /**
   * The rows at some indices, in that order.
   *
   * @throws {RangeError} If there is no such row.
   */
  take(rows: ArrayLike<number>): Catalog {
    this.#checkRows(rows);
    const columns = this.columns.map(({ kind: _, ...info }) => ({
      ...info,
      data: takeRows(this.#data.get(info.name) as ColumnData, rows),
    }));
    return new Catalog(columns, { name: this.name, notes: this.notes });
  }

  /** Some of the columns, in the order asked for. */
  select(names: readonly string[]): Catalog {
    const columns = names.map((name) => {
      const data = this.column(name);
      const { kind: _, ...info } = this.columns.find((column) => column.name === name) as CatalogColumn;
      return { ...info, data };
    });
    return new Catalog(columns, { name: this.name, notes: this.notes });
  }

  /** The catalogue with a further column at its end. */
  withColumn(column: ColumnFields): Catalog {
    const columns = this.columns.map(({ kind: _, ...info }) => ({ ...info, data: this.column(info.name) }));
    return new Catalog([...columns, column], { name: this.name, notes: this.notes });
  }

  /**
   * Columns as a matrix, a row per source.
   *
   * `var_ratio_X` and `var_newq_X` are computed from `var_sigma_X`, `var_mean_X`, `var_max_X` and `var_min_X` where
   * they are not columns themselves.
   *
   * @param names Columns in order, such as `GMM_FEATURES`.
   * @param options.missing What to do about rows with a missing or infinite value: "error"; "drop" leaves them out
   * (`rows` of the result says which stayed); "keep" leaves NaN. Default "error".
   * @throws {RangeError} If a column is missing, or, with "error", if a value is; it names columns and rows.
   */
  features(names: readonly string[], options: { missing?: "error" | "drop" | "keep" } = {}): FeatureMatrix {
    const { missing = "error" } = options;
    const columns = names.map((name) => this.#feature(name));
    const bad = columns.map((values) => Int32Array.from(values.keys()).filter((row) => !Number.isFinite(values[row])));
    if (missing === "error" && bad.some((rows) => rows.length > 0)) throw this.#missingError(names, bad);
    const dropped = new Set(missing === "drop" ? bad.flatMap((rows) => Array.from(rows)) : []);
    const rows = Int32Array.from({ length: this.numRows }, (_, row) => row).filter((row) => !dropped.has(row));
    const data = new Float64Array(rows.length * names.length);
    for (const [j, values] of columns.entries()) {
      for (let i = 0; i < rows.length; i++) {
        const value = values[rows[i] as number] as number;
        data[i * names.length + j] = Number.isFinite(value) ? value : Number.NaN;
      }
    }
    return { data, shape: [rows.length, names.length], names: [...names], rows };
  }

  /** The first rows as a table for a notebook. */
  [DISPLAY](): Record<string, string> {
    return { "text/html": catalogHtml(this), "text/plain": catalogText(this) };
  }

  #feature(name: string): Float64Array {
    if (this.has(name)) return this.numbers(name);
    for (const [pattern, { inputs, of }] of Object.entries(DERIVED)) {
      const stem = pattern.slice(0, -1);
      if (!name.startsWith(stem)) continue;
      const columns = inputs.map((input) => input.replace("*", name.slice(stem.length)));
      if (!columns.every((column) => this.has(column))) continue;
      const values = columns.map((column) => this.numbers(column));
      return Float64Array.from({ length: this.numRows }, (_, row) => of(...values.map((v) => v[row] as number)));
    }
    return this.numbers(name);
  }

  #checkRows(rows: ArrayLike<number>): void {
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] as number;
      if (Number.isInteger(row) && row >= 0 && row < this.numRows) continue;
      const allowed = this.numRows > 0 ? `be 0–${this.numRows - 1}` : "exist: it has none";
      throw new RangeError(
        `Cannot take a row of catalogue "${this.name}": row must ${allowed}: current value is ${row}`,
      );
    }
  }

  #missingError(names: readonly string[], bad: readonly Int32Array[]): RangeError {
    const parts = bad.flatMap((rows, j) => {
      const some = Array.from(rows.slice(0, 3)).join(", ");
      return rows.length === 0 ? [] : [`"${names[j]}" in ${rows.length} (row ${some}${rows.length > 3 ? ", …" : ""})`];
    });
    const total = new Set(bad.flatMap((rows) => Array.from(rows))).size;
    return new RangeError(
      `Cannot make features of catalogue "${this.name}": every value must be a finite number (or give missing: "drop" or "keep"): ${total} of ${this.numRows} rows lack one: ${parts.join("; ")}`,
    );
  }
}

/** Length of the first array of a column. */
function lengthOf(data: readonly unknown[]): number {
  return (data.find((value) => value !== null) as ArrayLike<unknown>).length;
}

/** A name that is not taken yet. */
function freeName(name: string, taken: ReadonlyMap<string, unknown>): string {
  if (!taken.has(name)) return name;
  for (let k = 2; ; k++) if (!taken.has(`${name}_${k}`)) return `${name}_${k}`;
}
