import { Catalog, type ColumnFields } from "../catalog/index.ts";
import type { BandFlux, FamilyTable } from "./family.ts";
import { FamilyColumns, familyOf } from "./family-columns.ts";
import { bandRatio } from "./power-law-band.ts";

/** How sources of several families are brought together. */
export interface CommonOptions {
  /** Photon index that takes a flux to a band of other edges. Default 1.7. */
  readonly photonIndex?: number;
}

/** Bands that all families come to: 0.5–2 keV is a sum of columns in each, 2–7 keV in Chandra's. */
const SOFT = { lowKeV: 0.5, highKeV: 2 };
const HARD = { lowKeV: 2, highKeV: 7 };

/** A flux with its 1σ error, erg/s/cm², and how it was found. */
interface CommonFlux {
  readonly value: Float64Array;
  readonly error: Float64Array;
  readonly note: string;
}

/**
 * One view of Chandra's, XMM-Newton's and eROSITA's sources: the same columns in the same units, whatever the family.
 *
 * `family`, `row` (of the catalogue given), `name`, `ra` and `dec` (deg), `pos_err` (1σ of a coordinate, arcsec),
 * `likelihood`, `extended`, `variable`, `flux_soft` (0.5–2 keV) and `flux_hard` (2–7 keV) with `_err` (1σ, erg/s/cm²),
 * `hardness` ((hard − soft)/(hard + soft)), `quality` ("good", or what the flags say). What a table does not have is
 * missing, and the notes say so; they also say which columns a flux came from and by what factor.
 *
 * @param catalogs One table, or several, one below the other.
 * @throws {CatalogError} If a table belongs to no family that is known, lacks its position, or has fluxes in another unit.
 * @example const all = sourcesOf([await loadCatalog("csc21"), await loadCatalog("4XMM_DR13cat_slim_v1.0.fits.gz")]);
 */
export function sourcesOf(catalogs: Catalog | readonly Catalog[], options: CommonOptions = {}): Catalog {
  const { photonIndex = 1.7 } = options;
  if (!(photonIndex > -10 && photonIndex < 10)) {
    throw new RangeError(`Cannot view sources: photonIndex must be -10 to 10: current value is ${photonIndex}`);
  }
  const parts = (catalogs instanceof Catalog ? [catalogs] : catalogs).map((catalog) => viewOf(catalog, photonIndex));
  const [first] = parts;
  if (!first) throw new RangeError("Cannot view sources: one catalogue or more must be given: there is none");
  const columns = first.columns.map(({ data: _, ...info }, i): ColumnFields => {
    const pieces = parts.map((part) => (part.columns[i] as ColumnFields).data);
    return { ...info, data: joined(pieces) };
  });
  const titles = [...new Set(parts.map(({ table }) => table.title))];
  return new Catalog(columns, { name: `sources of ${titles.join(", ")}`, notes: parts.flatMap(({ notes }) => notes) });
}

function joined(pieces: readonly ColumnFields["data"][]): ColumnFields["data"] {
  const values = pieces.flatMap((piece) => Array.from(piece as ArrayLike<number>));
  return pieces.every((piece) => piece instanceof Float64Array)
    ? Float64Array.from(values)
    : (values as unknown as ColumnFields["data"]);
}

function viewOf(catalog: Catalog, photonIndex: number) {
  const table = familyOf(catalog);
  const columns = new FamilyColumns(catalog);
  const rows = catalog.numRows;
  const numbers = (name: string) => columns.numbers(name, table);
  const errorInputs = columns.hasAll(table.posErr.columns) ? table.posErr.columns.map(numbers) : undefined;
  const posErr = Float64Array.from({ length: rows }, (_, i) =>
    errorInputs ? table.posErr.of(...errorInputs.map((values) => values[i] as number)) : Number.NaN,
  );
  const soft = fluxIn(SOFT, table.soft, { columns, table, photonIndex });
  const hard = fluxIn(HARD, table.hard, { columns, table, photonIndex });
  const hardness = soft.value.map((low, i) => ((hard.value[i] as number) - low) / ((hard.value[i] as number) + low));
  const likelihood =
    table.likelihood !== undefined && columns.has(table.likelihood) ? numbers(table.likelihood) : undefined;
  const names = columns.values(table.name);
  const view: ColumnFields[] = [
    { name: "family", data: Array<string>(rows).fill(table.title) },
    { name: "row", data: Float64Array.from({ length: rows }, (_, i) => i), description: "row of the catalogue given" },
    { name: "name", data: Array.from({ length: rows }, (_, i) => textOf(names?.[i])), ucd: "meta.id;meta.main" },
    { name: "ra", unit: "deg", ucd: "pos.eq.ra;meta.main", data: numbers(table.ra) },
    { name: "dec", unit: "deg", ucd: "pos.eq.dec;meta.main", data: numbers(table.dec) },
    { name: "pos_err", unit: "arcsec", ucd: "stat.error;pos", data: posErr, description: "1σ of one coordinate" },
    { name: "likelihood", data: likelihood ?? missing(rows), description: "log-likelihood of detection" },
    { name: "extended", data: logicals(table.extended, columns, rows) },
    { name: "variable", data: logicals(table.variable, columns, rows), description: "as its catalogue decides" },
    ...fluxColumns("flux_soft", SOFT, soft),
    ...fluxColumns("flux_hard", HARD, hard),
    { name: "hardness", data: hardness, description: "(flux_hard − flux_soft)/(flux_hard + flux_soft)" },
    { name: "quality", data: qualityOf(table, columns, rows), description: "good, or what the flags say" },
  ];
  const lacking = [...table.posErr.columns, ...(table.likelihood === undefined ? [] : [table.likelihood])].filter(
    (name) => !columns.has(name),
  );
  const absent = table.quality.filter(({ column }) => !columns.has(column)).map(({ column }) => column);
  const notes = [
    `${table.title}: flux_soft ${soft.note}; flux_hard ${hard.note}`,
    ...(lacking.length > 0 ? [`${table.title}: the table lacks ${lacking.join(", ")}`] : []),
    ...(absent.length > 0 ? [`${table.title}: quality is without ${absent.join(", ")}, which the table lacks`] : []),
  ];
  return { table, columns: view, notes };
}

