import { type CscOptions, type FamilyFile, familyFile, isFamilyName, loadCsc } from "../archives/index.ts";
import { knownNames } from "../array/index.ts";
import {
  Catalog,
  CatalogError,
  catalogFromFits,
  catalogFromRanges,
  catalogFromText,
  catalogFromVotable,
} from "../catalog/index.ts";
import { catalogFromArrow, catalogFromParquet } from "../columnar/index.ts";
import { readFits, readFitsRanges } from "../fits/index.ts";
import { catalogFromHdf5, HDF5_START } from "../hdf5/index.ts";
import { readVotable } from "../votable/index.ts";
import { localFile } from "./local-file.ts";
import { isWeb, type ReadBytesOptions, readBytes } from "./read-bytes.ts";
import { sampleSky } from "./sample-sky.ts";

/** Forms that a catalogue can have. */
export type CatalogFormat = "fits" | "votable" | "csv" | "tsv" | "parquet" | "arrow" | "hdf5";

/** How a catalogue is read. */
export interface LoadCatalogOptions extends ReadBytesOptions {
  /** Default: found from the content. */
  readonly format?: CatalogFormat;
  /** FITS: EXTNAME or index of the table. Default: the first table with rows. */
  readonly hdu?: string | number;
  /**
   * VOTable: name, ID or index of the table. Default: the first with columns. HDF5: path of the group whose datasets are
   * the columns. Default: the root.
   */
  readonly table?: string | number;
  /** Columns to keep, in this order. Default all. */
  readonly columns?: readonly string[];
  /** Name of the catalogue. Default: the file's name, or what the file says. */
  readonly name?: string;
}

/** The sample sky as a catalogue: its master table with the columns that only its observation table has. */
export interface SampleCatalogOptions {
  /** Number of sources. Default 1200. */
  readonly nSources?: number;
  /** Default 1. */
  readonly seed?: number;
}

export async function loadCatalog(name: "csc21", options?: CscOptions): Promise<Catalog>;
export async function loadCatalog(
  name: "4xmm" | "erass1",
  options?: FamilyFile & Pick<LoadCatalogOptions, "columns">,
): Promise<Catalog>;
export async function loadCatalog(name: "sample", options?: SampleCatalogOptions): Promise<Catalog>;
export async function loadCatalog(source: string | URL, options?: LoadCatalogOptions): Promise<Catalog>;
/**
 * Loads a catalogue: a FITS, VOTable, CSV, TSV, Parquet, Arrow or HDF5 file (plain, .gz, .bz2 or .Z) from a path or address; "csc21",
 * rows of the Chandra Source Catalog 2.1 over TAP; "4xmm" and "erass1", whole catalogues of XMM-Newton and eROSITA from
 * their archives, kept in the cache; or "sample", the simulated sky, in the order of its event lists.
 *
 * @example
 * const csc = await loadCatalog("csc21", { where: "flux_significance_b > 5", maxRows: 1000 });
 * const erass = await loadCatalog("erass1", { table: "hard", columns: ["IAUNAME", "RA", "DEC", "ML_FLUX_3"] });
 * const mine = await loadCatalog("sources.vot");
 */
export async function loadCatalog(
  source: string | URL,
  options: LoadCatalogOptions | CscOptions | FamilyFile | SampleCatalogOptions = {},
): Promise<Catalog> {
  if (source === "csc21") return loadCsc(options as CscOptions);
  if (source === "sample") return loadSampleCatalog(options as SampleCatalogOptions);
  if (isFamilyName(source)) {
    const { columns } = options as LoadCatalogOptions;
    return loadCatalog(await familyFile(String(source), options as FamilyFile), columns ? { columns } : {});
  }
  const fileOptions = options as LoadCatalogOptions;
  const catalog = await loadFile(source, fileOptions).catch((error) => Promise.reject(asNameError(source, error)));
  return fileOptions.columns ? catalog.select(fileOptions.columns) : catalog;
}

async function loadFile(source: string | URL, options: LoadCatalogOptions): Promise<Catalog> {
  const inRanges = await catalogInRanges(source, options);
  return inRanges ?? parseCatalog(await readBytes(source, options), nameOf(source, options), options);
}

/** Catalogues that are loaded by name. */
const NAMES = ["csc21", "4xmm", "erass1", "sample"];

/** What is no file and looks like none was meant as a name. */
function asNameError(source: string | URL, error: unknown): unknown {
  const { code } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
  if (code !== "ENOENT" || !/^[\w-]+$/.test(String(source))) return error;
  return new RangeError(
    `Cannot load catalogue "${source}": it must be a file, an address or one of the names${knownNames(String(source), NAMES)}; there is no such file (looked from ${process.cwd()})`,
    { cause: (error as Error).cause },
  );
}

/** What a catalogue of a source is called: the name given, or the last part of the path. */
export function nameOf(source: string | URL, { name }: LoadCatalogOptions): string {
  return name ?? String(source).split(/[/\\]/).at(-1) ?? String(source);
}

