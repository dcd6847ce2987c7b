import { transformSync } from "esbuild";

/** Whether a text parses as TypeScript. */
export function parses(text: string): boolean {
  try {
    transformSync(text, { loader: "ts", logLevel: "silent" });
    return true;
  } catch {
    return false;
  }
}
