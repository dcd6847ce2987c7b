import { readFileSync } from "node:fs";
import path from "node:path";
import { typescriptBinary } from "./lsp-client.ts";

let known: Promise<ReadonlySet<string>> | undefined;

/** The values that TypeScript's DOM library declares and Node lacks: types of packages speak of it, but no cell can use them. */
export function browserGlobals(): Promise<ReadonlySet<string>> {
  return (known ??= readGlobals());
}

async function readGlobals(): Promise<ReadonlySet<string>> {
  const library = path.join(path.dirname(await typescriptBinary()), "lib.dom.d.ts");
  const declared = readFileSync(library, "utf8").matchAll(/^declare (?:var|function) (\w+)/gm);
  return new Set([...declared].map(([, name]) => name!).filter((name) => !(name in globalThis)));
}
