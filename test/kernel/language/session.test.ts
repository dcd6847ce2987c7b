import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type LanguageSession, type Prepared, startLanguageSession } from "../../../kernel/language/index.ts";

const PRELUDE = `
/** Loads an event list.
 * @param path Where it is. */
export async function loadEvents(path: string): Promise<{ energyKeV: number[] }> { return { energyKeV: [path.length] }; }
export interface EventsLike { energyKeV: number[] }
export class LightCurve { counts = [1]; }
export const CSC_BANDS = { soft: [0.5, 1.2] };
`;

let dir: string;
let session: LanguageSession;
let count = 0;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "photonbook-language-"));
  writeFileSync(join(dir, "prelude.ts"), PRELUDE);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Starts a session that is closed after the test, or after the tests of a `describe` with `inSharedSession`. */
async function start(notebookDir = join(dir, `notebook-${++count}`)): Promise<string> {
  mkdirSync(notebookDir, { recursive: true });
  session = await startLanguageSession({ notebookDir, prelude: join(dir, "prelude.ts") });
  return notebookDir;
}

function inSharedSession(...cells: string[]) {
  beforeAll(async () => {
    await start();
    for (const code of cells) await cell(code);
  });
  afterAll(() => session.close());
}

let id = 0;

/** Prepares a cell and, as the kernel does, commits it if it may run. */
async function cell(code: string): Promise<Prepared> {
  const prepared = await session.prepare({ id: ++id, code });
  if (prepared.ok) session.commit(id);
  return prepared;
}

/** Runs all cells and tells what the last one was told: `true`, or its errors as `line:column code`. */
async function verdict(cells: readonly string[]): Promise<true | string[]> {
  let last: Prepared | undefined;
  for (const code of cells) {
    if (last && !last.ok) throw new Error(`${code}: the cell before failed: ${JSON.stringify(last.errors)}`);
    last = await cell(code);
  }
  return last!.ok ? true : last!.errors.map((error) => `${error.line}:${error.column} ${error.code}`);
}

