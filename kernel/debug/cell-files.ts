import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { murmur2 } from "./murmur2.ts";

/** How a front end computes the path by which it speaks of a cell: prefix, hash of the code, suffix. */
export const CELL_PATHS = {
  hashMethod: "Murmur2",
  hashSeed: 0xc70f6907,
  /** Another one in each process: a front end that finds it changed tells its cells and breakpoints anew. */
  tmpFilePrefix: `${join(tmpdir(), `photonbook_${process.pid}`)}${sep}`,
  tmpFileSuffix: ".ts",
} as const;

/** The path that stands for a cell's code. No file is there: front ends ask for the source. */
export function cellPath(code: string): string {
  return `${CELL_PATHS.tmpFilePrefix}${murmur2(code, CELL_PATHS.hashSeed)}${CELL_PATHS.tmpFileSuffix}`;
}

/** Whether a path stands for some cell's code. */
export function isCellPath(path: string): boolean {
  return path.startsWith(CELL_PATHS.tmpFilePrefix);
}
