import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { notebookConfig } from "../../../kernel/language/config.ts";
import { Documents } from "../../../kernel/language/documents.ts";

test("the server does not load the project that the notebook's folder lies in", async () => {
  const project = mkdtempSync(join(tmpdir(), "photonbook-project-"));
  const notebookDir = join(project, "notebooks");
  mkdirSync(notebookDir);
  // A solution: the server would look for the notebook's documents in every project of it.
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ files: [], references: [{ path: "./own" }] }));
  mkdirSync(join(project, "own"));
  writeFileSync(join(project, "own/tsconfig.json"), "{}");
  writeFileSync(join(project, "own/own.ts"), "export const onlyInTheProject = 1;");
  const name = ".photonbook-test.json";
  const config = notebookConfig(notebookDir, { name, cellPattern: "photonbook-test-*.ts" });
  const documents = new Documents(notebookDir, name, config);
  const cell = "photonbook-test-cell.ts";
  const symbols = (query: string) => documents.request<{ name: string }[] | null>("workspace/symbol", cell, { query });
  try {
    await documents.set(cell, "export const onlyInTheCell: string = 1;");
    expect(await documents.diagnose(cell)).toMatchObject([{ code: 2322 }]);
    expect(await symbols("onlyInTheCell")).toMatchObject([{ name: "onlyInTheCell" }]);
    expect((await symbols("onlyInTheProject")) ?? []).toEqual([]);
  } finally {
    await documents.close();
    rmSync(project, { recursive: true });
  }
});