const accepted: [string, ...string[]][] = [
  [
    "values, functions and classes of earlier cells",
    "let z = 5; function g(n: number) { return n * z }\nclass A { a = z }",
    "z = 7; g(2).toFixed(); new A().a",
  ],
  ["re-declaration with another type", "let z = 5", "let z = 'text'", "z.length"],
  [
    "re-declaration of a constant, a function, a class, an enum",
    "const k = 1; function f() {} class C {} enum E { A }",
    "const f = 1, C = 2, E = 3; let k = 'x'",
    "f + C + E; k.length",
  ],
  [
    "a name re-declared by a function that calls its own like",
    "const f = 1",
    "function f(n: number): number { return n ? f(n - 1) : 0 }",
    "f(3)",
  ],
  [
    "types, interfaces, generics and enums",
    "interface Foo { a: number } type Bar<T> = T | 1; enum E { A, B } namespace N { export const q = 1; export type T = string }",
    "let foo: Foo = { a: E.B }, bar: Bar<string> = 'x', t: N.T = 'y'; foo.a + N.q",
  ],
  ["a class is a type, too", "class P { x = 1 }", "const p: P = new P(); p.x"],
  [
    "import bindings carry over",
    "import * as vl from 'vega-lite'; import { readFileSync } from 'node:fs'; import type { Stats } from 'node:fs'",
    "vl.compile; readFileSync; let s: Stats | null = null; s",
  ],
  [
    "types of an ESM-only package in a bare folder",
    "import * as vl from 'vega-lite'",
    "const spec: vl.TopLevelSpec = { mark: 'bar', data: { values: [] }, encoding: {} }; vl.compile(spec).spec.marks",
  ],
  [
    "an interface imported without `type`",
    "import { TopLevelSpec, compile } from 'vega-lite'",
    "let spec: TopLevelSpec | undefined; compile",
  ],
  ["a cell that uses no name of the package", "import { desc } from 'arquero'", "desc('x')"],
  [
    "let x = null, filled later",
    "let best = null; let other = undefined; let open",
    "best = 4; other = 'x'; open = [1]; best",
  ],
  [
    "an empty array, filled later",
    "let rows = []; const cols = []",
    "rows.push({ a: 1 }); cols.push('x')",
    "rows.map((row) => row.a); cols[0]",
  ],
  ["a declared union stays one", "let best: number | null = null", "best = 3", "if (best !== null) best.toFixed()"],
  [
    "implicit any in JavaScript",
    "function add(a, b) { return a + b }\nconst o = { a: 1 }; const key = 'a' + ''; o[key]; function Old() { this.x = 1 }",
    "add(1, 2).foo; [1].map((v) => v)",
  ],
  [
    "top-level await, for await, using",
    "const a = await Promise.resolve(1); for await (const v of [a]) console.log(v); using r = { [Symbol.dispose]() {} }",
    "a + 1; r",
  ],
  [
    "shadowing in inner scopes",
    "let a = 1, b = 'x'",
    "function f(a: string) { { const b = 1; b.toFixed() } return a.length }\n[1].map((b) => b.toFixed()); f(b)",
  ],
  [
    "destructuring",
    "const { a, b: [c], ...rest } = { a: 1, b: ['x'], d: true }",
    "a.toFixed(); c.length; rest.d === true",
  ],
  ["a var in a block or loop", "for (var i = 0; i < 2; i++) { var inner = 'x' }", "i.toFixed(); inner.length"],
  [
    "export statements",
    "export const a = 1; export function f() { return a } export type T = number; export { a as b }; export default 5",
    "let t: T = f(); t + a",
  ],
  [
    "globals of Node and of the browser",
    "process.version; Buffer.from('x'); document?.title; fetch; structuredClone({})",
  ],
  [
    "taking a global's name",
    "const name = 'mine', console = 1, process = 'x'",
    "name.length; console.toFixed(); process.length",
  ],
  [
    "the prelude's names and types",
    "const obs = await loadEvents('x'); const e: EventsLike = obs; new LightCurve().counts; CSC_BANDS.soft[0]!.toFixed()",
  ],
  ["shadowing the prelude", "let loadEvents = 5", "loadEvents++; loadEvents.toFixed()"],
  ["the prelude under its package name", "import { loadEvents as load } from 'photonbook'", "await load('x')"],
  ["one object literal", "{ a: 1, b: [2] }"],
  ["a block", "{ let a = 1; console.log(a) }"],
  ["nothing, comments, a stray semicolon", "", "// only a comment", ";", "/* c */ 1 // d"],
  ["%%nocheck", "%%nocheck\nlet n: number = 'text'; missing; n = {}", "n = 4"],
  ["unused expressions, labels, unreachable code", "1, 2; lab: for (;;) { break lab } function f() { return 1; f() }"],
  [
    "abstract classes, decorators, accessors, private names",
    "function d(v: unknown, _c: unknown) { return v as any } @d abstract class A { static #n = 1; accessor x = 1; abstract m(): void; get n() { return A.#n } }",
    "class B extends A { m() { this.x } } new B().n",
  ],
  [
    "overloads and generics",
    "function f(a: string): string; function f(a: number): number; function f(a: any) { return a } const id = <T,>(x: T) => x",
    "f('x').length; f(1).toFixed(); id({ a: 1 }).a",
  ],
  ["a type-only redeclaration of a global keeps the value", "type Map = 5", "const m: Map = 5; new globalThis.Map()"],
  [
    "global augmentation",
    "declare global { interface Array<T> { sum(): number } } Array.prototype.sum = function () { return 1 }",
    "[1].sum()",
    "let a = 1",
    "[2].sum()",
  ],
  [
    "a name kept by a type whose source was re-declared",
    "interface P { x: number }",
    "const p: P = { x: 1 }",
    "interface P { y: number }",
    "let u = 1",
    "p.x.toFixed()",
  ],
  ["Windows line ends and a byte order mark", "\ufefflet a = 1;\r\nlet b = 'x'\r\n", "b.length"],
];

const refused: [string, string[], ...string[]][] = [
  ["a wrong type", ["1:5 2322"], "let z: number = 'text'"],
  ["a wrong assignment from a later cell", ["2:1 2322"], "let z = 5", "// first\nz = 'text'"],
  ["assignment to an earlier constant", ["1:1 2632"], "const k = 1", "k = 2"],
  ["assignment to an earlier function", ["1:1 2632"], "function f() {}", "f = 2 as any"],
  ["assignment to a constant of the same cell", ["1:14 2588"], "const k = 1; k = 2"],
  ["assignment to the prelude", ["1:1 2632"], "loadEvents = 3 as any"],
  ["a name that is not there", ["1:1 2304"], "nowhere + 1"],
  ["a missing package", ["1:15 2307"], "import x from 'no-such-package'"],
  ["a missing export", ["1:10 2305"], "import { nope } from 'vega-lite'"],
  ["a possible null", ["1:1 18047"], "let best: number[] | null = null", "best.length"],
  ["a null again", ["1:1 18047"], "let best: number | null = 3", "best.toFixed(); best = null", "best.toFixed()"],
  ["a function of an inner block", ["1:1 2304"], "if (true) { function hidden() {} }", "hidden"],
  ["several errors at their lines", ["1:5 2322", "3:5 2322"], "let a: string = 1\nlet b = 2\nlet c: number = 'x'"],
  ["an error after %%nocheck's like in a comment", ["2:1 2304"], "// %%nocheck\nnowhere"],
  ["an error inside one object literal", ["2:6 2304"], "{ a: 1,\n  b: nowhere }"],
  ["an error on a line with other letters", ["1:19 2304"], "let π = '∮𝒜'; π; nowhere"],
];

