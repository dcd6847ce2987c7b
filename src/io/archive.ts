import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type CachedFileOptions, cachedFile } from "../net/index.ts";

/** One file that notebooks use and that archives keep. */
export interface ArchiveEntry {
  /** What it is called here; also its place in the cache and in a folder of shared data. */
  readonly name: string;
  readonly url: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly licence: string;
  readonly description: string;
}

/** Where an archive file was found. */
export interface ArchiveFile {
  readonly path: string;
  readonly origin: "folder" | "cache" | "download";
  readonly entry: ArchiveEntry;
}

/** Where `archiveFile` looks. */
export interface ArchiveOptions extends Omit<CachedFileOptions, "expected"> {
  /** Folder that may have the file under its name already, such as "../shared/data". Default none. */
  readonly folder?: string;
  /** The list of files. Default: `data/archives.json` of Photonbook. */
  readonly manifest?: readonly ArchiveEntry[];
}

/** The files listed in `data/archives.json`. */
export async function archiveManifest(): Promise<readonly ArchiveEntry[]> {
  // Two levels up from src/io, three from dist/src/io
  for (const path of ["../../data/archives.json", "../../../data/archives.json"]) {
    const text = await readFile(new URL(path, import.meta.url), "utf8").catch(() => undefined);
    if (text !== undefined) return (JSON.parse(text) as { files: ArchiveEntry[] }).files;
  }
  throw new Error("Cannot list archive files: data/archives.json must be beside Photonbook's sources: there is none");
}

/**
 * A path of a real data file: in the folder given, else in the cache, else downloaded into it. Size and SHA-256 are
 * checked; a file that differs is not used.
 *
 * @param name Name in the manifest, such as "catalogs/umlcaxs/uniquely_classified.csv".
 * @throws {RangeError} If the manifest has no such file.
 * @throws {Error} If the archive is not reachable or its file is not the one listed.
 */
export async function archiveFile(name: string, options: ArchiveOptions = {}): Promise<ArchiveFile> {
  const manifest = options.manifest ?? (await archiveManifest());
  const entry = manifest.find((candidate) => candidate.name === name);
  if (!entry) {
    const known = manifest.map((candidate) => `"${candidate.name}"`).join(", ");
    throw new RangeError(`Cannot find archive file: its name must be one of ${known}: current value is "${name}"`);
  }
  if (options.folder !== undefined) {
    const path = join(options.folder, name);
    if (await isIntact(path, entry)) return { path, origin: "folder", entry };
  }
  const { path, origin } = await cachedFile(entry.url, { ...options, expected: entry });
  return { path, origin, entry };
}

/** Whether a folder's file is the one listed. */
async function isIntact(path: string, entry: ArchiveEntry): Promise<boolean> {
  const bytes = await readFile(path).catch(() => undefined);
  if (bytes?.length !== entry.bytes) return false;
  return createHash("sha256").update(bytes).digest("hex") === entry.sha256;
}
