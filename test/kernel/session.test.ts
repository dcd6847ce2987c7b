import { mkdtempSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestClient } from "./client.ts";

let client: TestClient;
const folder = mkdtempSync(join(tmpdir(), "photonbook-notebook-"));
beforeAll(async () => {
  writeFileSync(
    join(folder, "library.ts"),
    "export const answer: number = 42;\nexport function twice(x: number) { return 2 * x; }\n",
  );
  client = await TestClient.start({
    cwd: folder,
    prelude: join(folder, "library.ts"),
    preludeTypes: join(folder, "library.ts"),
  });
});
afterAll(() => client.close());

/** The text of the last cell's result; an error of any cell is an error of the test. */
async function run(...cells: string[]): Promise<string | undefined> {
  let text: string | undefined;
  for (const code of cells) {
    const { reply, iopub } = await client.execute(code);
    if (reply.content.status !== "ok") throw new Error(reply.content.traceback.join("\n"));
    text = iopub.find(({ type }) => type === "execute_result")?.content.data["text/plain"];
  }
  return text;
}

describe("cells", () => {
  test("share live bindings", async () => {
    expect(await run("let z = 5; function g(n: number) { return n * z }", "z = 7; g(2)")).toBe("14");
  });

  test("declare again with another type", async () => {
    expect(await run("const value = 1", "const value = 'text'", "value.length")).toBe("4");
  });

  test("import ES modules that Photonbook brings, with types", async () => {
    expect(await run('import * as vl from "vega-lite"', "typeof vl.compile")).toBe("'function'");
    const wrong = await client.execute("vl.compile(3)");
    expect(wrong.reply.content.ename).toBe("TypeScriptError");
  });

  test("import from Node, by name, default and namespace", async () => {
    expect(
      await run('import { basename } from "node:path"; import path from "node:path"; basename(path.join("a", "b"))'),
    ).toBe("'b'");
  });

  test("import local TypeScript files, which are read again after a change", async () => {
    const file = join(folder, "local.ts");
    writeFileSync(file, "export const version: number = 1;");
    expect(await run('import { version } from "./local.ts"; version')).toBe("1");
    writeFileSync(file, "export const version: number = 2;");
    utimesSync(file, new Date(), new Date(Date.now() + 5000));
    expect(await run('import { version } from "./local.ts"; version')).toBe("2");
  });

  test("say how to install a package that is missing", async () => {
    const { reply } = await client.execute('// @ts-ignore\nimport "no-such-package-here";');
    expect(reply.content.evalue).toContain('"npm install no-such-package-here"');
  });

  test("have the prelude's names in scope, with types, and may reuse them", async () => {
    expect(await run("twice(answer)")).toBe("84");
    expect((await client.execute("twice('x')")).reply.content.ename).toBe("TypeScriptError");
    expect(await run("const answer = 'mine'", "answer")).toBe("'mine'");
  });

  test("keep what a failing cell declared before it failed", async () => {
    const { reply } = await client.execute("const early = 1; throw new Error('late');");
    expect(reply.content.status).toBe("error");
    expect(await run("early")).toBe("1");
  });

  test("run `name?` as a question", async () => {
    const { reply } = await client.execute("twice?");
    expect(reply.content.payload[0].data["text/plain"]).toContain("twice(x: number): number");
  });
});

describe("a kernel whose prelude cannot be loaded", () => {
  test("says so in the first cell and goes on", async () => {
    const other = await TestClient.start({ prelude: join(folder, "absent.ts") });
    const first = await other.execute("1 + 1");
    expect(first.stderr).toContain("Cannot load Photonbook's library");
    expect(first.reply.content.status).toBe("ok");
    expect((await other.execute("2")).stderr).toBe("");
    await other.close();
  });
});
