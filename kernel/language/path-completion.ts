import { readdirSync } from "node:fs";
import path from "node:path";

/**
 * Files and folders that go on with a path, folders with a slash after their names; none where its folder cannot be
 * read. Hidden ones are there for who types the dot.
 *
 * @param typed The path as far as it is written.
 */
export function completePath(typed: string): { text: string; type: "path" }[] {
  const slash = typed.lastIndexOf("/") + 1;
  const [folder, begun] = [typed.slice(0, slash), typed.slice(slash)];
  const entries = readFolder(folder === "" ? "." : folder);
  return entries
    .filter(({ name }) => name.startsWith(begun) && (begun !== "" || !name.startsWith(".")))
    .map((entry) => ({ text: entry.isDirectory() ? `${entry.name}/` : entry.name, type: "path" as const }))
    .sort((a, b) => (a.text < b.text ? -1 : 1));
}

function readFolder(folder: string) {
  try {
    return readdirSync(path.resolve(folder), { withFileTypes: true });
  } catch {
    return [];
  }
}
