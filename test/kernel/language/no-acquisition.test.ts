import { chmodSync, existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect, test, vi } from "vitest";
import { startLanguageSession } from "../../../kernel/language/index.ts";

test("the language server never runs npm, whatever the notebook's folder asks for", async () => {
  const folder = mkdtempSync(join(tmpdir(), "photonbook-acquisition-"));
  const called = join(folder, "npm-was-called");
  writeFileSync(join(folder, "npm"), `#!/bin/sh\necho "$@" >> "${called}"\n`);
  chmodSync(join(folder, "npm"), 0o755);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ dependencies: { lodash: "*" } }));
  vi.stubEnv("PATH", `${folder}${delimiter}${process.env.PATH}`);
  vi.stubEnv("XDG_CACHE_HOME", folder);
  const session = await startLanguageSession({ notebookDir: folder });
  try {
    const prepared = await session.prepare({ id: 1, code: "const a: number = 1; a" });
    expect(prepared.ok).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(existsSync(called)).toBe(false);
  } finally {
    await session.close();
    vi.unstubAllEnvs();
  }
});
