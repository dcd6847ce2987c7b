/* biome-ignore-all lint/suspicious/noTemplateCurlyInString: the strings are code that holds templates */
import { describe, expect, test } from "vitest";
import { transformCell } from "../../../kernel/language/transform.ts";
import { CellRunner } from "./cell-runner.ts";

const modules = {
  lib: { default: "the default", a: 1, b: 2, "odd name": 3, inc: (n: number) => n + 1 },
  "./data.json": { default: { rows: 4 } },
};

/** Each case: what it shows, its cells, and the result of the last one. */
const cases: [string, string[], unknown][] = [
  // Live bindings
  ["a function sees a later assignment", ["let z = 5; function g(n: number) { return n * z }", "z = 7; g(2)"], 14],
  ["a function sees a re-declaration", ["let z = 5; const g = () => z", "let z = 'new'", "g()"], "new"],
  [
    "a re-declared function is used by old callers",
    ["function f() { return 1 }\nconst g = () => f()", "function f() { return 2 }", "g()"],
    2,
  ],
  ["re-declaration with another kind", ["function f() { return 1 }", "const f = 3", "let f: string = 'x'; f"], "x"],
  ["a closure assigns to the session", ["let n = 0; const up = () => { n += 2; return n }", "up(); up(); n"], 4],
  [
    "a loop's closures keep their own variable",
    ["const fs: (() => number)[] = []; for (let i = 0; i < 3; i++) fs.push(() => i)", "fs.map((f) => f())"],
    [0, 1, 2],
  ],
  [
    "a top-level var in a loop is shared",
    ["var fs: any[] = []; for (var i = 0; i < 3; i++) fs.push(() => i)", "fs.map((f) => f())"],
    [3, 3, 3],
  ],
  ["var in a block belongs to the cell", ["if (true) { var inner = 3 }", "inner"], 3],
  ["let in a block stays there", ["let a = 1; { let a = 2; a++ } a"], 1],
  ["var declared again without a value keeps it within the cell", ["var a = 5; var a; a"], 5],
  ["var starts undefined in a new cell", ["var a = 5", "var a; a"], undefined],
  ["let without a value starts undefined", ["let a: number | undefined = 5", "let a; a"], undefined],
  // Declarations
  [
    "object patterns with defaults, renames and rest",
    ["const { a, b: { c = 4, ...more }, ['d']: e } = { a: 1, b: { x: 9 } as any, d: 2 }", "[a, c, more, e]"],
    [1, 4, { x: 9 }, 2],
  ],
  [
    "array patterns with holes, defaults and rest",
    ["let [p, , q = 8, ...r] = [1, 2, undefined, 4, 5]", "[p, q, r]"],
    [1, 8, [4, 5]],
  ],
  ["several declarators see each other", ["let a = 1, b = a + 1, { c } = { c: b + 1 }; [a, b, c]"], [1, 2, 3]],
  ["assignment patterns", ["let x = 1, y = 2", "[x, y] = [y, x]; [x, y]"], [2, 1]],
  [
    "object assignment patterns, shorthand and default",
    ["let x = 1, y = 2", "({ x, y = 9 } = { x: 5 } as any); [x, y]"],
    [5, 9],
  ],
  ["for-of over a session variable as target", ["let last = 0", "for (last of [1, 2, 3]);\nlast"], 3],
  ["for-of with var and a pattern", ["for (var [k, v] of Object.entries({ a: 1 }));\n[k, v]"], ["a", 1]],
  ["for-in with var", ["for (var key in { only: 1 });\nkey"], "only"],
  ["function declarations are hoisted", ["early(); function early() { return 'yes' }", "early()"], "yes"],
  [
    "async functions, generators, async generators",
    [
      "async function a() { return 1 } function* g() { yield 2 } async function* ag() { yield 3 }",
      "const out: number[] = [await a(), ...g()]; for await (const v of ag()) out.push(v); out",
    ],
    [1, 2, 3],
  ],
  ["recursion", ["function fact(n: number): number { return n < 2 ? 1 : n * fact(n - 1) }", "fact(5)"], 120],
  [
    "a class with private fields, statics and a self-reference",
    [
      "class C { static made = 0; #n = 2; static make() { C.made++; return new C() } get n() { return this.#n } }",
      "[C.make().n, C.made]",
    ],
    [2, 1],
  ],
  [
    "a class extends one of an earlier cell",
    ["class A { hi() { return 'A' } }", "class B extends A { hi() { return super.hi() + 'B' } }", "new B().hi()"],
    "AB",
  ],
  [
    "parameter properties",
    ["class P { constructor(readonly x: number, public y = 2) {} }", "const p = new P(1); [p.x, p.y]"],
    [1, 2],
  ],
  [
    "decorators",
    [
      "const seen: string[] = []; function mark(v: any, c: any) { seen.push(String(c.name)); return v }\n@mark class D { @mark m() { return 1 } }",
      "[seen, new D().m()]",
    ],
    [["m", "D"], 1],
  ],
  ["enums", ["enum Band { Soft = 1, Hard }", "[Band.Hard, Band[1]]"], [2, "Soft"]],
  ["a re-declared enum starts anew", ["enum E { A }", "enum E { B }", "Object.keys(E)"], ["0", "B"]],
  ["const enums", ["const enum K { A = 4 }", "K.A"], 4],
  ["namespaces", ["namespace N { export const a = 1; export namespace M { export const b = 2 } }", "N.a + N.M.b"], 3],
  ["a cell of types alone", ["interface I { a: number } type T = I | null; declare const later: T"], undefined],
  [
    "export statements",
    [
      "export const a = 1; export function f() { return a } export class C {} export { a as other }; export type T = number",
      "[f(), typeof C]",
    ],
    [1, "function"],
  ],
  ["export default shows its value", ["export default 5"], 5],
  ["a default function is a declaration", ["export default function named() { return 6 }", "named()"], 6],
  [
    "using releases at the end of the cell",
    [
      "const log: string[] = []; { }",
      "using r = { [Symbol.dispose]() { log.push('released') } }; log.push('used')",
      "log",
    ],
    ["used", "released"],
  ],
  [
    "await using",
    [
      "const log: string[] = []",
      "await using r = { async [Symbol.asyncDispose]() { log.push('x') } }",
      "[log, typeof r]",
    ],
    [["x"], "object"],
  ],
  [
    "namespace-like labels and blocks",
    ["outer: for (const a of [1, 2]) { for (const b of [1, 2]) { if (b === 2) continue outer } }\n'done'"],
    "done",
  ],
  // Names
  [
    "functions and classes keep their names",
    [
      "const f = () => 1; let g = function () {}, C = class {}; function h() {} class D {}",
      "[f, g, C, h, D].map((v: any) => v.name)",
    ],
    ["f", "g", "C", "h", "D"],
  ],
  ["assignment names a function", ["let f: any", "f = () => 1; f.name"], "f"],
  [
    "defaults in patterns name functions",
    ["const { cb = () => 1, [0]: other = class {} } = {} as any; [cb.name, other.name]"],
    ["cb", "other"],
  ],
  ["logical assignment names a function", ["let f: any", "f ??= () => 1; f.name"], "f"],
  [
    "a named function expression keeps its own name",
    ["const f = function own() { return typeof own }; [f.name, f()]"],
    ["own", "function"],
  ],
  [
    "a variable called __proto__",
    ["const __proto__ = () => 1; [__proto__.name, typeof __proto__]"],
    ["__proto__", "function"],
  ],
  // References
  ["shorthand properties", ["let a = 1, b = 2", "({ a, b, c: a })"], { a: 1, b: 2, c: 1 }],
  [
    "typeof of a declared, an undeclared and a global name",
    ["let a = 1", "[typeof a, typeof nowhere, typeof console]"],
    ["number", "undefined", "object"],
  ],
  ["update and compound assignment", ["let n = 1", "n++; ++n; n *= 2; n **= 2; n"], 36],
  [
    "tagged templates and calls do not leak the box as this",
    ["function self(this: any) { 'use strict'; return this === undefined }", "[self(), (self as any)``, self?.()]"],
    [true, true, true],
  ],
  ["optional calls of nothing", ["let f: any", "f?.()"], undefined],
  [
    "new with and without arguments",
    ["class A { x = 1 } const ns = { A }", "[new A, new A(), new ns.A()].map((v) => v.x)"],
    [1, 1, 1],
  ],
  ["parameters shadow", ["let a = 1", "((a: number, { b = a } = {} as any) => [a, b])(5)"], [5, 5]],
  ["catch bindings shadow", ["let error = 1", "try { throw 2 } catch (error) { globalThis.String(error) }\nerror"], 1],
  ["class members are not references", ["let a = 1", "new (class { a = 2; b() { return a } })().b()"], 1],
  ["property names are not references", ["let a = 1", "({ x: { a: 3 } }).x.a"], 3],
  ["computed keys are references", ["const k = 'key'", "({ [k]: 1, [`${k}2`]: 2 })"], { key: 1, key2: 2 }],
  ["default parameter values", ["let base = 10; function add(n = base) { return n + 1 }", "base = 20; add()"], 21],
  ["delete of a property", ["const o: any = { a: 1, b: 2 }", "delete o.a; o"], { b: 2 }],
  ["spread of a session value", ["const xs = [1, 2]", "[...xs, Math.max(...xs)]"], [1, 2, 2]],
  [
    "user names that look like ours",
    ["let $ = 1, $z = 2, z = 3, $import = 4, $$ = 5; [$, $z, z, $import, $$]"],
    [1, 2, 3, 4, 5],
  ],
  [
    "user names that look like the parameters",
    [
      "let result = 1, box = 2, import_ = 3, using_r = 4, _ = 5; using r = { [Symbol.dispose]() {} }",
      "[result, box, import_, using_r, _]",
    ],
    [1, 2, 3, 4, 5],
  ],
  [
    "names of globals can be taken",
    ["const console = { mine: true }; let process = 1, Object = 2", "[console, process, Object]"],
    [{ mine: true }, 1, 2],
  ],
  ["names with other letters", ["let größe = 1, π = 3", "größe + π"], 4],
  [
    "a session name in a static block and a field",
    ["let n = 0", "class S { static { n += 1 } f = n }\n[n, new S().f]"],
    [1, 1],
  ],
  ["var in a static block stays there", ["class S { static { var hidden = 1 } }\ntypeof hidden"], "undefined"],
  [
    "async arrows and top-level await",
    ["const get = async (v: number) => v + 1", "const [a, b] = await Promise.all([get(1), get(2)]); a + b"],
    5,
  ],
  ["arguments in functions", ["function count() { return arguments.length }", "(count as any)(1, 2, 3)"], 3],
  // Results
  ["a trailing semicolon shows the value", ["1 + 1;"], 2],
  ["trailing comments show the value", ["1 + 2 // three\n/* done */"], 3],
  ["an object literal in parentheses", ["({ a: 1 })"], { a: 1 }],
  ["a lone string is a value, not a directive", ["'text'"], "text"],
  ["null is a result", ["null"], null],
  ["declarations have no result", ["const a = 5"], undefined],
  ["an expression before a declaration is no result", ["5; let a = 1"], undefined],
  ["a sequence", ["1, 2"], 2],
  ["satisfies and as", ["({ a: 1 }) satisfies { a: number } as unknown"], { a: 1 }],
  ["type arguments that JavaScript would compare", ["let Set2 = Set; let number = 3", "new Set2<number>([7]).size"], 1],
  ["comparisons that are none of types", ["let a = 1, b = 2, c = 0; (a < b) > (c as any)"], true],
  ["non-null", ["let a: string | null = 'x'; a!"], "x"],
  ["a namespace is no result", ["namespace N { export const a = 1 }"], undefined],
  ["a decorated class is no result", ["const d = (v: any, _c: any) => v; @d class C {}"], undefined],
  // Imports
  [
    "default, named, renamed and quoted imports",
    ["import dft, { a, b as bb, 'odd name' as odd } from 'lib'", "[dft, a, bb, odd]"],
    ["the default", 1, 2, 3],
  ],
  ["a namespace import", ["import * as ns from 'lib'", "ns.inc(1)"], 2],
  ["default and namespace together", ["import d, * as ns from 'lib'", "[d, ns.a]"], ["the default", 1]],
  ["imports run first", ["const r = inc(1); import { inc } from 'lib'; r"], 2],
  ["dynamic imports", ["const { a } = await import('lib'); a"], 1],
  [
    "type imports vanish",
    ["import type { T } from 'nowhere'; import type D from 'nowhere'; import { type X, a } from 'lib'; a"],
    1,
  ],
  ["JSON imports", ["import data from './data.json' with { type: 'json' }; data.rows"], 4],
  [
    "a missing export is undefined, as an interface imported without `type` is",
    ["import { Missing, a } from 'lib'; [Missing, a]"],
    [undefined, 1],
  ],
  ["an imported binding can be shadowed and re-declared", ["import { a } from 'lib'", "const a = 'mine'", "a"], "mine"],
];