/** A FITS file on disk, of which the columns wanted go through memory block by block; undefined for other sources. */
async function catalogInRanges(source: string | URL, options: LoadCatalogOptions): Promise<Catalog | undefined> {
  const { format = "fits", hdu, columns } = options;
  if (isWeb(source) || format !== "fits") return undefined;
  const file = await localFile(source);
  const start = new TextDecoder("latin1").decode(await file.slice(0, Math.min(9, file.byteLength)));
  if (start !== FITS_START) return undefined;
  const ranges = await readFitsRanges(file, { name: nameOf(source, options) });
  return catalogFromRanges(ranges, { ...(hdu === undefined ? {} : { hdu }), ...(columns ? { columns } : {}) });
}

/** Bytes of a file in any form as a catalogue. */
export async function parseCatalog(bytes: Uint8Array, name: string, options: LoadCatalogOptions): Promise<Catalog> {
  const format = options.format ?? detectFormat(bytes, name);
  switch (format) {
    case "fits":
      return catalogFromFits(readFits(bytes, { name }), options.hdu === undefined ? {} : { hdu: options.hdu });
    case "votable":
      return catalogFromVotable(
        readVotable(bytes, { name }),
        options.table === undefined ? {} : { table: options.table },
      );
    case "csv":
    case "tsv": {
      const delimiter = options.format === "csv" ? "," : options.format === "tsv" ? "\t" : undefined;
      return catalogFromText(decodeText(bytes), { name, ...(delimiter ? { delimiter } : {}) });
    }
    case "parquet":
      return catalogFromParquet(bytes, { name, ...(options.columns ? { columns: options.columns } : {}) });
    case "arrow":
      return catalogFromArrow(bytes, { name });
    case "hdf5": {
      const { columns, table } = options;
      const group = table === undefined ? {} : { group: String(table) };
      return catalogFromHdf5(bytes, { name, ...group, ...(columns ? { columns } : {}) });
    }
    default:
      throw new RangeError(
        `Cannot load catalogue "${name}": format must be "fits", "votable", "csv", "tsv", "parquet", "arrow" or "hdf5": current value is ${JSON.stringify(format)}`,
      );
  }
}

/** How a FITS file starts. */
const FITS_START = "SIMPLE  =";

/** Whether bytes are a FITS file. */
export function isFits(bytes: Uint8Array): boolean {
  return new TextDecoder("latin1").decode(bytes.subarray(0, FITS_START.length)) === FITS_START;
}

/** What the bytes are, by how they start. */
function detectFormat(bytes: Uint8Array, name: string): CatalogFormat {
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, 2000));
  if (start.startsWith(FITS_START)) return "fits";
  if (start.startsWith("PAR1")) return "parquet";
  if (start.startsWith("ARROW1") || start.startsWith("\xff\xff\xff\xff")) return "arrow";
  if (HDF5_START.every((byte, i) => bytes[i] === byte)) return "hdf5";
  const text = start.replace(/^(ï»¿)?\s*/, "");
  if (/^<\?xml|^<(\w+:)?VOTABLE/i.test(text)) return "votable";
  if (/^<(!doctype\s+)?html/i.test(text)) {
    throw new CatalogError(
      name,
      "it must be FITS, VOTable, CSV, TSV, Parquet, Arrow or HDF5: it is an HTML page (an error page of the server?)",
    );
  }
  if (/^select\s[^;]*\sfrom\s/i.test(text)) {
    throw new CatalogError(
      name,
      "it must be a table: it is a query, which tapQuery sends to a service and sql runs here",
    );
  }
  if (/^[{[]\s*["{[]/.test(text)) {
    throw new CatalogError(name, `it must be a table: it is JSON, which sql reads: sql("SELECT * FROM 'FILE'")`);
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: bytes that no text table has
  if (/[\x00-\x08\x0e-\x1f]/.test(start)) {
    const first = Array.from(bytes.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
    throw new CatalogError(
      name,
      `it must be FITS, VOTable, CSV, TSV, Parquet, Arrow or HDF5: it is binary and starts with ${first}`,
    );
  }
  return "csv";
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

async function loadSampleCatalog(options: SampleCatalogOptions): Promise<Catalog> {
  const sky = await sampleSky(options);
  const master = catalogFromFits(readFits(await readBytes(sky.master), { name: "sample sky" }));
  const observations = catalogFromFits(readFits(await readBytes(sky.observations), { name: "sample sky" }));
  const fields = [master, observations.select(observations.columns.map((c) => c.name).filter((c) => !master.has(c)))];
  return new Catalog(
    fields.flatMap((part) => part.columns.map(({ kind: _, ...info }) => ({ ...info, data: part.column(info.name) }))),
    { name: `sample sky (simulated, seed ${sky.seed})` },
  );
}
