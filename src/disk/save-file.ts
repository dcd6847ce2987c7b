import { writeFile } from "node:fs/promises";
import { fileProblem } from "./file-problem.ts";

/**
 * Writes a file.
 *
 * @param what What errors call it, such as "figure".
 * @returns The path.
 * @throws {Error} If it cannot be written, with the reason in words; `cause` has the system's error.
 */
export async function saveFile(path: string, content: Uint8Array | string, what: string): Promise<string> {
  try {
    await writeFile(path, content);
    return path;
  } catch (cause) {
    throw new Error(`Cannot save ${what} "${path}": ${fileProblem(cause, path, "write")}`, { cause });
  }
}