const missing = (rows: number) => new Float64Array(rows).fill(Number.NaN);
const textOf = (value: unknown) => (value === null || value === undefined ? null : String(value));

function fluxColumns(name: string, { lowKeV, highKeV }: typeof SOFT, { value, error }: CommonFlux): ColumnFields[] {
  const unit = "erg/s/cm2";
  const description = `flux in ${lowKeV}–${highKeV} keV`;
  return [
    { name, unit, data: value, description },
    { name: `${name}_err`, unit, data: error, description: `1σ error of the ${description}` },
  ];
}

/** A flux in a band: from the first of several sources of it whose columns are there, scaled to the band's edges. */
function fluxIn(
  band: typeof SOFT,
  sources: readonly BandFlux[],
  given: { columns: FamilyColumns; table: FamilyTable; photonIndex: number },
): CommonFlux {
  const { columns, table, photonIndex } = given;
  const rows = columns.catalog.numRows;
  const source = sources.find((each) => columns.hasAll(each.columns));
  if (!source) {
    const wanted = sources.map((each) => each.columns.join(" + ")).join(" or ");
    return { value: missing(rows), error: missing(rows), note: `is missing: the table lacks ${wanted}` };
  }
  const same = source.lowKeV === band.lowKeV && source.highKeV === band.highKeV;
  const factor = same ? 1 : bandRatio(band, source, photonIndex);
  const [value, squares] = [new Float64Array(rows), new Float64Array(rows)];
  for (const column of source.columns) {
    const flux = columns.fluxes(column, table);
    const error = errorOf(column, given);
    for (let i = 0; i < rows; i++) {
      value[i] = (value[i] as number) + factor * (flux[i] as number);
      squares[i] = (squares[i] as number) + (factor * (error?.[i] ?? Number.NaN)) ** 2;
    }
  }
  const from = source.columns.join(" + ");
  const scaled = `is ${from} (${source.lowKeV}–${source.highKeV} keV) × ${factor.toPrecision(4)}, of a power law of index ${photonIndex}`;
  return { value, error: squares.map(Math.sqrt), note: same ? `is ${from}` : scaled };
}

/** 1σ errors of a flux column: its error column, or half of the way between its limits. */
function errorOf(
  flux: string,
  { columns, table }: { columns: FamilyColumns; table: FamilyTable },
): Float64Array | undefined {
  const names = table.errors(flux);
  if (!columns.hasAll(names)) return undefined;
  const [low, high] = names.map((name) => columns.fluxes(name, table)) as [Float64Array, Float64Array | undefined];
  return high ? low.map((value, i) => 0.5 * ((high[i] as number) - value)) : low;
}

function logicals(rule: FamilyTable["extended"], columns: FamilyColumns, rows: number): (boolean | null)[] {
  const values = rule && columns.values(rule.column);
  return Array.from({ length: rows }, (_, i) => (rule && values ? rule.of(values[i]) : null));
}

function qualityOf({ quality }: FamilyTable, columns: FamilyColumns, rows: number): (string | null)[] {
  const flags = quality.flatMap(({ column, meaning }) => {
    const values = columns.values(column);
    return values ? [{ values, meaning }] : [];
  });
  if (flags.length === 0) return Array(rows).fill(null);
  return Array.from({ length: rows }, (_, i) => {
    const said = flags.flatMap(({ values, meaning }) => meaning(values[i]) ?? []);
    return said.length === 0 ? "good" : said.join("; ");
  });
}
