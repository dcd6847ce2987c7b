import { execFileSync, spawnSync } from "node:child_process";
import { resolve } from "node:path";

const cli = resolve(import.meta.dirname, "../../../kernel/cli.ts");

/** What `photonbook ARGS` prints. */
export function photonbook(...args: string[]): string {
  return execFileSync(process.execPath, [cli, ...args], { encoding: "utf8", maxBuffer: 2 ** 28 });
}

/** Exit status and all that `photonbook ARGS` prints. */
export function photonbookResult(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { encoding: "utf8" });
  return { status, stdout, stderr };
}

/** What a failing `photonbook ARGS` says on stderr. */
export function photonbookError(...args: string[]): string {
  const { status, stderr } = photonbookResult(...args);
  if (status === 0) throw new Error(`photonbook ${args.join(" ")} succeeded`);
  return stderr;
}
