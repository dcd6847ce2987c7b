import { writeFile } from "node:fs/promises";
import { extname } from "node:path";
import { parseArgs } from "node:util";
import { type Catalog, fitsFromCatalog, votableFromCatalog } from "../catalog/index.ts";
import { arrowFromCatalog, parquetFromCatalog } from "../columnar/index.ts";
import { writeFits } from "../fits/index.ts";
import { loadCatalog } from "../io/index.ts";
import { writeVotable } from "../votable/index.ts";

type Write = (catalog: Catalog) => Uint8Array | string | Promise<Uint8Array>;

const votable: Write = (catalog) => writeVotable(votableFromCatalog(catalog));
const fits: Write = (catalog) => writeFits([fitsFromCatalog(catalog)], { checksum: true });
const arrow: Write = (catalog) => arrowFromCatalog(catalog);

/** How a file is written, by the ending of its name. */
const WRITERS: Readonly<Record<string, Write>> = {
  ".fits": fits,
  ".fit": fits,
  ".vot": votable,
  ".xml": votable,
  ".parquet": parquetFromCatalog,
  ".arrow": arrow,
  ".feather": arrow,
};

/** `photonbook convert IN OUT`: one table, with units, UCDs and descriptions. What was left out is said on stderr. */
export async function runConvert(args: string[]): Promise<void> {
  const { positionals } = parseArgs({ args, allowPositionals: true, options: {} });
  const [from, to] = positionals;
  if (from === undefined || to === undefined || positionals.length > 2) {
    throw new RangeError(
      `Cannot run "convert": two files must be given, IN and OUT: current number is ${positionals.length}`,
    );
  }
  const write = WRITERS[extname(to).toLowerCase()];
  if (!write) {
    throw new RangeError(
      `Cannot write "${to}": its name must end in ${Object.keys(WRITERS).join(", ")}, which keep units and UCDs: current value is "${extname(to)}"`,
    );
  }
  const catalog = await loadCatalog(from);
  for (const note of catalog.notes) process.stderr.write(`${note}\n`);
  await writeFile(to, await write(catalog));
  process.stdout.write(`${to}: ${catalog.numRows} rows, ${catalog.columns.length} columns\n`);
}