describe("transformCell()", () => {
  test.each(cases)("%s, with a type in each cell", async (_title, cells, expected) => {
    const runner = new CellRunner(modules);
    let result: unknown;
    for (const code of cells) result = await runner.run(`type Forced = 0; ${code}`);
    expect(result).toEqual(expected);
  });

  test.each(cases)("%s", async (_title, cells, expected) => {
    const runner = new CellRunner(modules);
    let result: unknown;
    for (const cell of cells) result = await runner.run(cell);
    expect(result).toEqual(expected);
  });

  test("passes import attributes on, and gives JSON files theirs", async () => {
    const runner = new CellRunner({ ...modules, "./side": {} });
    await runner.run("import './side'; import d from './data.json'; import e from './data.json' with { type: 'json' }");
    expect(runner.imports).toEqual([
      ["./side", undefined],
      ["./data.json", { with: { type: "json" } }],
      ["./data.json", { with: { type: "json" } }],
    ]);
  });

  test("drops imports known to be types, and the module with them", async () => {
    const options = { file: "c.js", inSession: () => false, typeImports: new Set(["A", "B", "D"]) };
    const { js, names } = await transformCell("import { A, B } from 'types'; import D, { c } from 'lib'; c", options);
    expect(js).not.toContain("types");
    expect(js).toContain("({ c: $c.v } = await ");
    expect(js).toMatch(/\$import\(["']lib["']\)/);
    expect(names).toEqual(["c"]);
  });

  test("keeps helpers of the TypeScript step out of the session", async () => {
    const runner = new CellRunner();
    await runner.run("const d = (v: any, _c: any) => v; @d class C { @d m() {} }");
    expect(runner.names()).toEqual(["C", "d"]);
  });

  test("leaves names it does not know to the global scope", async () => {
    const { js, names } = await transformCell("Math.max(nowhere)", { file: "c.js", inSession: (name) => name === "x" });
    expect(names).toEqual([]);
    expect(js).toContain("Math.max(nowhere)");
  });

  test("runs strictly", async () => {
    await expect(new CellRunner().run("undeclared = 5")).rejects.toThrow(ReferenceError);
  });

  test("a failing cell keeps what it had assigned", async () => {
    const runner = new CellRunner();
    await expect(runner.run("let a = 1; a = 2; throw new Error('stop')")).rejects.toThrow("stop");
    expect(await runner.run("a")).toBe(2);
  });

  test("throws a SyntaxError where the cell cannot be parsed", async () => {
    await expect(transformCell("let = = 1", { file: "c.js", inSession: () => false })).rejects.toThrow(SyntaxError);
  });
});

describe("original()", () => {
  const code =
    "interface A { a: number }\n\nlet z: number = 5;\nfunction fail(n: number): never {\n  throw new Error(String(n + z));\n}\nfail(1);";

  test("maps each place of the generated code to the cell's lines", async () => {
    const { js, original } = await transformCell(code, { file: "c.js", inSession: () => false });
    const lines = js.split("\n");
    const at = (text: string) => {
      const line = lines.findIndex((each) => each.includes(text));
      return original(line + 1, lines[line]!.indexOf(text) + 1);
    };
    expect(at("new Error")).toEqual({ line: 5, column: 9 });
    expect(at("(0, $fail.v)(1)")).toEqual({ line: 7, column: 1 });
    expect(original(1, 1)).toBeUndefined();
  });
});
