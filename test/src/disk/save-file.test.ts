import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { fileProblem, saveFile } from "../../../src/disk/index.ts";
import { figure } from "../../../src/figures/index.ts";

const folder = mkdtempSync(join(tmpdir(), "photonbook-disk-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("saveFile() writes, and says in words why it cannot", async () => {
  const path = join(folder, "a.txt");
  expect(await saveFile(path, "text", "note")).toBe(path);
  expect(readFileSync(path, "utf8")).toBe("text");
  await expect(saveFile(join(folder, "no/b.txt"), "", "note")).rejects.toThrow(
    `Cannot save note "${folder}/no/b.txt": there is no folder "${folder}/no" (looked from `,
  );
  await expect(saveFile(join(path, "deep/b.txt"), "", "note")).rejects.toThrow(`"${path}" is a file, not a folder`);
  await expect(saveFile(folder, "", "note")).rejects.toThrow("it is a folder");
});

it("fileProblem() keeps the system's words for what it does not know", () => {
  expect(fileProblem(Object.assign(new Error("odd"), { code: "EODD" }), "x", "read")).toBe("odd");
  expect(fileProblem(Object.assign(new Error(), { code: "EACCES" }), "x", "write")).toBe(
    "it may not be written by this user",
  );
});

it("a figure saved into a folder that is not there says so", async () => {
  writeFileSync(join(folder, "file"), "");
  const spec = { mark: "point", data: { values: [{ a: 1 }] }, encoding: { x: { field: "a", type: "quantitative" } } };
  await expect(figure(spec).save(join(folder, "plots/a.svg"))).rejects.toThrow(
    `Cannot save figure "${folder}/plots/a.svg": there is no folder "${folder}/plots"`,
  );
});
