import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { fileProblem } from "../disk/index.ts";
import { type DownloadOptions, download } from "../net/index.ts";
import { expand, plain } from "./expand.ts";

/** How bytes are fetched from the web. */
export type ReadBytesOptions = DownloadOptions;

/**
 * Reads a file or an http(s) address; gzip, bzip2 and compress (.Z) are expanded, recognised by their first bytes and
 * not by the name.
 *
 * With `cache: true` a file from the web is kept and used next time; offline, what is kept is used.
 *
 * @throws {Error} If it is not there or not reachable; the message says what was tried, `cause` has the system's error.
 */
export async function readBytes(source: string | URL, options: ReadBytesOptions = {}): Promise<Uint8Array> {
  const raw = isWeb(source) ? await download(source, options) : await readLocal(source);
  return expand(raw, String(source));
}

/** True for http and https addresses. */
export function isWeb(source: string | URL): boolean {
  return /^https?:/i.test(String(source));
}

async function readLocal(source: string | URL): Promise<Uint8Array> {
  const path = String(source).startsWith("file:") ? fileURLToPath(source) : String(source);
  try {
    return plain(await readFile(path));
  } catch (cause) {
    throw new Error(`Cannot read "${path}": ${fileProblem(cause, path, "read")}`, { cause });
  }
}
