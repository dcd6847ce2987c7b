import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

const root = process.env.PHOTONBOOK_TEST_DATA ?? resolve(import.meta.dirname, "../../shared/data");

/**
 * Path of a file of the shared real data.
 *
 * @throws {Error} If the folder is not there, with what to set.
 */
export function sharedData(...parts: string[]): string {
  if (!existsSync(root)) {
    throw new Error(`Cannot find the test data: "${root}" must be a folder: set PHOTONBOOK_TEST_DATA to it`);
  }
  return join(root, ...parts);
}
