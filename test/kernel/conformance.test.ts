import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const python = process.env.PHOTONBOOK_PYTHON ?? join(root, ".photonbook/venv/bin/python");

test("jupyter_kernel_test passes, none of its tests skipped", () => {
  const prefix = mkdtempSync(join(tmpdir(), "photonbook-prefix-"));
  execFileSync(process.execPath, [join(root, "kernel/cli.ts"), "install", "--prefix", prefix]);
  const { stderr, status } = spawnSync(python, [join(root, "test/kernel/conformance.py")], {
    encoding: "utf8",
    cwd: prefix,
    env: { ...process.env, JUPYTER_PATH: join(prefix, "share/jupyter"), NODE_OPTIONS: "" },
  });
  expect(stderr).toMatch(/Ran 13 tests/);
  expect(stderr).not.toContain("skipped");
  expect(stderr).toMatch(/\nOK\n/);
  expect(status).toBe(0);
});