describe("prepare() with a wrong cell", () => {
  inSharedSession();

  test.each(refused)("refuses %s", async (...[, errors, ...cells]) => {
    expect(await verdict(cells)).toEqual(errors);
  });
});

describe("prepare()", () => {
  afterEach(() => session.close());

  test.each(accepted)("accepts %s", async (...[, ...cells]) => {
    await start();
    expect(await verdict(cells)).toBe(true);
  });

  test("tells a syntax error from a type error", async () => {
    await start();
    expect(await cell("foo(")).toMatchObject({ ok: false, kind: "syntax", errors: [{ line: 1, column: 5 }] });
    expect(await cell("%%nocheck\nlet = 1 +")).toMatchObject({ ok: false, kind: "syntax", errors: [{ line: 2 }] });
    expect(await cell("let ok = 1;\n  break;")).toMatchObject({
      ok: false,
      kind: "syntax",
      errors: [{ line: 2, column: 3 }],
    });
    expect(await cell("%%nocheck\n  break;")).toMatchObject({
      ok: false,
      kind: "syntax",
      errors: [{ line: 2, column: 3 }],
    });
    expect(await cell("let a: number = ''")).toMatchObject({ ok: false, kind: "type" });
  });

  test("names what cannot be assigned to", async () => {
    await start();
    await cell("class C {} enum E { A } const k = 1");
    const messages = [];
    for (const name of ["C", "E", "k", "CSC_BANDS"]) {
      const prepared = await cell(`${name} = 0 as any`);
      messages.push(prepared.ok ? "ok" : prepared.errors[0]!.message);
    }
    expect(messages).toEqual([
      "Cannot assign to 'C' because it is a class.",
      "Cannot assign to 'E' because it is an enum.",
      "Cannot assign to 'k' because it is a constant.",
      `Cannot assign to 'CSC_BANDS': it belongs to Photonbook; declare it first, as in "let CSC_BANDS"`,
    ]);
  });

  test("keeps the declarations of cells that were discarded or refused out of scope", async () => {
    await start();
    await session.prepare({ id: ++id, code: "let gone = 1" });
    session.discard(id);
    expect(await verdict(["gone"])).toEqual(["1:1 2304"]);
    await cell("let bad: number = 'x'");
    expect(await verdict(["bad"])).toEqual(["1:1 2304"]);
  });

  test("drops a module imported for its types alone", async () => {
    await start();
    const prepared = await cell("import { TopLevelSpec } from 'vega-lite'; let s: TopLevelSpec | 0 = 0");
    expect(prepared).toMatchObject({ ok: true, names: ["s"] });
    expect(prepared.ok && prepared.js).not.toContain("vega-lite");
  });

  test("resolves local modules from the notebook's folder and reads them again after a change", async () => {
    const notebook = await start();
    mkdirSync(join(notebook, "lib"));
    writeFileSync(join(notebook, "lib", "deep.ts"), "export const deep = 1;");
    writeFileSync(
      join(notebook, "util.ts"),
      "export { deep as value } from './lib/deep.ts'; export interface U { u: 1 }",
    );
    writeFileSync(join(notebook, "..", "above.ts"), "export const above = 'x';");
    writeFileSync(join(notebook, "data.json"), '{ "rows": [1, 2] }');
    expect(
      await verdict([
        "import { value, U } from './util.ts'; import { above } from '../above.ts'; import data from './data.json'",
      ]),
    ).toBe(true);
    expect(await verdict(["value.toFixed(); above.length; data.rows[0]!.toFixed(); let u: U = { u: 1 }; u"])).toBe(
      true,
    );
    writeFileSync(join(notebook, "lib", "deep.ts"), "export const deep = 'now a string, and longer';");
    expect(await verdict(["import { value } from './util.ts'; value.toFixed()"])).toEqual(["1:42 2551"]);
  });

  test("sees a package installed while the session runs", async () => {
    const notebook = await start();
    expect(await verdict(["import { q } from 'fresh-package'"])).toEqual(["1:19 2307"]);
    const folder = join(notebook, "node_modules", "fresh-package");
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, "package.json"),
      '{ "name": "fresh-package", "exports": { ".": { "types": "./i.d.ts" } } }',
    );
    writeFileSync(join(folder, "i.d.ts"), "export const q: number;");
    expect(await verdict(["import { q } from 'fresh-package'; q.toFixed()"])).toBe(true);
  });

  test("goes its own way beside a tsconfig of the user, and writes nothing", async () => {
    const notebook = join(dir, "with-config");
    mkdirSync(notebook);
    const config = { compilerOptions: { strict: false, types: [], lib: ["es5"] }, files: [] };
    writeFileSync(join(notebook, "tsconfig.json"), JSON.stringify(config));
    await start(notebook);
    expect(await verdict(["let s: string = null"])).toEqual(["1:5 2322"]);
    expect(await verdict(["[1].at(-1); process.version"])).toBe(true);
    expect(readdirSync(notebook)).toEqual(["tsconfig.json"]);
  });

  test("goes on after its server has been killed", async () => {
    await start();
    await cell("let kept: string = 'x'");
    for (const pid of serverProcesses()) process.kill(pid, "SIGKILL");
    expect(await verdict(["kept = 5"])).toEqual(["1:1 2322"]);
    expect(await verdict(["kept.length"])).toBe(true);
  });

  test("works through 60 cells, a large session staying quick", async () => {
    await start();
    const times: number[] = [];
    for (let n = 0; n < 60; n++) {
      const before = performance.now();
      const prepared = await cell(
        `let v${n} = ${n === 0 ? "1" : `v${n - 1} + 1`}; const f${n} = () => v${n}; let shared = ${n}`,
      );
      times.push(performance.now() - before);
      expect(prepared.ok).toBe(true);
    }
    expect(times.sort((a, b) => a - b)[30]).toBeLessThan(500);
  });
});

