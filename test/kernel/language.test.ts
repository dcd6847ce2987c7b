import { afterAll, beforeAll, expect, test } from "vitest";
import { TestClient } from "./client.ts";

/* The kernel for plain JavaScript, started as `jupyter run` starts one: with arguments that are not the kernel's. */

let client: TestClient;
beforeAll(async () => {
  client = await TestClient.start({ args: ["--language", "javascript", "cells.js", "--unknown", "7"] });
});
afterAll(() => client.close());

test("says that its cells are JavaScript", async () => {
  const { language_info, banner } = (await client.request("kernel_info_request", {})).reply.content;
  expect(language_info).toMatchObject({ name: "javascript", file_extension: ".js", mimetype: "text/javascript" });
  expect(banner).toContain("JavaScript on Node 24");
});

test("runs what TypeScript would refuse, and keeps its values", async () => {
  const { reply, iopub } = await client.execute("let photons = 1; photons = 'many'; photons.length + undefinedYet();");
  expect(reply.content).toMatchObject({ ename: "ReferenceError", evalue: "undefinedYet is not defined" });
  expect(iopub.some(({ type }) => type === "error")).toBe(true);
  const next = await client.execute("photons = { counts: [1, 2] }; photons.counts.length");
  expect(next.iopub.find(({ type }) => type === "execute_result")?.content.data["text/plain"]).toBe("2");
});

test("stops a cell that is no JavaScript, and completes from types", async () => {
  expect((await client.execute("const = 3;")).reply.content.ename).toBe("SyntaxError");
  const { reply } = await client.request("complete_request", { code: "Math.hyp", cursor_pos: 8 });
  expect(reply.content.matches).toEqual(["hypot"]);
});
