import { homedir } from "node:os";
import { join } from "node:path";

/** Folder for downloads and simulated skies: PHOTONBOOK_CACHE, else `photonbook` in the user's cache folder. */
export function cacheDir(): string {
  const { PHOTONBOOK_CACHE, XDG_CACHE_HOME } = process.env;
  return PHOTONBOOK_CACHE || join(XDG_CACHE_HOME || join(homedir(), ".cache"), "photonbook");
}
