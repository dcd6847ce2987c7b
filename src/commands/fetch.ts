import { copyFile } from "node:fs/promises";
import { type Cone, coneSearch, familyFile, isFamilyName, loadCsc } from "../archives/index.ts";
import { countOf } from "../array/index.ts";
import { archiveFile, archiveManifest } from "../io/index.ts";
import { cachedFile, type DownloadProgress } from "../net/index.ts";
import { type CommandArguments, onlyFile } from "./command.ts";
import { lossOf, tableWriter } from "./table-file.ts";

interface FetchOptions {
  readonly cone?: string;
  readonly from?: string;
  readonly out?: string;
  readonly sha256?: string;
  readonly table?: string;
}

/** `photonbook fetch`: a file into the cache, or sources within a circle into a table. */
export async function runFetch(given: CommandArguments): Promise<void> {
  const values = given.values as FetchOptions;
  if (values.cone === undefined) await fetchFile(onlyFile("fetch", given, "address or name"), values);
  else await fetchCone(values.cone, given, values);
}

async function fetchFile(source: string, { out, sha256, table }: FetchOptions): Promise<void> {
  const options = { onProgress: progressLine(), ...(sha256 === undefined ? {} : { expected: { sha256 } }) };
  const path = await pathOf(source, { ...options, ...(table === undefined ? {} : { table }) });
  if (process.stderr.isTTY) process.stderr.write("\n");
  if (out !== undefined) await copyFile(path, out);
  process.stdout.write(`${out ?? path}\n`);
}

async function pathOf(source: string, options: Parameters<typeof familyFile>[1] & object): Promise<string> {
  if (isFamilyName(source)) return familyFile(source, options);
  if (/^https?:/i.test(source)) return (await cachedFile(source, options)).path;
  const names = (await archiveManifest()).map(({ name }) => name);
  if (names.includes(source)) return (await archiveFile(source, options)).path;
  throw new RangeError(
    `Cannot run "fetch": what is fetched must be an http or https address, "4xmm", "erass1" or one of ${names.join(", ")}: current value is "${source}"`,
  );
}

async function fetchCone(text: string, { positionals }: CommandArguments, { from, out }: FetchOptions): Promise<void> {
  const numbers = text.split(",").map(Number);
  if (numbers.length !== 3 || !numbers.every(Number.isFinite) || positionals.length > 0) {
    throw new RangeError(
      `Cannot run "fetch": --cone must be RA,DEC,RADIUS in degrees, degrees and arcseconds, with nothing else: current value is "${[text, ...positionals].join(" ")}"`,
    );
  }
  if (from === undefined || out === undefined) {
    throw new RangeError(
      `Cannot run "fetch": --cone needs --from (csc21, erass1, erass1-hard, vizier:TABLE or an address) and --out FILE: ${from === undefined ? "--from" : "--out"} is not there`,
    );
  }
  const write = tableWriter(out);
  const [raDeg, decDeg, radiusArcsec] = numbers as [number, number, number];
  const cone: Cone = { raDeg, decDeg, radiusArcsec };
  const sources = from === "csc21" ? await loadCsc({ cone }) : await coneSearch(from, cone, { verbosity: 3 });
  for (const note of [...sources.notes, ...lossOf(sources, out)]) process.stderr.write(`${note}\n`);
  await write(sources);
  process.stdout.write(`${out}: ${countOf(sources.numRows, "row")}, ${countOf(sources.columns.length, "column")}\n`);
}

/** A line on a terminal that says how far a download is; nothing where no one looks. */
function progressLine(): (progress: DownloadProgress) => void {
  return ({ bytes, totalBytes }) => {
    if (!process.stderr.isTTY) return;
    const whole = totalBytes === undefined ? "" : ` of ${(totalBytes / 1e6).toFixed(1)}`;
    process.stderr.write(`\r${(bytes / 1e6).toFixed(1)}${whole} MB `);
  };
}