describe("originalPosition()", () => {
  inSharedSession();

  test("finds the cell's line and column, also below %%nocheck and in an object literal", async () => {
    const places = [];
    for (const code of [
      "type A = 1\n\nlet q = 1;\nthrow new Error('x')",
      "%%nocheck\nlet a: B = 1;\nthrow new Error('x')",
      "{\n  a: 1,\n  b: new Error('x') }",
    ]) {
      const prepared = await cell(code);
      if (!prepared.ok) throw new Error(JSON.stringify(prepared.errors));
      const lines = prepared.js.split("\n");
      const line = lines.findIndex((each) => each.includes("new Error"));
      const column = lines[line]!.indexOf("new Error") + 1;
      const { line: l, column: c, cell: n } = session.originalPosition(`/x/${prepared.file}`, line + 1, column)!;
      places.push([n === id, l, c]);
    }
    expect(places).toEqual([
      [true, 4, 7],
      [true, 3, 7],
      [true, 3, 6],
    ]);
    expect(session.originalPosition("other.js", 1, 1)).toBeUndefined();
  });
});

/** Language servers that this process has started. */
function serverProcesses(): number[] {
  const rows = execFileSync("ps", ["--ppid", String(process.pid), "-o", "pid=,args="], { encoding: "utf8" }).split(
    "\n",
  );
  return rows.filter((row) => row.includes("--lsp")).map((row) => Number.parseInt(row, 10));
}

/** Text with the cursor at `|`. */
function atCursor(text: string): [string, number] {
  return [text.replace("|", ""), text.indexOf("|")];
}

