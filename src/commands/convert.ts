import { parseArgs } from "node:util";
import { loadCatalog } from "../io/index.ts";
import { tableWriter } from "./table-file.ts";

/** `photonbook convert IN OUT`: one table, with units, UCDs and descriptions. What was left out is said on stderr. */
export async function runConvert(args: string[]): Promise<void> {
  const { positionals } = parseArgs({ args, allowPositionals: true, options: {} });
  const [from, to] = positionals;
  if (from === undefined || to === undefined || positionals.length > 2) {
    throw new RangeError(
      `Cannot run "convert": two files must be given, IN and OUT: current number is ${positionals.length}`,
    );
  }
  const write = tableWriter(to);
  const catalog = await loadCatalog(from);
  for (const note of catalog.notes) process.stderr.write(`${note}\n`);
  await write(catalog);
  process.stdout.write(`${to}: ${catalog.numRows} rows, ${catalog.columns.length} columns\n`);
}
