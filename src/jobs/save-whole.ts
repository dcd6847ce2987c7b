import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from "node:fs";
import { fileProblem } from "../disk/index.ts";

/**
 * Writes a file that appears under its name only when its bytes are on the disk, in place of an older one: whatever ends
 * the process, the file is the last whole one.
 *
 * @param what What errors call it: "checkpoint".
 */
export function saveWhole(path: string, bytes: Uint8Array, what: string): void {
  const draft = `${path}.draft`;
  try {
    const fd = openSync(draft, "w");
    try {
      writeFileSync(fd, bytes);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(draft, path);
  } catch (cause) {
    throw new Error(`Cannot save ${what} "${path}": ${fileProblem(cause, path, "write")}`, { cause });
  }
}