describe("complete()", () => {
  const earlier =
    "const point = { xPos: 1, yPos: 'a' }; let größe = [1]; import * as vl from 'vega-lite'; function pointAt() {}";

  inSharedSession(earlier);

  test.each([
    ["members", "point.|", ["xPos", "yPos"], 6],
    ["members by prefix", "point.x|", ["xPos"], 6],
    ["session names", "poin|", ["point", "pointAt"], 0],
    ["names after others on the line", "Math.max(poi|)", ["point", "pointAt"], 9],
    ["names of the cell itself", "let pointer = 1; pointe|", ["pointer"], 17],
    ["members of the cell's own values", "const o = { alpha: 1 };\no.|", ["alpha"], 26],
    ["names with other letters", "grö|", ["größe"], 0],
    ["the prelude", "loadE|", ["loadEvents"], 0],
    ["without regard to case when nothing else fits", "loade|", ["loadEvents"], 0],
    ["within an import's braces", "import { TopLevelSp| } from 'vega-lite'", ["TopLevelSpec"], 9],
    ["package members", "vl.compi|", ["compile"], 3],
    ["in a half-written call", "console.log(point.y|", ["yPos"], 18],
    ["in the middle of a line", "point.x| + 1", ["xPos"], 6],
    ["literal types", "let s: 'apple' | 'pear' = 'app|'", ["apple"], 27],
  ])("completes %s", async (_title, text, matches, cursorStart) => {
    const code = text.includes("| 'pear'") ? text.replace("app|", "app") : text;
    const cursor = text.includes("| 'pear'") ? text.lastIndexOf("|") : text.indexOf("|");
    const source = text.includes("| 'pear'") ? code : text.replace("|", "");
    const result = await session.complete(source, cursor);
    expect({ matches: result.matches, cursorStart: result.cursorStart }).toEqual({ matches, cursorStart });
    expect(result.cursorEnd).toBe(cursor);
  });

  test.each([
    ["the keys of an object with a known type, and nothing else", "let p: typeof point = { |", ["xPos", "yPos"], 24],
    ["the keys that are left", "let p: typeof point = { xPos: 1, |", ["yPos"], 33],
    ["any name where an object's type is not known", "let p = { poin|", ["point", "pointAt"], 10],
    ["magics of a line", "point\n%ti|", ["time", "timeit"], 7],
    ["magics of a cell", "%%no|", ["nocheck"], 2],
    ["the code behind a magic", "%time poin|", ["point", "pointAt"], 6],
    ["no value that only browsers have", "docum|", [], 0],
    ["a value of the cell with such a name", "let document = 1; docum|", ["document"], 18],
    ["browsers' types", "let x: HTMLElementTagN|", ["HTMLElementTagNameMap"], 7],
  ])("completes %s", async (_title, text, matches, cursorStart) => {
    const result = await session.complete(...atCursor(text));
    expect({ matches: result.matches, cursorStart: result.cursorStart }).toEqual({ matches, cursorStart });
  });

  test("completes files where the types know nothing of a string", async () => {
    const folder = mkdtempSync(join(tmpdir(), "photonbook-paths-"));
    mkdirSync(join(folder, "events"));
    for (const name of ["evt2.fits", ".hidden"]) writeFileSync(join(folder, name), "");
    const completed = async (typed: string) => (await session.complete(...atCursor(`f("${typed}|")`))).matches;
    expect(await completed(`${folder}/`)).toEqual(["events/", "evt2.fits"]);
    expect(await completed(`${folder}/.h`)).toEqual([".hidden"]);
    expect(await completed(`${folder}/nowhere/`)).toEqual([]);
    const { cursorStart } = await session.complete(...atCursor(`f("${folder}/ev|")`));
    expect(cursorStart).toBe(`f("${folder}/`.length);
    rmSync(folder, { recursive: true });
  });

  test("completes module paths", async () => {
    writeFileSync(join(dir, `notebook-${count}`, "helpers.ts"), "export const h = 1;");
    const result = await session.complete(...atCursor("import { h } from './hel|'"));
    expect(result.matches.some((match) => match.startsWith("helpers"))).toBe(true);
    expect(result.cursorStart).toBe(21);
  });

  test("says what each match is", async () => {
    const { types } = await session.complete(...atCursor("poin|"));
    expect(types).toEqual([
      { start: 0, end: 4, text: "point", type: "const" },
      { start: 0, end: 4, text: "pointAt", type: "function" },
    ]);
  });

  test("answers several questions at once", async () => {
    const asked = ["point.x|", "vl.compi|", "größe.leng|"].map((text) => session.complete(...atCursor(text)));
    expect((await Promise.all(asked)).map(({ matches }) => matches)).toEqual([["xPos"], ["compile"], ["length"]]);
  });
});

describe("inspect()", () => {
  inSharedSession("let count = 1; function pair(a: number, b: string) {}");

  test.each([
    ["a name under the cursor", "lo|adEvents('x')", "function loadEvents(path: string)"],
    ["its documentation", "loadEvents|", "Loads an event list."],
    ["the function of a half-written call", "loadEvents(|", "function loadEvents(path: string)"],
    ["the function around a later argument", "pair(1, |", "function pair(a: number, b: string): void"],
    ["a session variable", "count|", "let count: number"],
    ["a member", "({ x: 1 }).x|", "x: number"],
    ["a type", "let c: LightCurv|e", "class LightCurve"],
  ])("describes %s", async (_title, text, expected) => {
    const result = await session.inspect(...(atCursor(text) as [string, number]));
    expect(result.found).toBe(true);
    expect(result.markdown).toContain(expected);
    expect(result.plain).not.toContain("```");
  });

  test("finds nothing where there is nothing", async () => {
    expect(await session.inspect("  + 1", 0)).toEqual({ found: false });
  });
});
