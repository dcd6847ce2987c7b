import { countOf } from "../array/index.ts";
import { asciiCatalog } from "../catalog/index.ts";
import { loadCatalog } from "../io/index.ts";
import type { CommandArguments } from "./command.ts";
import { lossOf, tableWriter } from "./table-file.ts";

/** `photonbook convert IN OUT`: one table, with units, UCDs and descriptions. What was left out is said on stderr. */
export async function runConvert({ values, positionals }: CommandArguments): Promise<void> {
  const [from, to] = positionals;
  if (from === undefined || to === undefined || positionals.length > 2) {
    throw new RangeError(
      `Cannot run "convert": two files must be given, IN and OUT: current number is ${positionals.length}`,
    );
  }
  const write = tableWriter(to);
  const read = await loadCatalog(from);
  const catalog = values.ascii ? asciiCatalog(read) : read;
  for (const note of [...catalog.notes, ...lossOf(catalog, to)]) process.stderr.write(`${note}\n`);
  await write(catalog);
  process.stdout.write(`${to}: ${countOf(catalog.numRows, "row")}, ${countOf(catalog.columns.length, "column")}\n`);
}
