import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** The oldest Node that runs Photonbook. */
const MIN_NODE = 24;

/** A Node on this machine. */
export interface NodeProgram {
  /** Such as "24.21.0". */
  readonly version: string;
  readonly path: string;
}

/** The command that puts Node where `photonbookNode` finds it. */
const NODE_FIX = `npm install --prefix ~/.photonbook node@${MIN_NODE}`;

/**
 * The Node that runs Photonbook: the running one where it is new enough, else the one that the set-up fetched into the
 * checkout's or the home folder's `.photonbook`.
 *
 * @param root Folder of package.json.
 * @throws {Error} If there is none.
 */
export function photonbookNode(
  root: string,
  running: NodeProgram = { version: process.versions.node, path: process.execPath },
): string {
  if (Number(running.version.split(".")[0]) >= MIN_NODE) return running.path;
  const fetched = [join(root, ".photonbook/node"), join(homedir(), ".photonbook")]
    .map((folder) => join(folder, "node_modules/node/bin/node"))
    .find((path) => existsSync(path));
  if (fetched) return fetched;
  throw new Error(
    `Cannot run photonbook: Node must be ${MIN_NODE} or newer: current version is ${running.version} at ${running.path}; run: ${NODE_FIX}`,
  );
}
