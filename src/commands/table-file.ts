import { extname } from "node:path";
import { countOf } from "../array/index.ts";
import { type Catalog, fitsFromCatalog, textFromCatalog, votableFromCatalog } from "../catalog/index.ts";
import { arrowFromCatalog, parquetFromCatalog } from "../columnar/index.ts";
import { saveFile } from "../disk/index.ts";
import { writeFits } from "../fits/index.ts";
import { hdf5FromCatalog } from "../hdf5/index.ts";
import { writeVotable } from "../votable/index.ts";

type Write = (catalog: Catalog) => Uint8Array | string | Promise<Uint8Array>;

const votable: Write = (catalog) => writeVotable(votableFromCatalog(catalog));
const fits: Write = (catalog) => writeFits([fitsFromCatalog(catalog)], { checksum: true });
const hdf5: Write = (catalog) => hdf5FromCatalog(catalog);
const arrow: Write = (catalog) => arrowFromCatalog(catalog);

const WRITERS: Readonly<Record<string, Write>> = {
  ".fits": fits,
  ".fit": fits,
  ".vot": votable,
  ".xml": votable,
  ".parquet": parquetFromCatalog,
  ".arrow": arrow,
  ".feather": arrow,
  ".hdf5": hdf5,
  ".h5": hdf5,
  ".ecsv": (catalog) => textFromCatalog(catalog),
  ".csv": (catalog) => textFromCatalog(catalog, { format: "csv" }),
  ".tsv": (catalog) => textFromCatalog(catalog, { format: "tsv" }),
};

/** Endings of files that a table is written to; all but .csv and .tsv keep its units and UCDs. */
export const TABLE_ENDINGS: readonly string[] = Object.keys(WRITERS);

/**
 * How a table is written to a file of this name.
 *
 * @param others Further endings that the command allows, for the error.
 * @throws {RangeError} If the name ends otherwise.
 */
export function tableWriter(path: string, others: readonly string[] = []): (catalog: Catalog) => Promise<void> {
  const write = WRITERS[extname(path).toLowerCase()];
  if (write) return async (catalog) => void (await saveFile(path, await write(catalog), "table"));
  throw new RangeError(
    `Cannot write "${path}": its name must end in ${[...TABLE_ENDINGS, ...others].join(", ")}: current value is "${extname(path)}"`,
  );
}

/** What of a catalogue a file of this name cannot keep, in words. */
export function lossOf(catalog: Catalog, path: string): string[] {
  const ending = extname(path).toLowerCase();
  const noted = catalog.columns.filter(({ unit, ucd, description }) => unit || ucd || description).length;
  if ((ending !== ".csv" && ending !== ".tsv") || noted === 0) return [];
  return [`units, UCDs and descriptions of ${countOf(noted, "column")} have no place in ${ending} (.ecsv keeps them)`];
}
