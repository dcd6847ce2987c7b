import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { jupyterEnvironment, jupyterPython } from "./environment.ts";

/* The hosts that run a kernel without a browser, as a user calls them. */

const folder = mkdtempSync(join(tmpdir(), "photonbook-hosts-"));

/** Runs a Python module in the folder; its output. */
function python(module: string, ...args: string[]): string {
  const options = { cwd: folder, env: jupyterEnvironment(), encoding: "utf8", timeout: 60_000 } as const;
  const { status, stdout, stderr } = spawnSync(jupyterPython(), ["-m", module, ...args], options);
  expect(status, stderr).toBe(0);
  return stdout;
}

/** A notebook of a kernel, saved under a name. */
function notebook(file: string, kernel: string, cells: readonly string[]): void {
  const content = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: kernel, display_name: kernel } },
    cells: cells.map((source, index) => {
      return { cell_type: "code", id: `cell-${index}`, metadata: {}, source, outputs: [], execution_count: null };
    }),
  };
  writeFileSync(join(folder, file), JSON.stringify(content));
}

test.each([
  ["photonbook", "const twice = (n: number) => 2 * n;"],
  ["photonbook-javascript", "let twice = 2; twice = (n) => 2 * n;"],
])("jupyter nbconvert --execute runs a notebook of %s and saves its language", (kernel, code) => {
  notebook("executed.ipynb", kernel, [code, "console.log('lines', 1);\ntwice(21)"]);
  python("nbconvert", "--to", "notebook", "--execute", "--inplace", "executed.ipynb");
  const { cells, metadata } = JSON.parse(readFileSync(join(folder, "executed.ipynb"), "utf8"));
  expect(cells[1].outputs.map(({ text, data }: Record<string, never>) => text ?? data["text/plain"])).toEqual([
    ["lines 1\n"],
    ["42"],
  ]);
  expect(metadata.language_info.name).toBe(kernel === "photonbook" ? "typescript" : "javascript");
  python("nbconvert", "--to", "script", "executed.ipynb");
  const script = join(folder, `executed${metadata.language_info.file_extension}`);
  expect(readFileSync(script, "utf8")).toContain("twice(21)");
});

test("nbconvert --allow-errors stores an error as an error, and goes on", () => {
  notebook("fails.ipynb", "photonbook", ["throw new RangeError('too hot')", "'after'"]);
  python("nbconvert", "--to", "notebook", "--execute", "--allow-errors", "--inplace", "fails.ipynb");
  const { cells } = JSON.parse(readFileSync(join(folder, "fails.ipynb"), "utf8"));
  expect(cells[0].outputs).toMatchObject([{ output_type: "error", ename: "RangeError", evalue: "too hot" }]);
  expect(cells[1].outputs[0].data["text/plain"]).toEqual(["'after'"]);
});

test("jupyter run runs a file", () => {
  writeFileSync(join(folder, "cells.ts"), "const n: number = 6;\nconsole.log('answer', n * 7);\n");
  expect(python("jupyter_client.runapp", "--kernel", "photonbook", "cells.ts")).toContain("answer 42");
});
