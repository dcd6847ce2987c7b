import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Answered, TestClient } from "./client.ts";

let client: TestClient;
const folder = realpathSync(mkdtempSync(join(tmpdir(), "photonbook-imports-")));
const file = (name: string, text: string) => {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
};
const makePackage = (name: string, code: string, types: string) => {
  file(`node_modules/${name}/package.json`, JSON.stringify({ name, version: "1.0.0", main: "index.js" }));
  file(`node_modules/${name}/index.js`, code);
  file(`node_modules/${name}/index.d.ts`, types);
};
beforeAll(async () => {
  makePackage(
    "made-as-it-runs",
    'for (const name of ["alpha", "beta"]) exports[name] = () => name;',
    "export function alpha(): string; export function beta(): string;",
  );
  makePackage(
    "was-esm",
    'Object.defineProperty(exports, "__esModule", { value: true }); exports.default = () => "hello"; exports.n = 3;',
    "export default function (): string; export const n: number;",
  );
  file("inner.ts", 'export const inner = "first";');
  file("util.ts", 'export { inner } from "./inner"; export const u: number = 1;');
  file("lib/index.ts", "export const index = 7;");
  client = await TestClient.start({ cwd: folder });
});
afterAll(() => client.close());

/** The text of a cell's result. */
async function run(code: string): Promise<string> {
  const { reply, iopub }: Answered = await client.execute(code);
  expect(reply.content).toMatchObject({ status: "ok" });
  return iopub.find(({ type }) => type === "execute_result")?.content.data["text/plain"];
}

test("import of a local module works without its ending, and of a folder, and within such a module", async () => {
  const code = 'import { inner, u } from "./util"; import { index } from "./lib"; [inner, u, index]';
  expect(await run(code)).toBe("[ 'first', 1, 7 ]");
});

test("import reads a local module again when one that it imports has changed", async () => {
  await run('import { inner as before } from "./util";');
  file("inner.ts", 'export const inner = "second edition";');
  expect(await run('import { inner as after } from "./util"; [before, after]')).toContain("'second edition'");
});

test("import finds names that a CommonJS module makes as it runs", async () => {
  expect(await run('import { alpha, beta as b } from "made-as-it-runs"; alpha() + b()')).toBe("'alphabeta'");
  expect(await run('import * as all from "made-as-it-runs"; all.beta()')).toBe("'beta'");
  expect(await run('(await import("made-as-it-runs")).alpha()')).toBe("'alpha'");
});

test("import gives the default export of a CommonJS module that was an ES module", async () => {
  expect(await run('import hello, { n } from "was-esm"; hello() + n')).toBe("'hello3'");
});

test("import.meta says where the notebook is and resolves from there", async () => {
  expect(await run("import.meta.dirname")).toBe(`'${folder}'`);
  expect(await run('new URL("data.fits", import.meta.url).href')).toBe(`'${pathToFileURL(join(folder, "data.fits"))}'`);
  const resolved = pathToFileURL(join(folder, "node_modules/was-esm/index.js"));
  expect(await run('import.meta.resolve("was-esm")')).toBe(`'${resolved}'`);
});

test("require finds packages of the notebook and of Photonbook, and says what to install else", async () => {
  expect(await run('require("made-as-it-runs").alpha()')).toBe("'alpha'");
  expect(await run('typeof require("arquero").table')).toBe("'function'");
  const { reply } = await client.execute('require("not-there")');
  expect(reply.content.evalue).toContain('run "npm install not-there"');
});

test("import of tslab's display shows as there, and newDisplay() replaces what it showed", async () => {
  const code = `import { display as shown, newDisplay } from "tslab";
    shown.png(Uint8Array.of(1, 2, 3));
    const place = newDisplay();
    place.html("<b>1</b>");
    place.html("<b>2</b>");`;
  const { iopub } = await client.execute(code);
  const data = iopub.filter(({ type }) => type.endsWith("display_data")).map(({ content }) => content);
  expect(data.map((content) => content.data)).toEqual([
    { "image/png": "AQID" },
    { "text/html": "<b>1</b>" },
    { "text/html": "<b>2</b>" },
  ]);
  expect(data[2].transient).toEqual(data[1].transient);
});

test("import of what a module has not is an error of types", async () => {
  const { reply } = await client.execute('import missing from "./util";');
  expect(reply.content).toMatchObject({ status: "error", ename: "TypeScriptError" });
});
