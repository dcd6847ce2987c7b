import { writeFile } from "node:fs/promises";
import { extname } from "node:path";
import { type Catalog, fitsFromCatalog, votableFromCatalog } from "../catalog/index.ts";
import { arrowFromCatalog, parquetFromCatalog } from "../columnar/index.ts";
import { writeFits } from "../fits/index.ts";
import { writeVotable } from "../votable/index.ts";

type Write = (catalog: Catalog) => Uint8Array | string | Promise<Uint8Array>;

const votable: Write = (catalog) => writeVotable(votableFromCatalog(catalog));
const fits: Write = (catalog) => writeFits([fitsFromCatalog(catalog)], { checksum: true });
const arrow: Write = (catalog) => arrowFromCatalog(catalog);

const WRITERS: Readonly<Record<string, Write>> = {
  ".fits": fits,
  ".fit": fits,
  ".vot": votable,
  ".xml": votable,
  ".parquet": parquetFromCatalog,
  ".arrow": arrow,
  ".feather": arrow,
};

/** Endings of the files that keep a table with its units and UCDs. */
export const TABLE_ENDINGS: readonly string[] = Object.keys(WRITERS);

/**
 * How a table is written to a file of this name.
 *
 * @param others Further endings that the command allows, for the error.
 * @throws {RangeError} If the name ends otherwise.
 */
export function tableWriter(path: string, others: readonly string[] = []): (catalog: Catalog) => Promise<void> {
  const write = WRITERS[extname(path).toLowerCase()];
  if (write) return async (catalog) => writeFile(path, await write(catalog));
  throw new RangeError(
    `Cannot write "${path}": its name must end in ${[...TABLE_ENDINGS, ...others].join(", ")}: current value is "${extname(path)}"`,
  );
}
