import { statSync } from "node:fs";
import { dirname, resolve } from "node:path";

/**
 * What keeps a path from being read or written, in words, from the error of the system.
 *
 * @param action What was tried.
 */
export function fileProblem(error: unknown, path: string, action: "read" | "write"): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case "ENOENT":
      return action === "read"
        ? `there is no such file (looked from ${process.cwd()})`
        : `there is no folder "${dirname(path)}" (looked from ${process.cwd()})`;
    case "ENOTDIR":
      return `"${firstFile(path)}" is a file, not a folder`;
    case "EISDIR":
      return "it is a folder";
    case "EACCES":
    case "EPERM":
      return `it may not be ${action === "read" ? "read" : "written"} by this user`;
    case "EROFS":
      return "its disk can only be read";
    case "ENOSPC":
    case "EDQUOT":
      return "the disk is full";
    default:
      return message;
  }
}

/** The part of a path that is a file where a folder was expected. */
function firstFile(path: string): string {
  let at = dirname(resolve(path));
  while (dirname(at) !== at && !statSync(at, { throwIfNoEntry: false })) at = dirname(at);
  return at;
}
